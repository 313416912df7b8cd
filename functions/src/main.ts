import { app } from "@azure/functions";
import { createHandler } from "./handler";
import { production } from "./production";
import { boundYoungGeneration } from "./young-generation";

const handler = createHandler(production());

/** POST /api/fivetran, with the function's own key. */
app.http("fivetran", {
  methods: ["POST"],
  authLevel: "function",
  route: "fivetran",
  handler: async (request, context) => {
    const response = await handler(request, context);
    boundYoungGeneration();
    return response;
  },
});

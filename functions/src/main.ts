import { app } from "@azure/functions";
import { BufferResponse } from "./buffer-response";
import { createHandler } from "./handler";
import { production } from "./production";
import { boundYoungGeneration } from "./young-generation";

const handler = createHandler(production());

/** /api/fivetran, with the function's own key. A GET has no body and gets an error (docs/sources.md, "Fivetran"). */
app.http("fivetran", {
  methods: ["GET", "POST"],
  authLevel: "function",
  route: "fivetran",
  handler: async (request, context) => {
    const response = await handler(request, context);
    boundYoungGeneration();
    return new BufferResponse(response);
  },
});

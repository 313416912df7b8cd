import { app } from "@azure/functions";
import { createHandler } from "./handler";
import { production } from "./production";

/** POST /api/fivetran; the key is the function's own. */
app.http("fivetran", {
  methods: ["POST"],
  authLevel: "function",
  route: "fivetran",
  handler: createHandler(production()),
});

import { app } from "@azure/functions";

/** `GET /api/greet?who=…`: a greeting with the vault's secret word, which Azure puts into the app's settings. */
app.http("greet", {
  methods: ["GET"],
  authLevel: "anonymous",
  handler: async (request) => ({
    jsonBody: { text: `Hello ${request.query.get("who")}, ${process.env.WORD}!` },
  }),
});

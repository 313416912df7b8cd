import * as z from "zod";
import { guid, text, trueOrFalse } from "./schema-parts";

/** The options of the runbook. Its secret is part of the object: Pulumi encrypts a single value of one, too. */
export const runbookSchema = z
  .strictObject({
    waitForEnd: trueOrFalse
      .default(false)
      .describe(
        "Whether a job waits until the run that it started has ended, and fails unless the run succeeded. Azure Automation runs 50 jobs at once, 10 on pay-as-you-go and 5 in a trial; an event beyond that is lost.",
      ),
    credential: z
      .strictObject({
        clientId: guid.describe("The application's client id."),
        objectId: guid.describe(
          "The object id of its service principal (enterprise application), which gets the right to start the pipeline.",
        ),
        clientSecret: text(/^\S+$/, "the service principal's secret, set with --secret and --path").describe(
          "The service principal's secret.",
        ),
      })
      .optional()
      .describe(
        "The service principal that starts the pipeline, as a credential asset of the Automation account; by default the account's own managed identity does.",
      ),
  })
  .prefault({})
  .describe("Options of the runbook that an event starts.");

/** The service principal that starts the pipeline. */
export type RunbookCredential = NonNullable<z.output<typeof runbookSchema>["credential"]>;

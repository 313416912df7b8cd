import * as z from "zod";
import { regions, sovereignCloudOf } from "../packages/azure-resource-types";
import { datasetSchema } from "./dataset-schema";
import { existingSchema } from "./existing/schema";
import { functionSchema } from "./function-schema";
import { moveSchema } from "./moves/schema";
import { namesSchema } from "./names-schema";
import { networkSchema } from "./network/schema";
import { reconcileSchema } from "./reconcile";
import { rotationSchema } from "./rotation";
import { runbookSchema } from "./runbook-schema";
import { dateText } from "./schema-date";
import { guid, text, trueOrFalse, wholeNumber } from "./schema-parts";
import { sqlSchema } from "./sql-schema";
import { studioSchema } from "./studio-repository";

const SQL_ADMIN =
  "the Entra group that everybody who deploys is in, as {login: <its name>, objectId: <its object id>}";

/** Plain HTTP is for an emulator on the same machine only. */
const address = text(
  /^(https:\/\/[^\s/?#]+|http:\/\/(127\.0\.0\.1|localhost)(:\d+)?)(\/[^\s?#]*)?$/,
  "an https address without a query",
);

/** The region of all resources: the setting `azure-native:location`. */
export const locationSchema = text(/^[a-z0-9]+$/, "a region such as westeurope")
  .superRefine((location, context) => {
    if (regions.has(location)) return;
    const cloud = sovereignCloudOf(location);
    const message =
      cloud === undefined
        ? "a region of Azure, such as westeurope; `az account list-locations` lists them"
        : `a region of public Azure, such as westeurope; this one is in ${cloud}, which the program does not support`;
    context.addIssue({ code: "custom", message });
  })
  .describe("The Azure region that everything of the tenant is deployed to.");

/** A field's description is shown to people: in editors, and when `npm run tenant -- new` asks for it. */
export const tenantSchema = z.strictObject({
  organisationId: text(
    /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
    "the organisation's id in Quantemplate: letters, digits, dots, hyphens and underscores, a letter or digit first",
  ).describe("The Quantemplate organisation whose datasets are loaded."),
  clientId: text(/^\S+$/, "the id of a Quantemplate API client, without a blank").describe(
    "The id of the Quantemplate API client that fetches the datasets.",
  ),
  tokenUrl: address
    .default("https://accounts.prod.quantemplate.com/auth/realms/qt/protocol/openid-connect/token")
    .describe("Where the API client gets its access token."),
  apiUrl: address
    .default("https://api.prod.quantemplate.com/")
    // Data Factory joins base and relative address without adding a slash.
    .transform((url) => (url.endsWith("/") ? url : `${url}/`))
    .describe("Base address of Quantemplate's API."),
  datasets: z
    .array(datasetSchema, { error: "a list of datasets" })
    .min(1, { error: "at least one dataset" })
    .describe("The datasets that become tables."),
  unknownDatasets: z
    .enum(["ignore", "land"], { error: "ignore or land" })
    .default("ignore")
    .describe(
      "What happens to an event for a dataset that is not configured; land: load it into a table without a key, named after the id.",
    ),
  retention: z
    .strictObject({
      deletedRowsDays: wholeNumber(1, 3650, "a number of days from 1 to 3650")
        .default(90)
        .describe(
          "Days until a deleted row's key is removed too. A reader that was away for longer reads the dataset from its start.",
        ),
      retiredTablesDays: wholeNumber(1, 3650, "a number of days from 1 to 3650")
        .optional()
        .describe(
          "Days until the table of a dataset that is no longer configured is dropped; by default, never.",
        ),
    })
    .optional()
    .describe("How long deleted rows and retired tables are kept."),
  sqlAdmin: z
    .strictObject(
      {
        login: text(/\S/, "the display name of the administrator"),
        objectId: guid,
        principalType: z
          .enum(["User", "Group", "Application"], { error: "User, Group or Application" })
          .default("Group"),
      },
      { error: SQL_ADMIN },
    )
    .describe(
      "Microsoft Entra administrator of the SQL server: a group of everybody who deploys, since the deployment signs in as it. The emulator has its own.",
    ),
  sql: sqlSchema,
  function: functionSchema,
  runbook: runbookSchema,
  reconcile: reconcileSchema,
  studio: studioSchema.optional(),
  rotation: rotationSchema,
  webhookExpiry: dateText
    .optional()
    .describe("When the webhook's address expires; another date creates another address."),
  network: networkSchema,
  alertEmail: z
    .email({ error: "a mail address" })
    .optional()
    .describe("Who gets mail about failed loads and about the budget."),
  budget: z
    .strictObject({
      monthlyAmount: z.number({ error: "an amount above 0" }).positive({ error: "an amount above 0" }),
      startDate: text(/^\d{4}-\d{2}-01$/, "the first day of a month, such as 2027-01-01"),
    })
    .optional()
    .describe(
      "A monthly amount in the subscription's currency; alertEmail gets a mail at 80 % and at 100 % of it.",
    ),
  existing: existingSchema,
  move: moveSchema,
  names: namesSchema,
  tags: z
    .record(z.string(), z.string({ error: "text" }), { error: "an object of texts" })
    .default({})
    .describe("Tags of every resource; the tag ring orders the tenants of a fleet."),
  policyTags: z
    .array(z.string({ error: "text" }), { error: "a list of names of tags" })
    .default([])
    .describe(
      "Names of the tags that a policy sets: the deployment leaves them alone, and drift does not count them.",
    ),
  emulatorOnly: trueOrFalse
    .default(false)
    .describe("Only the emulator has this tenant: no command of a fleet takes it to Azure."),
  retired: trueOrFalse
    .default(false)
    .describe(
      "The next deployment takes the tenant down: it deletes everything, protected or not, and the stack. Remove the file afterwards.",
    ),
  deploymentSalt: z
    .string({ error: "text" })
    .default("")
    .describe("Another text creates another set of globally unique names."),
  protect: trueOrFalse
    .default(true)
    .describe("Pulumi refuses to delete or replace the database and the vault until this is false."),
});

/** The settings of a tenant's stack file, parsed, without the secrets. */
export type TenantSettings = z.output<typeof tenantSchema>;

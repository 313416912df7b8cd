import type { PutRequest } from "../../../control-plane/local-service";
import type { ArmResource, ResourceStore } from "../../../control-plane/resource";
import { armRules, refusal } from "../../../control-plane/rules/azure-rule";

const SPEC =
  "https://github.com/Azure/azure-rest-api-specs/blob/main/specification/sql/resource-manager/Microsoft.Sql/stable/2023-08-01/Databases.json (Databases_CreateOrUpdate, error responses)";
const test = (title: string) => ["services/sql/resources/create-mode.test.ts", title] as const;

export const createModeRules = armRules("Azure SQL: new databases", {
  source: {
    what: "A database that is made from another one needs a source that exists.",
    source: SPEC,
    answer: { status: 400, code: "SourceDatabaseNotFound" },
    test: test("needs a source that exists"),
  },
  type: {
    what: "The source of a copy is a database.",
    source: SPEC,
    answer: { status: 400, code: "SourceDatabaseNotFound" },
    test: test("needs a source that is a database"),
  },
  mode: {
    what: "The emulator makes empty databases and, on PostgreSQL, copies: another create mode is refused, not half done.",
    source: SPEC,
    answer: { status: 400, code: "InvalidDatabaseCreateMode" },
    test: test("is refused if it is neither the default nor a copy"),
  },
});

/**
 * The database of which a new one is made as a copy; undefined if it is made empty. A later PUT of a database does not look at its mode.
 * Source: https://learn.microsoft.com/azure/azure-sql/database/database-copy
 * @param canCopy Whether the engine copies databases. @throws ArmError 400
 */
export function sourceOfCopy(
  resources: Pick<ResourceStore, "get">,
  { name, body, existing }: Pick<PutRequest, "name" | "body" | "existing">,
  canCopy: boolean,
): ArmResource | undefined {
  const { createMode = "Default", sourceDatabaseId } = body.properties ?? {};
  if (existing !== undefined || /^default$/i.test(String(createMode))) return undefined;
  const { rules } = createModeRules;
  const source = resources.get(String(sourceDatabaseId));
  const named = `The source database '${String(sourceDatabaseId ?? "")}' of 'properties.sourceDatabaseId'`;
  if (source === undefined) throw refusal(rules.source, `${named} does not exist.`);
  if (source.type !== "Microsoft.Sql/servers/databases")
    throw refusal(rules.type, `${named} is no database.`);
  if (canCopy && /^copy$/i.test(String(createMode))) return source;
  throw refusal(
    rules.mode,
    `The emulator makes empty databases and copies only: 'properties.createMode' of '${name}' is '${String(createMode)}'.`,
  );
}

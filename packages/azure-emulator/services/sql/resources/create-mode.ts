import type { PutRequest } from "../../../control-plane/local-service";
import type { ResourceStore } from "../../../control-plane/resource";
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
  mode: {
    what: "The emulator makes empty databases: a create mode other than `Default` is refused, not half done.",
    source: SPEC,
    answer: { status: 400, code: "InvalidDatabaseCreateMode" },
    test: test("is refused if it is not the default"),
  },
});

/** @throws ArmError 400 for a new database that is no empty one. */
export function requireEmptyDatabase(
  resources: Pick<ResourceStore, "get">,
  { name, body, existing }: Pick<PutRequest, "name" | "body" | "existing">,
): void {
  const { createMode = "Default", sourceDatabaseId } = body.properties ?? {};
  if (existing !== undefined || /^default$/i.test(String(createMode))) return;
  const { rules } = createModeRules;
  if (resources.get(String(sourceDatabaseId)) === undefined) {
    throw refusal(
      rules.source,
      `The source database '${String(sourceDatabaseId ?? "")}' of 'properties.sourceDatabaseId' does not exist.`,
    );
  }
  throw refusal(
    rules.mode,
    `The emulator makes empty databases only: 'properties.createMode' of '${name}' is '${String(createMode)}'.`,
  );
}

import published from "./api-versions.json";
import type { ResourceTypeDescriptor } from "./descriptor";

/**
 * The API versions of each type, newest first, as azure-native's SDK and the published types list them
 * (https://learn.microsoft.com/azure/templates/ shows the same).
 */
const versions: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(published).map(([type, list]) => [type.toLowerCase(), list.split(" ")]),
);

/** A described type's API versions, newest first. */
export function apiVersionsOf({
  type,
  apiVersion,
}: Pick<ResourceTypeDescriptor, "type" | "apiVersion">): readonly string[] {
  return versions.get(type.toLowerCase()) ?? [apiVersion];
}

/**
 * The first day from which a type's bodies have the form of its file in `shapes/`. Later versions add to it and take away little; bodies
 * of earlier ones have other members for the same things: `source`, `schedule` and `action` of a query rule, `accountType` of a
 * storage account, `edition` and `requestedServiceObjectiveName` of a database. Source: Azure/azure-rest-api-specs,
 * Microsoft.Insights/stable/2018-04-16/scheduledQueryRule_API.json, Microsoft.Storage/stable/2015-06-15/storage.json,
 * Microsoft.Sql/stable/2014-04-01/databases.json.
 */
const formSince: ReadonlyMap<string, string> = new Map([
  ["microsoft.insights/scheduledqueryrules", "2020-05-01"],
  ["microsoft.storage/storageaccounts", "2016-01-01"],
  ["microsoft.sql/servers/databases", "2017-03-01"],
]);

/** The first day of the form that the type's shape describes, if the version has an earlier one. */
export function otherFormUntil(type: string, version: string): string | undefined {
  const since = formSince.get(type.toLowerCase());
  return since !== undefined && version < since ? since : undefined;
}

/** The newest of all that are listed, as a day: about when the list was made. */
export const newestApiVersion: string = [...versions.values()]
  .flatMap((list) => list.map((version) => version.slice(0, "2026-01-01".length)))
  .reduce((newest, version) => (version > newest ? version : newest));

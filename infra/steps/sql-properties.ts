import { type AzureSession, orAbsent } from "./azure-session";

/** The version of Microsoft.Sql's REST API that the steps speak. */
export const SQL_API_VERSION = "2023-08-01";

export type Properties = Readonly<Record<string, unknown>>;

/** The properties of a server's child. @returns undefined if Azure has no such resource. */
export async function liveProperties(azure: AzureSession, id: string): Promise<Properties | undefined> {
  const call = azure.arm<{ properties?: Properties }>("GET", id, { apiVersion: SQL_API_VERSION });
  const found = await orAbsent(call);
  return found && (found.properties ?? {});
}

export async function putProperties(azure: AzureSession, id: string, properties: Properties): Promise<void> {
  await azure.arm("PUT", id, { apiVersion: SQL_API_VERSION, json: { properties } });
}

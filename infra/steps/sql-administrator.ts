import type { AzureSession } from "./azure-session";
import { liveProperties, type Properties, putProperties } from "./sql-properties";
import type { StepDefinition } from "./step-definition";

export interface SqlAdministratorInputs {
  readonly serverId: string;
  readonly login: string;
  readonly objectId: string;
  readonly tenantId: string;
}

/**
 * Keeps the Entra administrator of a server that exists, and that nobody else's logins sign in. The server's own block counts for its
 * creation only, and azure-native cannot declare the two resources: Azure makes them with the server, and its create refuses what is
 * there (docs/sources.md, "Azure SQL"). Nothing to remove: both go with the server.
 */
export const sqlAdministrator: StepDefinition<SqlAdministratorInputs, { readonly objectId: string }> = {
  replaceOn: ["serverId"],
  async ensure({ serverId, login, objectId, tenantId }, azure) {
    const administrator = `${serverId}/administrators/ActiveDirectory`;
    await ensureProperties(
      azure,
      administrator,
      { login, sid: objectId, tenantId },
      {
        administratorType: "ActiveDirectory",
      },
    );
    // After the administrator: Azure switches it only where there is one.
    await ensureProperties(azure, `${serverId}/azureADOnlyAuthentications/Default`, {
      azureADOnlyAuthentication: true,
    });
    return { result: { objectId } };
  },
  async read(inputs, azure) {
    const live = await liveProperties(azure, `${inputs.serverId}/administrators/ActiveDirectory`);
    if (live === undefined) return undefined;
    const only = await liveProperties(azure, `${inputs.serverId}/azureADOnlyAuthentications/Default`);
    if (!same(live.sid, inputs.objectId)) return { ...inputs, objectId: String(live.sid) };
    return only?.azureADOnlyAuthentication === true
      ? inputs
      : { ...inputs, login: "and logins with passwords" };
  },
};

/** Puts the properties if one of them differs: each PUT makes Azure work for a minute. */
async function ensureProperties(
  azure: AzureSession,
  id: string,
  wanted: Properties,
  always: Properties = {},
): Promise<void> {
  const live = await liveProperties(azure, id);
  const isSame = Object.entries(wanted).every(([name, value]) => same(live?.[name], value));
  if (isSame) return;
  await putProperties(azure, id, { ...always, ...wanted });
}

/** GUIDs come back in any case. */
function same(live: unknown, wanted: unknown): boolean {
  const text = (value: unknown) => (typeof value === "string" ? value.toLowerCase() : value);
  return text(live) === text(wanted);
}

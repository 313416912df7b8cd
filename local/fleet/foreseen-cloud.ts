import type { ControlPlane } from "../../packages/azure-emulator/control-plane/local-service";
import { guidOf } from "../../packages/azure-emulator/control-plane/principal-directory";
import type { ArmIdentity, ArmResource } from "../../packages/azure-emulator/control-plane/resource";
import { parseResourceId } from "../../packages/azure-emulator/control-plane/resource-id";

/**
 * A control plane that keeps what it is given and fills in what Azure would, at once and the same every time: a program can be
 * deployed onto it, nothing runs behind it. A program that reads an output nobody fills in here sees `undefined`, in both of
 * two programs that are compared.
 */
export function createForeseenCloud(): ControlPlane {
  const resources = new Map<string, ArmResource>();
  return {
    async put(id, body) {
      const { name = "", type = "" } = parseResourceId(id) ?? {};
      const { identity, ...rest } = body;
      const resource: ArmResource = {
        ...rest,
        id,
        name,
        type,
        ...(identity && { identity: identityOf(id, identity) }),
        properties: { ...body.properties, ...answers[type.toLowerCase()]?.(name, id) },
      };
      resources.set(id.toLowerCase(), resource);
      return resource;
    },
    get: async (id) => resources.get(id.toLowerCase()),
    list: async () => [...resources.values()],
    async delete(id) {
      resources.delete(id.toLowerCase());
    },
  };
}

/** What Azure adds to the properties of a type, as far as a program reads it. */
const answers: Readonly<Record<string, (name: string, id: string) => Record<string, unknown>>> = {
  "microsoft.managedidentity/userassignedidentities": (_, id) => principalOf(id),
  "microsoft.storage/storageaccounts": (name) => ({
    primaryEndpoints: { blob: `https://${name}.blob.core.windows.net/` },
  }),
  "microsoft.keyvault/vaults": (name) => ({ vaultUri: `https://${name}.vault.azure.net/` }),
  "microsoft.keyvault/vaults/secrets": (name, id) => {
    const vault = id.split("/").at(-3) ?? "";
    const secretUri = `https://${vault}.vault.azure.net/secrets/${name}`;
    return { secretUri, secretUriWithVersion: `${secretUri}/1` };
  },
  "microsoft.sql/servers": (name) => ({ fullyQualifiedDomainName: `${name}.database.windows.net` }),
  "microsoft.operationalinsights/workspaces": (_, id) => ({ customerId: guidOf(id) }),
  "microsoft.insights/components": (name, id) => ({
    AppId: guidOf(id),
    ApplicationId: name,
    InstrumentationKey: guidOf(id),
    ConnectionString: `InstrumentationKey=${guidOf(id)}`,
  }),
  "microsoft.web/sites": (name) => ({
    defaultHostName: `${name}.azurewebsites.net`,
    hostNameSslStates: [
      { name: `${name}.azurewebsites.net`, hostType: "Standard" },
      { name: `${name}.scm.azurewebsites.net`, hostType: "Repository" },
    ],
  }),
};

function principalOf(id: string): { readonly principalId: string; readonly clientId: string } {
  return { principalId: guidOf(`principal ${id}`), clientId: clientIdOf(id) };
}

/** Client id of a resource's own identity. */
export function clientIdOf(resourceId: string): string {
  return guidOf(`client ${resourceId}`);
}

function identityOf(id: string, identity: ArmIdentity): ArmIdentity {
  const users = identity.userAssignedIdentities;
  const ids = Array.isArray(users) ? users.map(String) : Object.keys(users ?? {});
  return {
    type: identity.type,
    ...(/SystemAssigned/i.test(identity.type) && {
      principalId: guidOf(`principal ${id}`),
      tenantId: guidOf("tenant"),
    }),
    ...(ids.length > 0 && {
      userAssignedIdentities: Object.fromEntries(ids.map((user) => [user, principalOf(user)])),
    }),
  };
}

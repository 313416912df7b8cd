import { orNothing } from "../door";
import { groupNameOf, vaultIdOf } from "../plan";
import {
  assign,
  assignCommand,
  builtIn,
  missingAssignments,
  type WantedAssignment,
} from "../role-assignments";
import { patiently, type Setup, type SetupStep } from "../step";

const API = "2024-11-01";
const KEYS_API = "?api-version=7.4";

interface Vault {
  readonly properties: {
    readonly vaultUri: string;
    readonly enablePurgeProtection?: boolean;
    readonly enableRbacAuthorization?: boolean;
  };
}
interface Key {
  readonly key: { readonly kid: string };
}

/** Who sets up makes the key, and later its versions. */
async function ownRole({ plan, door }: Setup): Promise<WantedAssignment> {
  const { objectId, isApplication } = await door.me();
  return {
    text: "Key Vault Crypto Officer for you, at the vault",
    scope: vaultIdOf(plan),
    role: builtIn.cryptoOfficer,
    roleName: "Key Vault Crypto Officer",
    principalId: objectId,
    principalType: isApplication ? "ServicePrincipal" : "User",
  };
}

async function look(setup: Setup): Promise<string[]> {
  const { plan, door, found } = setup;
  const vault = await orNothing(door.arm<Vault>("GET", vaultIdOf(plan), API));
  if (vault === undefined) return [`vault ${plan.vault}`, `key ${plan.key}`];
  const { vaultUri, enablePurgeProtection, enableRbacAuthorization } = vault.properties;
  found.vaultUri = vaultUri;
  const settings = [
    ...(enablePurgeProtection ? [] : ["purge protection"]),
    ...(enableRbacAuthorization ? [] : ["access by roles"]),
  ];
  const role = await missingAssignments(setup, [await ownRole(setup)]);
  if (role.length > 0) return [...settings, ...role.map(({ text }) => text), `key ${plan.key}`];
  const key = await patiently(door, [401, 403], () =>
    orNothing(door.vault<Key>("GET", `${vaultUri}keys/${plan.key}${KEYS_API}`)),
  );
  found.keyId = key?.key.kid;
  return [...settings, ...(key === undefined ? [`key ${plan.key}`] : [])];
}

/**
 * Pulumi's address of a key with its version: Pulumi decrypts with the version that the address names, or, without one, with the newest,
 * which cannot decrypt what an older one encrypted (github.com/pulumi/pulumi/issues/22338 and 13201).
 * @param kid `https://<vault>/keys/<key>/<version>`
 */
export function secretsProviderOf(kid: string): string {
  return kid.replace(/^https:/, "azurekeyvault:");
}

/** Sources: learn.microsoft.com/azure/key-vault/general/soft-delete-overview; …/rest/api/keyvault/keys/create-key. */
export const encryptionKey: SetupStep = {
  title: "Key",
  what: "A key vault with purge protection, for ever, and an RSA key that encrypts the stacks' secrets. Its version is part of the address; it must not rotate by itself.",
  right: "Contributor and, for the role that makes the key, Microsoft.Authorization/roleAssignments/write",
  cost: "cents a month: some thousand operations of a software-protected key",
  command: ({ plan }) => [
    `az keyvault create --name ${plan.vault} --resource-group ${groupNameOf(plan)} --location ${plan.location} --enable-rbac-authorization true --enable-purge-protection true --retention-days 90`,
    assignCommand({
      text: "",
      scope: vaultIdOf(plan),
      role: builtIn.cryptoOfficer,
      roleName: "Key Vault Crypto Officer",
      principalId: "<your object id>",
      principalType: "User",
    }),
    `az keyvault key create --vault-name ${plan.vault} --name ${plan.key} --kty RSA --size 3072 --ops encrypt decrypt --query key.kid`,
  ],
  look,
  async make(setup) {
    const { plan, door } = setup;
    const missing = await look(setup);
    if (missing.some((what) => !what.startsWith("key ") && !what.startsWith("Key Vault Crypto Officer")))
      await door.arm("PUT", vaultIdOf(plan), API, {
        location: plan.location,
        properties: {
          tenantId: plan.tenantId,
          sku: { family: "A", name: "standard" },
          enableRbacAuthorization: true,
          enableSoftDelete: true,
          softDeleteRetentionInDays: 90,
          enablePurgeProtection: true,
        },
      });
    const own = await ownRole(setup);
    for (const wanted of await missingAssignments(setup, [own])) await assign(setup, wanted);
    if ((await look(setup)).length === 0) return;
    const body = { kty: "RSA", key_size: 3072, key_ops: ["encrypt", "decrypt"] };
    await patiently(door, [401, 403], () =>
      door.vault("POST", `${setup.found.vaultUri}keys/${plan.key}/create${KEYS_API}`, body),
    );
  },
};

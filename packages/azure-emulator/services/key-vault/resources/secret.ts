import { randomBytes } from "node:crypto";
import type { LocalContext, ResourceType } from "../../../control-plane/local-service";
import type { ArmResource } from "../../../control-plane/resource";
import { parentId, sameId } from "../../../control-plane/resource-id";
import {
  attributesOf,
  contentTypeOf,
  nameIsTaken,
  requireObjectName,
  secretValue,
  tagsOf,
} from "../state/object-rules";
import { deletionNow } from "../state/recovery";
import type { DeletedSecret, VaultState } from "../state/vault-state";
import { vaultUri } from "./vault-address";

export const SECRET_TYPE = "Microsoft.KeyVault/vaults/secrets";

/** A current or former value of a secret. */
export interface SecretVersion {
  readonly version: string;
  readonly value: string;
  readonly contentType?: string;
  /** In ARM's form: enabled, nbf, exp, created, updated (seconds since 1970). */
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly tags?: Readonly<Record<string, string>>;
}

/** What a new version is to have. */
export interface WantedSecret {
  readonly value: string;
  readonly contentType?: string | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** A secret; its values are write-only in Resource Manager. A PUT that changes nothing creates no version. */
export function secretType(context: LocalContext, state: VaultState): ResourceType {
  return {
    type: SECRET_TYPE,
    internal: ["versions"],
    async put({ id, name, body, existing }) {
      const vault = parentId(id).split("/").at(-1) ?? "";
      const wanted = wantedSecret({ ...body.properties, tags: body.tags });
      requireFreeName(state, vault, name, existing);
      const latest = existing && versionsOf(existing).at(-1);
      const versions = existing === undefined ? [] : versionsOf(existing);
      const next =
        latest !== undefined && sameSettings(latest, wanted)
          ? [...versions.slice(0, -1), { ...latest, ...(wanted.tags && { tags: wanted.tags }) }]
          : [...versions, newVersion(wanted)];
      return { properties: secretProperties(await vaultUri(context, vault), name, next) };
    },
    async delete(secret) {
      const vault = context.resources.get(parentId(secret.id));
      // The vault keeps the secrets that are deleted with it.
      if (vault === undefined || state.deletedVaults().some((deleted) => sameId(deleted.vault.id, vault.id)))
        return;
      await keepDeleted(state, vault, secret);
    },
  };
}

/** Deletes a secret of a vault in a way that it can be recovered. @returns what is kept of it */
export async function keepDeleted(
  state: VaultState,
  vault: ArmResource,
  secret: ArmResource,
): Promise<DeletedSecret> {
  const deleted = { secret, ...deletionNow(vault) };
  await state.change(vault.name, ({ deletedSecrets }) => ({
    deletedSecrets: [...deletedSecrets.filter((other) => !sameId(other.secret.name, secret.name)), deleted],
  }));
  return deleted;
}

/** @throws KeyVaultError 400 for what breaks Key Vault's rules */
export function wantedSecret(given: Readonly<Record<string, unknown>>): WantedSecret {
  return {
    value: secretValue(given.value),
    contentType: contentTypeOf(given.contentType),
    attributes: attributesOf(given.attributes),
    tags: tagsOf(given.tags),
  };
}

/** @throws KeyVaultError 400 for a bad name, 409 for that of a deleted secret */
export function requireFreeName(
  state: VaultState,
  vault: string,
  name: string,
  existing: ArmResource | undefined,
): void {
  requireObjectName(name);
  if (existing !== undefined) return;
  const { deletedSecrets } = state.contents(vault);
  if (deletedSecrets.some(({ secret }) => sameId(secret.name, name))) throw nameIsTaken("Secret", name);
}

export function newVersion({ value, contentType, attributes, tags }: WantedSecret): SecretVersion {
  const now = Math.floor(Date.now() / 1000);
  return {
    version: randomBytes(16).toString("hex"),
    value,
    ...(contentType !== undefined && { contentType }),
    attributes: { enabled: true, ...attributes, created: now, updated: now },
    ...(tags !== undefined && { tags }),
  };
}

/** A secret's properties in the resource store. @param versions the newest last, at least one */
export function secretProperties(
  vault: string,
  name: string,
  versions: readonly SecretVersion[],
): Record<string, unknown> {
  const latest = versions.at(-1);
  return {
    value: latest?.value,
    ...(latest?.contentType !== undefined && { contentType: latest.contentType }),
    attributes: latest?.attributes,
    secretUri: `${vault}secrets/${name}`,
    secretUriWithVersion: `${vault}secrets/${name}/${latest?.version}`,
    versions,
  };
}

export function versionsOf(secret: ArmResource): readonly SecretVersion[] {
  return (secret.properties.versions ?? []) as SecretVersion[];
}

function sameSettings(version: SecretVersion, wanted: WantedSecret): boolean {
  const { created: _created, updated: _updated, ...attributes } = version.attributes;
  const settings = (given: Pick<WantedSecret, "value" | "contentType" | "attributes">) =>
    JSON.stringify([
      given.value,
      given.contentType,
      Object.entries({ enabled: true, ...given.attributes }).sort(),
    ]);
  return settings({ ...version, attributes }) === settings(wanted);
}

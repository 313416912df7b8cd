import { randomBytes } from "node:crypto";
import { ArmError } from "../../../control-plane/arm-error";
import type { LocalContext, ResourceType } from "../../../control-plane/local-service";
import type { ArmResource } from "../../../control-plane/resource";
import { parentId } from "../../../control-plane/resource-id";
import { vaultUri } from "./vault";

export const SECRET_TYPE = "Microsoft.KeyVault/vaults/secrets";

/** A current or former value of a secret. */
export interface SecretVersion {
  readonly version: string;
  readonly value: string;
  readonly contentType?: string;
  /** In ARM's form: enabled, nbf, exp, created, updated (seconds since 1970). */
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A secret; its values are write-only in Resource Manager. A PUT that changes nothing creates no version. */
export function secretType(context: LocalContext): ResourceType {
  return {
    type: SECRET_TYPE,
    internal: ["versions"],
    async put({ id, name, body, existing }) {
      const { value, contentType, attributes } = body.properties ?? {};
      if (typeof value !== "string") {
        throw new ArmError(400, "BadParameter", `The secret '${name}' needs a value.`);
      }
      const vault = vaultUri(context, parentId(id).split("/").at(-1) ?? "");
      return { properties: withVersion(vault, name, existing, { value, contentType, attributes }) };
    },
  };
}

/** A secret's properties with this value: with its current version if nothing differs, else with a new one. */
export function withVersion(
  vault: string,
  name: string,
  existing: ArmResource | undefined,
  wanted: { readonly value: string; readonly contentType?: unknown; readonly attributes?: unknown },
): Record<string, unknown> {
  const versions = existing === undefined ? [] : versionsOf(existing);
  const current = versions.at(-1);
  const attributes = { enabled: true, ...(wanted.attributes as Record<string, unknown> | undefined) };
  const contentType = typeof wanted.contentType === "string" ? { contentType: wanted.contentType } : {};
  const settings = (version: SecretVersion) => {
    const { created: _created, updated: _updated, ...rest } = version.attributes;
    return JSON.stringify([version.value, version.contentType, Object.entries(rest).sort()]);
  };
  const candidate: SecretVersion = { version: "", value: wanted.value, ...contentType, attributes };
  const all = [...versions];
  if (current === undefined || settings(current) !== settings(candidate)) {
    const now = Math.floor(Date.now() / 1000);
    const version = randomBytes(16).toString("hex");
    all.push({ ...candidate, version, attributes: { ...attributes, created: now, updated: now } });
  }
  const latest = all.at(-1) ?? candidate;
  return {
    value: wanted.value,
    ...contentType,
    attributes: latest.attributes,
    secretUri: `${vault}secrets/${name}`,
    secretUriWithVersion: `${vault}secrets/${name}/${latest.version}`,
    versions: all,
  };
}

export function versionsOf(secret: ArmResource): SecretVersion[] {
  return (secret.properties.versions ?? []) as SecretVersion[];
}

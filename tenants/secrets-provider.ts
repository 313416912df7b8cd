import { readFileSync } from "node:fs";
import { join } from "node:path";
import { tenantFile, tenantNames } from "./tenant-files";

/** Pulumi's own variable for the flag `--secrets-provider` of its commands. */
export const PROVIDER_VARIABLE = "PULUMI_OPTION_SECRETS_PROVIDER";

/** What is wrong with a secrets provider; undefined if nothing is. */
export function providerProblem(text: string): string | undefined {
  // No characters that a shell would interpret: the address becomes part of a printed command.
  const isKnown = /^(default|passphrase|(awskms|azurekeyvault|gcpkms|hashivault):\/\/[^\s"'`$\\]+)$/.test(
    text,
  );
  return isKnown
    ? undefined
    : "expects azurekeyvault://<vault>.vault.azure.net/keys/<key>/<version> or another of Pulumi's (awskms, gcpkms, hashivault), passphrase or default";
}

/**
 * True for a key of Azure's without its version. Pulumi decrypts with the version that the address names, without one with the newest, which
 * cannot decrypt what an older one encrypted (github.com/pulumi/pulumi/issues/22338 and 13201).
 */
export function isVersionless(provider: string): boolean {
  return provider.startsWith("azurekeyvault://") && !/\/keys\/[^/?]+\/[^/?]+/.test(provider);
}

/** True if the provider is a key that an identity may use, so that nobody needs a passphrase. */
export function isCloudKey(provider: string): boolean {
  return provider.includes("://");
}

/** The keys that encrypt the secrets of the project's tenants, with the tenants of each. Tenants with another provider are left out. */
export function keysInUse(root: string): Map<string, string[]> {
  const tenants = new Map<string, string[]>();
  for (const name of tenantNames(root)) {
    const provider = providerIn(readFileSync(join(root, tenantFile(name)), "utf8"));
    if (provider === undefined || !isCloudKey(provider)) continue;
    tenants.set(provider, [...(tenants.get(provider) ?? []), name]);
  }
  return tenants;
}

/** Reads the line as Pulumi writes it: not indented, on one line. */
function providerIn(file: string): string | undefined {
  return /^secretsprovider:[ \t]+(["']?)([^\s"'#]+)\1[ \t]*(?:#.*)?$/m.exec(file)?.[2];
}

/** What encrypts the tenant's secrets, as its file says it: a key or `passphrase`; undefined if no stack was ever made with the file. */
export function keyOfTenant(root: string, name: string): string | undefined {
  const file = readFileSync(join(root, tenantFile(name)), "utf8");
  return providerIn(file) ?? (/^encryptionsalt:/m.test(file) ? "passphrase" : undefined);
}

/**
 * The secrets provider of a new tenant if none is given: Pulumi's variable, the key of the tenant that is cloned, or the only key
 * in use in the project. Undefined: Pulumi decides.
 */
export function usualProvider(root: string, from?: string): string | undefined {
  const said = process.env[PROVIDER_VARIABLE];
  if (said) return said;
  const inUse = [...keysInUse(root)];
  const [key] =
    (from && inUse.find(([, tenants]) => tenants.includes(from))) ||
    (inUse.length === 1 ? inUse[0] : undefined) ||
    [];
  return key;
}

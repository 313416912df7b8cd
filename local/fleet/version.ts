import { join } from "node:path";
import type { packageFunction } from "../../functions/build";
import { NAMESPACE, SECRET_KEY, SQL_ADMIN_KEY } from "../../infra/config-check";
import { tenantSchema } from "../../infra/config-schema";
import type { ConfigEntry, StackProgram } from "../../packages/azure-emulator/engine/engine";
import { ownMember } from "../../packages/kit/json-object";
import { sha256 } from "../../packages/kit/sha256";
import { stableGuid } from "../../packages/kit/stable-guid";
import { flatConfig, readTenant } from "../../tenants/tenant";
import { tenantNames } from "../../tenants/tenant-files";
import { HIDDEN } from "../../tenants/value-places";
import { deployerAsAdmin } from "../tenant-stack";
import { dryRunDeployer, type Version } from "./dry-run";

/** One checkout of the project: its program, and its tenants with their settings. */
export interface Checkout {
  /** @returns undefined if the checkout has no such tenant. */
  version(tenant: string): Version | undefined;
}

/** @param root of the checkout; its packages must resolve from there. @throws whatever loading its program throws */
export function openCheckout(root: string): Checkout {
  shareFunctionPackage(root);
  const { deployTenant: program } = require(join(root, "infra", "program")) as { deployTenant: StackProgram };
  const tenants = new Set(tenantNames(root));
  return {
    version: (tenant) => (tenants.has(tenant) ? { program, config: configOf(root, tenant) } : undefined),
  };
}

/** The tenant's settings. An encrypted value is invented, because a comparison does not need the stack's secrets. */
function configOf(root: string, name: string): Version["config"] {
  const tenant = readTenant(root, name);
  const { clientId, objectId } = dryRunDeployer;
  const given = Object.entries({
    [SQL_ADMIN_KEY]: deployerAsAdmin(clientId, objectId),
    ...flatConfig(tenant),
    [SECRET_KEY]: HIDDEN,
  });
  return Object.fromEntries(
    given.map(([key, value]) => [key, value === HIDDEN ? invented(name, key) : { value }]),
  );
}

/** An invented value: the same each time, in a form that the setting accepts. */
function invented(tenant: string, key: string): ConfigEntry {
  const text = sha256(`${key} of ${tenant}`);
  const forms = [
    text,
    stableGuid(text),
    `https://${text}.example`,
    `${text.slice(0, 9)}@example.org`,
    "2100-01-01",
  ];
  const schemas: Readonly<Record<string, { safeParse(value: string): { success: boolean } }>> =
    tenantSchema.shape;
  const schema = key.startsWith(`${NAMESPACE}:`)
    ? ownMember(schemas, key.slice(NAMESPACE.length + 1))
    : undefined;
  return { value: forms.find((form) => schema?.safeParse(form).success) ?? text, secret: true };
}

/** Every tenant uses the same function package, so it is built once. */
function shareFunctionPackage(root: string): void {
  const file = require.resolve(join(root, "functions", "build"));
  const build = require(file) as { packageFunction: typeof packageFunction };
  let made: ReturnType<typeof packageFunction> | undefined;
  const shared: typeof packageFunction = () => {
    made ??= build.packageFunction();
    return made;
  };
  const loaded = require.cache[file];
  if (loaded) loaded.exports = { ...build, packageFunction: shared };
}

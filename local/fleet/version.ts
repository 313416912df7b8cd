import { createHash } from "node:crypto";
import { join } from "node:path";
import type { packageFunction } from "../../functions/build";
import { SECRET_KEY } from "../../infra/config-check";
import { flatConfig, readTenant } from "../../tenants/tenant";
import { tenantNames } from "../../tenants/tenant-files";
import type { StackProgram } from "../engine/engine";
import type { Version } from "./rehearsal";

/** One checkout of the project: its program, and its tenants with their settings. */
export interface Checkout {
  /** @returns undefined where the checkout has no such tenant. */
  version(tenant: string): Version | undefined;
}

/** @param root of the checkout; its packages must be found from there. @throws what loading its program throws */
export function openCheckout(root: string): Checkout {
  shareFunctionPackage(root);
  const program = require(join(root, "infra")) as StackProgram;
  const tenants = new Set(tenantNames(root));
  return {
    version: (tenant) => (tenants.has(tenant) ? { program, config: configOf(root, tenant) } : undefined),
  };
}

/** The tenant's settings as they stand; nobody needs the stack's secrets for a comparison. */
function configOf(root: string, name: string): Version["config"] {
  const tenant = readTenant(root, name);
  const plain = Object.entries(flatConfig(tenant)).filter(
    ([key]) => key !== SECRET_KEY && !tenant.places.isSecret([key]),
  );
  const config = Object.fromEntries(plain.map(([key, value]) => [key, { value }]));
  const clientSecret = createHash("sha256").update(`client secret of ${name}`).digest("hex");
  return { ...config, [SECRET_KEY]: { value: clientSecret, secret: true } };
}

/** The function's package is the same for every tenant: it is built once. */
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

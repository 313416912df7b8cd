import { RETIRED_KEY } from "../infra/config-check";
import { readTenant, type Tenant } from "./tenant";

/** True if the next deployment takes the tenant down: everything of it, and its stack. */
export function isRetired({ settings }: Pick<Tenant, "settings">): boolean {
  // `pulumi config set` writes text.
  return String(settings.get(RETIRED_KEY)) === "true";
}

/** True if there is such a tenant, and it is retired. @throws QtError QT9017 if it has no file. */
export const isRetiredTenant = (root: string, name: string): boolean => isRetired(readTenant(root, name));

import { EMULATOR_ONLY_KEY } from "../infra/config-check";
import { readTenant, type Tenant } from "./tenant";

/** True if only the emulator has the tenant: it has no stack in Azure, and no command there takes it. */
export function isEmulatorOnly({ settings }: Pick<Tenant, "settings">): boolean {
  // `pulumi config set` writes text.
  return String(settings.get(EMULATOR_ONLY_KEY)) === "true";
}

/** Those of the tenants that only the emulator has. */
export function emulatorOnlyAmong(root: string, names: readonly string[]): string[] {
  return names.filter((name) => isEmulatorOnly(readTenant(root, name)));
}

/** One line for people about such tenants. */
export function emulatorOnlyLine(names: readonly string[]): string {
  return `Only the emulator has ${names.join(", ")} (${EMULATOR_ONLY_KEY}): no command takes it to Azure.`;
}

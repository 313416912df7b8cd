import type { ProviderServer } from "./provider-server";
import type { StackFolder } from "./stack-folder";

/**
 * What makes a Pulumi CLI use the emulator's providers in place of azure-native and random, and the emulator's stacks
 * (https://www.pulumi.com/docs/iac/cli/environment-variables/).
 */
export function cliEnvironment(
  stacks: Pick<StackFolder, "backendUrl" | "passphrase">,
  servers: readonly Pick<ProviderServer, "name" | "port">[],
): Record<string, string> {
  return {
    PULUMI_BACKEND_URL: stacks.backendUrl,
    PULUMI_CONFIG_PASSPHRASE: stacks.passphrase,
    PULUMI_DEBUG_PROVIDERS: servers.map(({ name, port }) => `${name}:${port}`).join(","),
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
}

import { findPulumi } from "../../../packages/azure-emulator/engine";
import { createAutomationEngine } from "../../../packages/azure-emulator/engine/automation-engine";
import type { Engine } from "../../../packages/azure-emulator/engine/engine";
import { openPulumi } from "../../../packages/azure-emulator/engine/pulumi-cli";
import { openStackFolder } from "../../../packages/azure-emulator/engine/stack-folder";
import { project } from "../../places";
import { dryRunProviders } from "../dry-run";

/** Pulumi's own engine with the providers of a dry run; undefined if there is no CLI. */
export async function openDryRunEngine(folder: string): Promise<Engine | undefined> {
  const cli = findPulumi();
  if (cli === undefined) return undefined;
  const command = await openPulumi(cli);
  if (typeof command === "string") throw new Error(command);
  process.env.no_grpc_proxy ??= "127.0.0.1,localhost";
  const providers = dryRunProviders();
  return createAutomationEngine({
    command,
    stacks: openStackFolder(folder, project),
    environment: {},
    providers: () => providers,
  });
}

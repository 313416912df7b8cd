import { projectRoot } from "../../../infra/content-hash";
import { findPulumi } from "../../engine";
import { createAutomationEngine } from "../../engine/automation-engine";
import type { Engine } from "../../engine/engine";
import { openPulumi } from "../../engine/pulumi-cli";
import { openStackFolder } from "../../engine/stack-folder";
import { foreseenProviders } from "../rehearsal";

/** Pulumi's own engine on the providers that a rehearsal uses; undefined where there is no CLI. */
export async function openForeseenEngine(folder: string): Promise<Engine | undefined> {
  const cli = findPulumi();
  if (cli === undefined) return undefined;
  const command = await openPulumi(cli);
  if (typeof command === "string") throw new Error(command);
  process.env.no_grpc_proxy ??= "127.0.0.1,localhost";
  const providers = foreseenProviders();
  return createAutomationEngine({
    command,
    stacks: openStackFolder(folder, projectRoot),
    environment: {},
    providers: () => providers,
  });
}

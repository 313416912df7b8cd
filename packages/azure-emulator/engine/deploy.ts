import { existsSync, readdirSync } from "node:fs";
import type { PulumiCommand } from "@pulumi/pulumi/automation";
import type { ControlPlane } from "../control-plane/local-service";
import { EmulatorError } from "../errors/emulator-error";
import { hostPhrases } from "../errors/host-phrases";
import { createAutomationEngine } from "./automation-engine";
import { createAzureNativeProvider } from "./azure-native-provider";
import { deployerEnvironment, type EngineContext } from "./deployer-environment";
import type { Engine } from "./engine";
import { createInProcessEngine } from "./in-process-engine";
import { ensurePulumi, openPulumi } from "./pulumi-cli";
import { createRandomProvider } from "./random-provider";
import { openStackFolder, type PulumiProject, type StackFolder } from "./stack-folder";

/**
 * `auto`: the engine that deployed what is there; for a new environment the real one where a CLI is found or can be
 * downloaded, else the one in this process. Nothing ever waits for a build here.
 */
export type PulumiChoice = "engine" | "in-process" | "auto";

export interface EngineOptions {
  readonly project: PulumiProject;
  /** The emulator's state (`.local`). */
  readonly folder: string;
  readonly controlPlane: ControlPlane;
  readonly context: EngineContext;
  readonly pulumi: PulumiChoice;
  /** Told what takes its time, one line each. */
  onProgress?(line: string): void;
}

/**
 * The way from the Pulumi program to the emulator.
 * @throws EmulatorError QT7013 where what is there was deployed by the real engine and its CLI is gone; QT7015 where `engine` is
 * asked for and there is no CLI.
 */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const stacks = openStackFolder(options.folder, options.project);
  const shared = {
    stacks,
    project: options.project.name,
    environment: deployerEnvironment(options.context, options.project),
    providers: () => providersFor(options),
  };
  const choice = await chooseEngine(options, stacks);
  if (typeof choice === "string") return createInProcessEngine({ ...shared, notice: choice });
  // The program talks to the CLI over loopback; a proxy in the environment must not get in between.
  process.env.no_grpc_proxy ??= "127.0.0.1,localhost";
  return createAutomationEngine({ ...shared, command: choice });
}

/** The CLI to use, or the reason to do without, as one line. */
async function chooseEngine(options: EngineOptions, stacks: StackFolder): Promise<PulumiCommand | string> {
  if (options.pulumi === "in-process") return "The program runs in this process, as asked for.";
  if (options.pulumi === "auto" && hasEntries(stacks.inProcessStates)) {
    return `The program runs in this process, as when this environment was made; to change that, ${hostPhrases().undeploy}.`;
  }
  const { onProgress } = options;
  const found = await ensurePulumi({ build: false, ...(onProgress ? { onProgress } : {}) });
  const command = found ? await openPulumi(found) : "no Pulumi CLI on this machine";
  if (typeof command !== "string") return command;
  if (options.pulumi === "engine") throw new EmulatorError("QT7015", { reason: command });
  if (hasEntries(stacks.engineStates)) throw new EmulatorError("QT7013", { reason: command });
  return `The program runs in this process, onto the same resources: ${command}.`;
}

function hasEntries(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder).some((name) => name.endsWith(".json"));
}

function providersFor({ controlPlane, context }: EngineOptions) {
  return [
    createAzureNativeProvider({
      controlPlane,
      subscriptionId: context.subscriptionId,
      tenantId: context.tenantId,
      principal: context.principals.deployer,
    }),
    createRandomProvider(),
  ];
}

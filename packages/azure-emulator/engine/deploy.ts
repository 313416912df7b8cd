import { existsSync, readdirSync } from "node:fs";
import type { PulumiCommand } from "@pulumi/pulumi/automation";
import type { ResourcePlane } from "../control-plane/local-service";
import { EmulatorError } from "../errors/emulator-error";
import { hostPhrases } from "../errors/host-phrases";
import { createAutomationEngine } from "./automation-engine";
import { createAzureNativeProvider } from "./azure-native-provider";
import { deployerEnvironment, type EngineContext } from "./deployer-environment";
import type { Engine } from "./engine";
import { finishingDestroys } from "./finish-destroy";
import { createInProcessEngine } from "./in-process-engine";
import { ensurePulumi, openPulumi } from "./pulumi-cli";
import { createRandomProvider } from "./random-provider";
import type { ResourceProvider } from "./resource-provider";
import { openStackFolder, type PulumiProject, type StackFolder } from "./stack-folder";

/**
 * `auto` uses the engine that deployed the environment. A new environment gets the real engine if a CLI is found or can be
 * downloaded, else the in-process one. `auto` never builds a CLI.
 */
export type PulumiChoice = "engine" | "in-process" | "auto";

export interface EngineOptions {
  readonly project: PulumiProject;
  /** The emulator's state (`.local`). */
  readonly folder: string;
  readonly controlPlane: ResourcePlane;
  readonly context: EngineContext;
  readonly pulumi: PulumiChoice;
  /** Only with the in-process engine: wraps each provider of a run, to watch its calls or to repeat them. */
  around?(provider: ResourceProvider): ResourceProvider;
  /** Receives one line for each slow step. */
  onProgress?(line: string): void;
}

/**
 * Creates the engine that deploys a Pulumi program to the emulator.
 * @throws EmulatorError QT7013 if the real engine deployed the environment and its CLI is gone; QT7015 if `engine` was
 * requested and there is no CLI.
 */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const stacks = openStackFolder(options.folder, options.project);
  const shared = {
    stacks,
    project: options.project.name,
    environment: deployerEnvironment(options.context, options.project),
    providers: () => providersFor(options).map((create) => create()),
  };
  const choice = await chooseEngine(options, stacks);
  if (typeof choice === "string")
    return finishingDestroys(
      createInProcessEngine({ ...shared, around: options.around, notice: choice }),
      stacks,
    );
  // The program talks to the CLI over loopback, so gRPC must bypass any proxy of the environment.
  process.env.no_grpc_proxy ??= "127.0.0.1,localhost";
  return finishingDestroys(createAutomationEngine({ ...shared, command: choice }), stacks);
}

/** The CLI to use, or one line that says why the program runs in this process instead. */
async function chooseEngine(options: EngineOptions, stacks: StackFolder): Promise<PulumiCommand | string> {
  if (options.pulumi === "in-process") return "The program runs in this process, as requested.";
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

/** Creates the providers of one run, each by its own function. */
export function providersFor({
  controlPlane,
  context,
}: Pick<EngineOptions, "controlPlane" | "context">): readonly (() => ResourceProvider)[] {
  return [
    () =>
      createAzureNativeProvider({
        controlPlane,
        subscriptionId: context.subscriptionId,
        tenantId: context.tenantId,
        principal: context.principals.deployer,
      }),
    createRandomProvider,
  ];
}

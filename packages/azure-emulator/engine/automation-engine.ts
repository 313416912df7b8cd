import { existsSync, readFileSync, rmSync } from "node:fs";
import { runtime } from "@pulumi/pulumi";
import {
  LocalWorkspace,
  type PulumiCommand,
  type EngineEvent as PulumiEvent,
  Stack,
} from "@pulumi/pulumi/automation";
import { CodedError } from "../../kit/errors/coded-error";
import type { FindInCloud } from "../../kit/interrupted-stack";
import { EmulatorError } from "../errors/emulator-error";
import { openBegunCreations } from "./begun-creations";
import { cliEnvironment } from "./cli-environment";
import { describeError } from "./describe-error";
import type { Engine, RunOptions, RunResult, StackRequest } from "./engine";
import { recordEvent } from "./engine-events";
import { type ProtectableResource, refuseProtected } from "./protection";
import { serveProvider } from "./provider-server";
import { addressOf, type ResourceProvider } from "./resource-provider";
import { RunRecorder } from "./run-recorder";
import type { StackFolder } from "./stack-folder";
import { observe } from "./stack-outputs";
import { releaseStaleLocks, repairPendingOperations } from "./stack-repair";
import { withoutStrayListeners } from "./stray-rejections";

export interface AutomationEngineOptions {
  readonly command: PulumiCommand;
  readonly stacks: StackFolder;
  readonly environment: Readonly<Record<string, string>>;
  /** Creates the providers of one run. Each run has its own, so that stacks do not share provider configuration. */
  readonly providers: () => readonly ResourceProvider[];
}

/** The real Pulumi engine, driven through the Automation API with an inline program and a file backend. */
export function createAutomationEngine(options: AutomationEngineOptions): Engine {
  const run = async (
    verb: string,
    request: StackRequest,
    { onProgress, onEvent: forward }: RunOptions,
    work: (stack: Stack, onEvent: (event: PulumiEvent) => void) => Promise<unknown>,
  ): Promise<RunResult> => {
    const recorder = new RunRecorder(onProgress ? { onProgress } : {});
    const onEvent = (event: PulumiEvent) => {
      recordEvent(recorder, event);
      // Debug messages are thousands of lines that contain property values.
      if (String(event.diagnosticEvent?.severity) !== "debug") forward?.(event);
    };
    const observed = observe(request.program, () => addSecretConfig(request));
    const begun = openBegunCreations(options.stacks.begunCreations(request.name));
    const providers = options.providers().map(begun.watch);
    const servers = await Promise.all(providers.map((provider) => serveProvider(() => provider)));
    try {
      const stack = await openStack(
        options,
        { ...request, program: observed.program },
        servers,
        findWith(providers),
      );
      await withoutStrayListeners(() => work(stack, onEvent));
      if (verb === "up") begun.forget();
    } catch (error) {
      const thrown = observed.thrown();
      if (thrown instanceof CodedError) throw thrown;
      const reasons = recorder.errors();
      const reason = reasons.length > 0 ? reasons.join("\n") : describeError(error);
      throw new EmulatorError("QT7006", { verb, stack: request.name, reason }, { cause: error });
    } finally {
      for (const server of servers) server.close();
    }
    return recorder.result(await observed.outputs());
  };

  return {
    kind: "engine",
    preview: (request, runOptions = {}) =>
      run("preview", request, runOptions, (stack, onEvent) =>
        preloading(request, stack.preview({ onEvent })),
      ),
    up: (request, runOptions = {}) =>
      run("up", request, runOptions, (stack, forward) => {
        const { refresh = false } = runOptions;
        const onEvent = (event: PulumiEvent) => {
          if (!isRefreshStep(event)) forward(event);
        };
        return preloading(request, stack.up({ onEvent, refresh }));
      }),
    refreshPreview: (request, runOptions = {}) =>
      run("refresh", request, runOptions, (stack, onEvent) => stack.previewRefresh({ onEvent })),
    async destroy(request, runOptions = {}) {
      if (!existsSync(options.stacks.stateFile(request.name))) return new RunRecorder().result();
      // Without this check, Pulumi would delete other resources before it reaches a protected one.
      refuseProtected(readDeployment(options.stacks.stateFile(request.name))?.resources ?? []);
      const result = await run("destroy", request, runOptions, async (stack, onEvent) => {
        await stack.destroy({ onEvent });
        await stack.workspace.removeStack(request.name);
      });
      rmSync(options.stacks.workFolder(request.name), { recursive: true, force: true });
      return result;
    },
    async exportState({ name }) {
      const file = options.stacks.stateFile(name);
      return existsSync(file) ? readDeployment(file) : undefined;
    },
  };
}

/** The file backend's checkpoint holds the deployment as `pulumi stack export` prints it. */
function readDeployment(
  stateFile: string,
): { readonly resources?: readonly ProtectableResource[] } | undefined {
  const state = JSON.parse(readFileSync(stateFile, "utf8")) as {
    checkpoint?: { latest?: { resources?: readonly ProtectableResource[] } };
  };
  return state.checkpoint?.latest;
}

/** True for an event about a resource that is read before the `up`. */
function isRefreshStep({ resourcePreEvent, resOutputsEvent }: PulumiEvent): boolean {
  return (resourcePreEvent ?? resOutputsEvent)?.metadata.op === "refresh";
}

/** After this time the CLI's process has started and this process is idle until the CLI calls back. */
const preloadDelayMs = 40;

/** Preloads the program while the engine starts. */
async function preloading(request: StackRequest, operation: Promise<unknown>): Promise<void> {
  const timer = setTimeout(() => preload(request), preloadDelayMs);
  try {
    await operation;
  } finally {
    clearTimeout(timer);
  }
}

/** Loads the program, and the TypeScript compiler with which Pulumi serialises dynamic resources. */
function preload(request: StackRequest): void {
  try {
    request.preload?.();
    require("@pulumi/pulumi/runtime/closure/serializeClosure");
  } catch {
    // The run will hit the same error and report it.
  }
}

/**
 * Opens the stack for an operation. By default the Automation API calls the CLI, at 0.2 s a call, for facts that are known
 * here: whether the stack exists (its state file does), its outputs (the program returned them) and its history. This
 * function avoids those calls.
 */
async function openStack(
  options: AutomationEngineOptions,
  request: StackRequest,
  servers: readonly { readonly name: string; readonly port: number }[],
  find: FindInCloud,
): Promise<Stack> {
  const { stacks, environment, command } = options;
  const workspace = await LocalWorkspace.create({
    workDir: stacks.prepare(request),
    program: request.program,
    pulumiCommand: command,
    secretsProvider: "passphrase",
    envVars: { ...environment, ...request.environment, ...cliEnvironment(stacks, servers) },
  });
  await releaseStaleLocks(stacks.lockFolder(request.name));
  workspace.selectStack = async (name) => {
    if (!existsSync(stacks.stateFile(name))) await workspace.createStack(name);
  };
  const stack = await Stack.createOrSelect(request.name, workspace);
  Object.assign(stack, { outputs: async () => ({}), info: async () => undefined });
  await repairPendingOperations(stack, stacks.stateFile(request.name), find);
  return stack;
}

/** Asks the provider of a resource's package. */
function findWith(providers: readonly ResourceProvider[]): FindInCloud {
  return async ({ urn, type, inputs = {} }) => {
    const provider = providers.find(({ name }) => type.startsWith(`${name}:`));
    return provider?.find?.(addressOf(urn), inputs);
  };
}

/** Adds the secret configuration inside Pulumi's runtime, so that it is never written to the stack's file. */
function addSecretConfig(request: StackRequest): void {
  const secrets = Object.entries(request.config).filter(([, entry]) => entry.secret);
  const values = Object.fromEntries(secrets.map(([key, entry]) => [key, entry.value]));
  runtime.setAllConfig({ ...runtime.allConfig(), ...values }, Object.keys(values));
}

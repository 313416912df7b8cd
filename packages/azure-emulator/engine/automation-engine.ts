import { existsSync, readFileSync, rmSync } from "node:fs";
import { runtime } from "@pulumi/pulumi";
import {
  LocalWorkspace,
  type PulumiCommand,
  type EngineEvent as PulumiEvent,
  Stack,
} from "@pulumi/pulumi/automation";
import { CodedError } from "../../kit/errors/coded-error";
import { EmulatorError } from "../errors/emulator-error";
import { describeError } from "./describe-error";
import type { Engine, RunOptions, RunResult, StackRequest } from "./engine";
import { recordEvent } from "./engine-events";
import { type Kept, refuseProtected } from "./protection";
import { serveProvider } from "./provider-server";
import type { ResourceProvider } from "./resource-provider";
import { RunRecorder } from "./run-recorder";
import type { StackFolder } from "./stack-folder";
import { observe } from "./stack-outputs";
import { releaseStaleLocks, repairPendingOperations } from "./stack-repair";
import { withoutStrayListeners } from "./stray-rejections";

export interface AutomationEngineOptions {
  readonly command: PulumiCommand;
  readonly stacks: StackFolder;
  readonly environment: Readonly<Record<string, string>>;
  /** New providers for one run; each run serves its own, so that runs of different stacks do not share configuration. */
  readonly providers: () => readonly ResourceProvider[];
}

/** The real Pulumi engine, driven by the Automation API with an inline program and a file backend. */
export function createAutomationEngine(options: AutomationEngineOptions): Engine {
  const run = async (
    verb: string,
    request: StackRequest,
    { onProgress, onEvent: tell }: RunOptions,
    work: (stack: Stack, onEvent: (event: PulumiEvent) => void) => Promise<unknown>,
  ): Promise<RunResult> => {
    const recorder = new RunRecorder(onProgress ? { onProgress } : {});
    const onEvent = (event: PulumiEvent) => {
      recordEvent(recorder, event);
      // Thousands of lines with the values of properties.
      if (String(event.diagnosticEvent?.severity) !== "debug") tell?.(event);
    };
    const observed = observe(request.program, () => addSecretConfig(request));
    const servers = await Promise.all(options.providers().map(serveProvider));
    try {
      const stack = await openStack(options, { ...request, program: observed.program }, servers);
      await withoutStrayListeners(() => work(stack, onEvent));
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
      run("up", request, runOptions, (stack, tell) => {
        const { refresh = false } = runOptions;
        const onEvent = (event: PulumiEvent) => {
          if (!isRefreshed(event)) tell(event);
        };
        return preloading(request, stack.up({ onEvent, refresh }));
      }),
    refreshPreview: (request, runOptions = {}) =>
      run("refresh", request, runOptions, (stack, onEvent) => stack.previewRefresh({ onEvent })),
    async destroy(request, runOptions = {}) {
      if (!existsSync(options.stacks.stateFile(request.name))) return new RunRecorder().result();
      // Pulumi deletes everything else before it comes to a protected resource.
      refuseProtected(deployedBy(options.stacks.stateFile(request.name))?.resources ?? []);
      const result = await run("destroy", request, runOptions, async (stack, onEvent) => {
        await stack.destroy({ onEvent });
        await stack.workspace.removeStack(request.name);
      });
      rmSync(options.stacks.workFolder(request.name), { recursive: true, force: true });
      return result;
    },
    async exportState({ name }) {
      const file = options.stacks.stateFile(name);
      return existsSync(file) ? deployedBy(file) : undefined;
    },
  };
}

/** The file backend's checkpoint holds the deployment as `pulumi stack export` prints it. */
function deployedBy(stateFile: string): { readonly resources?: readonly Kept[] } | undefined {
  const state = JSON.parse(readFileSync(stateFile, "utf8")) as {
    checkpoint?: { latest?: { resources?: readonly Kept[] } };
  };
  return state.checkpoint?.latest;
}

/** Told of a resource that is read before the `up`. */
function isRefreshed({ resourcePreEvent, resOutputsEvent }: PulumiEvent): boolean {
  return (resourcePreEvent ?? resOutputsEvent)?.metadata.op === "refresh";
}

/** After so many milliseconds the CLI's process has been started and this one is idle until the CLI calls back. */
const engineIsStarting = 40;

/** Uses the time in which the engine starts. */
async function preloading(request: StackRequest, operation: Promise<unknown>): Promise<void> {
  const timer = setTimeout(() => preload(request), engineIsStarting);
  try {
    await operation;
  } finally {
    clearTimeout(timer);
  }
}

/** Loads now what the run needs in a moment: the program, and the TypeScript that Pulumi serialises dynamic resources with. */
function preload(request: StackRequest): void {
  try {
    request.preload?.();
    require("@pulumi/pulumi/runtime/closure/serializeClosure");
  } catch {
    // The run meets the same error and tells it.
  }
}

/**
 * The stack, ready for an operation. The Automation API asks the CLI for much that is known here, 0.2 s each time: whether
 * the stack exists (its file tells), its outputs (the program returned them), its history. Those calls are left out.
 */
async function openStack(
  options: AutomationEngineOptions,
  request: StackRequest,
  servers: readonly { readonly name: string; readonly port: number }[],
): Promise<Stack> {
  const { stacks, environment, command } = options;
  const workspace = await LocalWorkspace.create({
    workDir: stacks.prepare(request),
    program: request.program,
    pulumiCommand: command,
    secretsProvider: "passphrase",
    envVars: {
      ...environment,
      PULUMI_BACKEND_URL: stacks.backendUrl,
      PULUMI_CONFIG_PASSPHRASE: stacks.passphrase,
      PULUMI_DEBUG_PROVIDERS: servers.map(({ name, port }) => `${name}:${port}`).join(","),
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    },
  });
  await releaseStaleLocks(stacks.lockFolder(request.name));
  workspace.selectStack = async (name) => {
    if (!existsSync(stacks.stateFile(name))) await workspace.createStack(name);
  };
  const stack = await Stack.createOrSelect(request.name, workspace);
  Object.assign(stack, { outputs: async () => ({}), info: async () => undefined });
  await repairPendingOperations(stack, stacks.stateFile(request.name));
  return stack;
}

/** Secret configuration joins the plain one inside Pulumi's runtime. */
function addSecretConfig(request: StackRequest): void {
  const secrets = Object.entries(request.config).filter(([, entry]) => entry.secret);
  const values = Object.fromEntries(secrets.map(([key, entry]) => [key, entry.value]));
  runtime.setAllConfig({ ...runtime.allConfig(), ...values }, Object.keys(values));
}

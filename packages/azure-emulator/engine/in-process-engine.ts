import { existsSync, rmSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { runtime } from "@pulumi/pulumi";
import * as pulumiState from "@pulumi/pulumi/runtime/state";
import { CodedError } from "../../kit/errors/coded-error";
import { EmulatorError } from "../errors/emulator-error";
import { adoptCreated } from "./adopt-created";
import { Deployment, type PlannedStep } from "./deployment";
import { describeError } from "./describe-error";
import { createDynamicProvider } from "./dynamic-provider";
import type { Engine, RunOptions, RunResult, StackRequest } from "./engine";
import { type LocalState, openLocalState, type ResourceState } from "./local-state";
import { ProgramMonitor } from "./program-monitor";
import { withIgnored } from "./resource-comparison";
import { addressOf, type ResourceProvider } from "./resource-provider";
import { RunRecorder } from "./run-recorder";
import type { StackFolder } from "./stack-folder";
import { observe } from "./stack-outputs";
import { foundEvents, stepEvent } from "./step-events";
import { failOnStrayRejection } from "./stray-rejections";
import { keepSecrets, revealProperties, type WireProperties } from "./wire-values";

export interface InProcessEngineOptions {
  /** Why the real engine is not used. */
  readonly notice: string;
  readonly stacks: StackFolder;
  /** Name of the Pulumi project. */
  readonly project: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Creates the providers of one run. */
  readonly providers: () => readonly ResourceProvider[];
  /** Wraps each provider of a run, that of dynamic resources too, to watch its calls or to repeat them. */
  readonly around?: ((provider: ResourceProvider) => ResourceProvider) | undefined;
}

/** Isolates one program run from another. The SDK exports it, but its typings omit it. */
const { withLocalStorage } = pulumiState as unknown as {
  withLocalStorage<T>(work: () => Promise<T>): Promise<T>;
};

/** Runs the program in this process with the same providers and a separate state file. */
export function createInProcessEngine(options: InProcessEngineOptions): Engine {
  const stateOf = (stack: string): LocalState =>
    openLocalState(options.stacks.inProcessStateFile(stack), options.stacks.passphrase);

  const run = async (
    verb: string,
    request: StackRequest,
    runOptions: RunOptions,
    work: (session: Session) => Promise<RunResult>,
  ): Promise<RunResult> => {
    const recorder = new RunRecorder(runOptions);
    const dynamic = createDynamicProvider({
      folder: options.stacks.prepare(request),
      environment: { ...options.environment, ...request.environment },
    });
    const { around = (provider) => provider } = options;
    const providers = configured([...options.providers(), dynamic].map(around), request);
    const state = stateOf(request.name);
    try {
      await adoptCreated(state, providerFor(providers));
      const onStep = (step: PlannedStep) => runOptions.onEvent?.(stepEvent(step));
      const onFound = (step: PlannedStep) => {
        for (const event of foundEvents(step)) runOptions.onEvent?.(event);
      };
      return await work({
        project: options.project,
        request,
        recorder,
        providers,
        state,
        onStep,
        onFound,
      });
    } catch (error) {
      if (error instanceof CodedError && recorder.errors().length === 0) throw error;
      const reasons = recorder.errors();
      const reason = reasons.length > 0 ? reasons.join("\n") : describeError(error);
      throw new EmulatorError("QT7006", { verb, stack: request.name, reason }, { cause: error });
    } finally {
      dynamic.stop();
    }
  };

  return {
    kind: "in-process",
    notice: options.notice,
    preview: (request, runOptions = {}) =>
      run("preview", request, runOptions, (session) => runProgram(session, true)),
    up: (request, runOptions = {}) =>
      run("up", request, runOptions, async (session) => {
        if (runOptions.refresh) await refreshState(session);
        return runProgram(session, false);
      }),
    refreshPreview: (request, runOptions = {}) => run("refresh", request, runOptions, compareWithCloud),
    async destroy(request, runOptions = {}) {
      if (!existsSync(options.stacks.inProcessStateFile(request.name))) return new RunRecorder().result();
      const result = await run("destroy", request, runOptions, async (session) => {
        const { recorder, providers, state, onStep } = session;
        const provider = providerFor(providers);
        await new Deployment({ state, recorder, preview: false, provider, onStep }).finish();
        return recorder.result();
      });
      stateOf(request.name).remove();
      rmSync(options.stacks.workFolder(request.name), { recursive: true, force: true });
      return result;
    },
    exportState: async ({ name }) => stateOf(name).export(),
  };
}

/** Everything that one run of a program needs. */
export interface Session {
  /** Name of the Pulumi project. */
  readonly project: string;
  readonly request: StackRequest;
  readonly recorder: RunRecorder;
  /** Configured for the stack. */
  readonly providers: readonly ResourceProvider[];
  readonly state: LocalState;
  onStep(step: PlannedStep): void;
  /** A refresh has read a resource. */
  onFound?(step: PlannedStep): void;
}

/** Runs the program once, as `up` or `preview`. */
export async function runProgram(session: Session, preview: boolean): Promise<RunResult> {
  const { project, request, recorder, providers, state, onStep } = session;
  const provider = providerFor(providers);
  const deployment = new Deployment({ state, recorder, preview, provider, onStep });
  const monitor = new ProgramMonitor({
    project,
    stack: request.name,
    register: (declaration) => deployment.register(declaration),
    invoke: (token, inputs) => provider(token).invoke(token, inputs),
  });
  const { program, outputs } = observe(request.program, () => {});
  try {
    await withLocalStorage(async () => {
      runtime.setMockOptions(monitor, project, request.name, preview, "organization");
      setConfig(request);
      const finished = async (): Promise<void> => {
        await runtime.runInPulumiStack(program);
        await runtime.disconnect();
      };
      await failOnStrayRejection(() => Promise.race([monitor.failed, finished()]));
    });
  } finally {
    await monitor.end();
  }
  await deployment.finish();
  return recorder.result(await outputs());
}

/** Reports what a refresh would find: resources with changed inputs, and resources that are gone. */
async function compareWithCloud(session: Session): Promise<RunResult> {
  const { recorder, state } = session;
  for (const old of state.resources()) {
    const { urn } = old;
    const now = await readAgain(session, old);
    const same =
      now !== undefined && isDeepStrictEqual(comparable(now.inputs, old), comparable(old.inputs, old));
    const operation = now === undefined ? "delete" : same ? "same" : "update";
    session.onFound?.({ operation, urn, old, now, differences: {} });
    recorder.succeed(urn, operation);
  }
  return recorder.result();
}

/** The inputs without what `ignoreChanges` names: the engine shows no drift of it, and takes it into the state all the same. */
function comparable(inputs: WireProperties, { inputs: before, ignoreChanges = [] }: ResourceState) {
  return withIgnored(revealProperties(inputs), revealProperties(before), ignoreChanges);
}

/** Updates the state from the cloud: takes over changes and drops resources that are gone. */
async function refreshState(session: Session): Promise<void> {
  const { state } = session;
  const found: ResourceState[] = [];
  for (const old of state.resources()) {
    const now = old.replaced ? old : await readAgain(session, old);
    if (now !== undefined) found.push(now);
  }
  state.save(found);
}

/** The resource as the cloud has it; undefined if it is gone. */
async function readAgain({ providers }: Session, old: ResourceState): Promise<ResourceState | undefined> {
  const { urn, id, inputs, outputs } = old;
  const address = addressOf(urn);
  const provider = providerFor(providers)(address.type);
  const found = await provider.read(address, id, revealProperties(inputs), revealProperties(outputs));
  if (found === undefined) return undefined;
  return {
    ...old,
    id: found.id,
    inputs: keepSecrets(found.inputs, inputs),
    outputs: keepSecrets(found.outputs, outputs),
  };
}

function setConfig(request: StackRequest): void {
  const entries = Object.entries(request.config);
  const secrets = entries.filter(([, entry]) => entry.secret).map(([key]) => key);
  runtime.setAllConfig(Object.fromEntries(entries.map(([key, entry]) => [key, entry.value])), secrets);
}

/** Configures each provider with the stack's settings for it. */
export function configured(
  providers: readonly ResourceProvider[],
  request: Pick<StackRequest, "config">,
): readonly ResourceProvider[] {
  for (const provider of providers) provider.configure(providerConfig(provider.name, request));
  return providers;
}

/** `azure-native:location` → `location` for the provider azure-native. */
function providerConfig(name: string, request: Pick<StackRequest, "config">): Record<string, string> {
  const own = Object.entries(request.config).filter(([key]) => key.startsWith(`${name}:`));
  return Object.fromEntries(own.map(([key, entry]) => [key.slice(name.length + 1), entry.value]));
}

/** Finds the provider by the package with which a type or function token begins. */
function providerFor(providers: readonly ResourceProvider[]): (token: string) => ResourceProvider {
  const byName = new Map(providers.map((provider) => [provider.name, provider]));
  return (token) => {
    const provider = byName.get(token.split(":")[0] ?? "");
    if (!provider) throw new EmulatorError("QT7001", { token });
    return provider;
  };
}

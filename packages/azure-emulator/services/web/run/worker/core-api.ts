import Module from "node:module";

/** The parts of `@azure/functions-core` that the worker itself calls; a model provides the rest. */
export interface ProgrammingModel {
  readonly name: string;
  readonly version: string;
  getInvocationModel(context: CoreInvocationContext): InvocationModel | Promise<InvocationModel>;
  getCapabilities?(capabilities: Record<string, string>): Promise<Record<string, string>>;
}

export interface InvocationModel {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], handler: FunctionCallback): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<RpcInvocationResponse>;
}

export type FunctionCallback = (...inputs: unknown[]) => unknown;

export interface RpcInvocationResponse {
  readonly returnValue?: { readonly http?: RpcHttpResponse } | null;
}

export interface RpcHttpResponse {
  readonly statusCode?: string | null;
  readonly headers?: Readonly<Record<string, string>> | null;
  readonly cookies?: readonly RpcCookie[] | null;
  readonly body?: { readonly bytes?: Uint8Array; readonly string?: string; readonly json?: string } | null;
}

export interface RpcCookie {
  readonly name?: string | null;
  readonly value?: string | null;
  readonly domain?: { readonly value?: string | null } | null;
  readonly path?: { readonly value?: string | null } | null;
  readonly expires?: { readonly value?: unknown } | null;
  readonly maxAge?: { readonly value?: number | null } | null;
  readonly secure?: { readonly value?: boolean | null } | null;
  readonly httpOnly?: { readonly value?: boolean | null } | null;
  readonly sameSite?: string | number | null;
}

export interface CoreInvocationContext {
  readonly invocationId: string;
  readonly request: Readonly<Record<string, unknown>>;
  readonly metadata: FunctionMetadata;
  state?: string | undefined;
  log(level: string, category: string, message: string): void;
}

export interface FunctionMetadata {
  readonly name: string;
  readonly bindings: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface RegisteredFunction {
  readonly metadata: FunctionMetadata;
  readonly callback: FunctionCallback;
}

type Hook = (context: Record<string, unknown>) => unknown;

/** Everything that an app registers while its entry file loads. */
export interface CoreApi {
  readonly functions: Map<string, RegisteredFunction>;
  /** The model set by the app's copy of `@azure/functions`. */
  model(): ProgrammingModel | undefined;
  /** Runs the hooks of a name in the order of their registration. */
  runHooks(name: string, context: Record<string, unknown>): Promise<void>;
  /** From now on nothing may be registered. */
  lock(): void;
}

class Disposable {
  constructor(private readonly callback: () => void) {}
  dispose(): void {
    this.callback();
  }
}

/** The versions of the Functions host's worker against which the library was written. */
const WORKER_VERSION = "3.12.0";
const HOST_VERSION = "4.1046.100.0";

/**
 * Makes `require("@azure/functions-core")` work, as the Functions Node.js worker does: the module exists only at run time,
 * by patching `Module.prototype.require` (Azure/azure-functions-nodejs-worker, src/setupCoreModule.ts).
 */
export function installCoreApi(log: (level: string, category: string, message: string) => void): CoreApi {
  const functions = new Map<string, RegisteredFunction>();
  const hooks = new Map<string, Hook[]>();
  let model: ProgrammingModel | undefined;
  let locked = false;
  const requireStartup = (what: string) => {
    if (locked) throw new Error(`${what} can only be registered during app startup.`);
  };

  const coreModule = {
    version: WORKER_VERSION,
    hostVersion: HOST_VERSION,
    registerHook(name: string, hook: Hook): Disposable {
      const list = hooks.get(name) ?? [];
      hooks.set(name, [...list, hook]);
      return new Disposable(() =>
        hooks.set(
          name,
          (hooks.get(name) ?? []).filter((other) => other !== hook),
        ),
      );
    },
    setProgrammingModel(next: ProgrammingModel): void {
      log("debug", "system", `Setting Node.js programming model to "${next.name}" version "${next.version}"`);
      model = next;
    },
    getProgrammingModel: () => model,
    registerFunction(metadata: FunctionMetadata, callback: FunctionCallback): Disposable {
      requireStartup("A function");
      functions.set(metadata.name, { metadata, callback });
      return new Disposable(() => {
        requireStartup("A function");
        functions.delete(metadata.name);
      });
    },
    log,
    Disposable,
  };

  const original = Module.prototype.require;
  Module.prototype.require = Object.assign(function (this: NodeJS.Module, id: string): unknown {
    return id === "@azure/functions-core" ? coreModule : original.call(this, id);
  }, original);

  return {
    functions,
    model: () => model,
    async runHooks(name, context) {
      for (const hook of hooks.get(name) ?? []) await hook(context);
    },
    lock() {
      locked = true;
    },
  };
}

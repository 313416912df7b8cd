/** Azure's load balancer cuts a response off after this time, whatever host.json says. */
export const RESPONSE_LIMIT_MS = 230_000;

/** Keys that open functions. */
export interface HostKeys {
  readonly master: string;
  /** Open every function of the app. */
  readonly host: readonly string[];
  /** By function name in lower case. */
  readonly functions: Readonly<Record<string, readonly string[]>>;
}

/** An HTTP function as the app registered it. */
export interface FunctionInfo {
  readonly name: string;
  /** Without the prefix, e.g. `greet` or `items/{id:int?}`. */
  readonly route: string;
  /** Upper case. */
  readonly methods: readonly string[];
  readonly authLevel: "anonymous" | "function" | "admin";
  /** As the function registered them. */
  readonly bindings: readonly Readonly<Record<string, unknown>>[];
}

/** What the emulator tells an app's process. */
export type ToWorker =
  | {
      readonly type: "start";
      /** Folder of the unpacked package. */
      readonly directory: string;
      readonly port: number;
      readonly certificate: { readonly cert: string; readonly key: string };
      readonly keys: HostKeys;
      /** A response is cut off after this time. */
      readonly responseLimitMs: number;
    }
  | { readonly type: "keys"; readonly keys: HostKeys }
  | { readonly type: "memory" }
  /** Are you there? */
  | { readonly type: "ping" }
  /** Finish what is under way, then end. */
  | { readonly type: "stop" };

/** What an app's process tells. Bodies, headers and queries never are among it. */
export type FromWorker =
  | { readonly type: "ready"; readonly functions: readonly FunctionInfo[]; readonly routePrefix: string }
  | { readonly type: "failed"; readonly message: string }
  | { readonly type: "log"; readonly level: string; readonly category: string; readonly message: string }
  | { readonly type: "memory"; readonly peakBytes: number }
  | { readonly type: "pong" }
  | {
      readonly type: "invocation";
      readonly id: string;
      readonly functionName: string;
      readonly parent?: string;
      /** Missing while it runs. */
      readonly outcome?: {
        readonly status: number;
        readonly durationMs: number;
        readonly requestBytes: number;
        readonly responseBytes: number;
        readonly error?: string;
      };
    };

/** Azure's load balancer cuts off a response after this time, whatever host.json says. */
export const RESPONSE_LIMIT_MS = 230_000;

/** The keys that give access to functions. */
export interface HostKeys {
  readonly master: string;
  /** Keys for every function of the app. */
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
  /** As the app registered them. */
  readonly bindings: readonly Readonly<Record<string, unknown>>[];
}

/** What the app's network settings say to a caller, and its address as Azure sees it. */
export interface Admission {
  readonly answer: "admitted" | "forbidden" | "nowhere";
  readonly ip: string;
}

/** A message from the emulator to an app's process. */
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
      /** The loopback address from which the app connects. */
      readonly outboundAddress?: string;
      /** Everybody may call the app; otherwise the emulator is asked about each caller. */
      readonly isOpen: boolean;
    }
  /** The answer to `admit`. */
  | { readonly type: "admitted"; readonly id: string; readonly admission: Admission }
  | { readonly type: "keys"; readonly keys: HostKeys }
  | { readonly type: "memory" }
  /** A check that the process still answers. */
  | { readonly type: "ping" }
  /** Take no more requests, give those under way so much time in ms, then end. */
  | { readonly type: "stop"; readonly graceMs: number };

/** A message from an app's process. It never contains bodies, headers or queries. */
export type FromWorker =
  | { readonly type: "ready"; readonly functions: readonly FunctionInfo[]; readonly routePrefix: string }
  | { readonly type: "failed"; readonly message: string }
  | { readonly type: "log"; readonly level: string; readonly category: string; readonly message: string }
  | { readonly type: "memory"; readonly peakBytes: number }
  | { readonly type: "pong" }
  /** May a client call the app, by its loopback address? */
  | { readonly type: "admit"; readonly id: string; readonly address: string }
  | {
      readonly type: "invocation";
      readonly id: string;
      readonly functionName: string;
      readonly parent?: string;
      /** Missing while the invocation runs. */
      readonly outcome?: {
        readonly status: number;
        readonly durationMs: number;
        readonly requestBytes: number;
        readonly responseBytes: number;
        readonly error?: string;
      };
    };

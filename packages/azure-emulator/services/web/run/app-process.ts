import { type ChildProcess, fork } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { Admission, FromWorker, FunctionInfo, HostKeys, ToWorker } from "./host-protocol";
import { watchWorker } from "./worker-watch";

/** The app and the way to run it. */
export interface AppProcessOptions {
  /** The worker program. */
  readonly program: string;
  /** The app's whole environment. */
  readonly environment: Readonly<Record<string, string>>;
  readonly memoryMb: number;
  readonly start: Omit<Extract<ToWorker, { type: "start" }>, "type">;
  /** Called with every message of the process once it runs. */
  readonly onMessage: (message: FromWorker) => void;
  /** Decides who may call the app, by the caller's loopback address. */
  readonly admit: (address: string) => Admission;
  /** Called if the process ended although nobody stopped it, or was killed because it did not yield. */
  readonly onCrash: (reason: string) => void;
}

/** A serving process of an app. */
export interface AppProcess {
  readonly functions: readonly FunctionInfo[];
  readonly routePrefix: string;
  setKeys(keys: HostKeys): void;
  /** Highest memory use so far, in bytes. */
  peakMemory(): Promise<number | undefined>;
  /** @param graceMs the time that requests under way have; 0 kills it at once */
  stop(graceMs?: number): Promise<void>;
}

/** Azure ends an app that does not start within this time (learn.microsoft.com/azure/azure-functions/flex-consumption-plan). */
const START_LIMIT_MS = 30_000;
/** The time of requests under way if the emulator stops. */
const GRACE_MS = 2000;
/** Beyond the grace, until the process is killed. */
const STOP_LIMIT_MS = 1000;
/** The share of an instance's memory that JavaScript's heap may use; buffers and code use the rest. */
const HEAP_SHARE = 0.75;

/**
 * Starts a separate process for an app and waits until it serves.
 * @throws Error with the reason that the app did not start.
 */
export async function startAppProcess(options: AppProcessOptions): Promise<AppProcess> {
  const { program, environment, memoryMb, start, onMessage, onCrash, admit } = options;
  const child = fork(program, [], {
    env: { ...environment },
    execArgv: [`--max-old-space-size=${Math.floor(memoryMb * HEAP_SHARE)}`],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    cwd: start.directory,
  });
  const ended = new Promise<string>((resolve) => {
    child.once("exit", (code, signal) => resolve(`the process ended with ${signal ?? `code ${code}`}`));
    // Also emitted if a message can no longer be sent; an exit follows.
    child.on("error", (error) => resolve(error.message));
  });
  let expected = false;
  const lastLines = keepOutput(child, onMessage);
  const end = async (graceMs = GRACE_MS) => {
    expected = true;
    if (graceMs === 0) child.kill("SIGKILL");
    else if (child.connected) child.send({ type: "stop", graceMs } satisfies ToWorker, () => {});
    const timer = setTimeout(() => child.kill("SIGKILL"), graceMs + STOP_LIMIT_MS);
    await ended;
    clearTimeout(timer);
  };
  try {
    const ready = await untilReady(child, ended, lastLines, { type: "start", ...start });
    let verdict: string | undefined;
    const watch = watchWorker(
      start.responseLimitMs,
      () => child.connected && child.send({ type: "ping" } satisfies ToWorker),
      () => {
        verdict = `it did not yield for ${start.responseLimitMs / 1000} s`;
        child.kill("SIGKILL");
      },
    );
    child.on("message", (message: FromWorker) => {
      watch.answered();
      if (message.type !== "admit") return onMessage(message);
      const { id, address } = message;
      if (child.connected)
        child.send({ type: "admitted", id, admission: admit(address) } satisfies ToWorker, () => {});
    });
    void ended.then((reason) => {
      watch.stop();
      if (!expected) onCrash([verdict ?? reason, ...lastLines()].join(": "));
    });
    return {
      functions: ready.functions,
      routePrefix: ready.routePrefix,
      setKeys: (keys) => void (child.connected && child.send({ type: "keys", keys } satisfies ToWorker)),
      peakMemory: () => askMemory(child, ended),
      stop: end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

async function untilReady(
  child: ChildProcess,
  ended: Promise<string>,
  lastLines: () => string[],
  start: ToWorker,
): Promise<Extract<FromWorker, { type: "ready" }>> {
  let timer: NodeJS.Timeout | undefined;
  const answer = new Promise<Extract<FromWorker, { type: "ready" }>>((resolve, reject) => {
    child.on("message", (message: FromWorker) => {
      if (message.type === "ready") resolve(message);
      if (message.type === "failed") reject(new Error(message.message));
    });
    void ended.then((reason) => reject(new Error([reason, ...lastLines()].join(": "))));
    timer = setTimeout(
      () => reject(new Error(`the app did not start within ${START_LIMIT_MS / 1000} s`)),
      START_LIMIT_MS,
    );
  });
  child.send(start);
  try {
    return await answer;
  } finally {
    clearTimeout(timer);
    child.removeAllListeners("message");
  }
}

/** Passes on the app's output as log lines, and keeps the last lines to explain a crash. */
function keepOutput(child: ChildProcess, onMessage: (message: FromWorker) => void): () => string[] {
  const last: string[] = [];
  const follow = (stream: Readable | null, level: string) => {
    if (stream === null) return;
    createInterface({ input: stream }).on("line", (message) => {
      last.push(message);
      if (last.length > 3) last.shift();
      onMessage({ type: "log", level, category: "console", message });
    });
  };
  follow(child.stdout, "information");
  follow(child.stderr, "error");
  return () => [...last];
}

function askMemory(child: ChildProcess, ended: Promise<string>): Promise<number | undefined> {
  if (!child.connected) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const listener = (message: FromWorker) => {
      if (message.type !== "memory") return;
      child.off("message", listener);
      resolve(message.peakBytes);
    };
    child.on("message", listener);
    void ended.then(() => resolve(undefined));
    child.send({ type: "memory" } satisfies ToWorker);
  });
}

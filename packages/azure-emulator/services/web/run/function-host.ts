import { createWriteStream, type WriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../../../../kit/reason-of";
import { type DualServer, listenDual } from "../../../control-plane/dual-server";
import { OWNER_ONLY } from "../../../control-plane/durable-file";
import type { LocalContext } from "../../../control-plane/local-service";
import { publicAddress } from "../../../control-plane/network/callers";
import type { ArmResource } from "../../../control-plane/resource";
import { resourceGroupOf } from "../../../control-plane/resource-id";
import { allKeys } from "../data-plane/function-keys";
import { openPackage } from "../data-plane/package-store";
import { type AppSettings, appSettingsOf } from "../resources/app-settings";
import { isOpenToAll, siteAdmission } from "../resources/site-access";
import { functionAppConfigOf } from "../resources/site-config";
import { hostStorageProblem, telemetryProblem } from "../resources/site-identity";
import { type AppProcess, startAppProcess } from "./app-process";
import { hostEnvironment } from "./host-environment";
import type { FromWorker, FunctionInfo } from "./host-protocol";
import { outboundAddress } from "./outbound-address";

/** Runs one site in its own process; if that is not possible, answers 503 with the reason on the site's port. */
export interface FunctionHost {
  /** Restarts with the current deployment. Never rejects: an error becomes `problem`. */
  start(): Promise<void>;
  /** Restarts if a change of the app's rights means that it can now run, or can no longer run. */
  recheck(): Promise<void>;
  readonly problem: string | undefined;
  readonly functions: readonly FunctionInfo[];
  readonly routePrefix: string;
  keysChanged(): Promise<void>;
  peakMemory(): Promise<number | undefined>;
  stop(): Promise<void>;
}

/** After a crash the app restarts at once, then after ever longer pauses while it keeps crashing. */
const RESTART_AFTER_MS = [0, 250, 1000, 5000];
/** The pause before the host tries a storage again whose role does not act yet. */
const ROLE_RETRY_MS = 100;
/** After this time a crash counts as the first one again. */
const SETTLED_MS = 10_000;

export function createFunctionHost(
  context: LocalContext,
  siteId: string,
  program: () => Promise<string>,
  responseLimitMs: number,
): FunctionHost {
  let app: AppProcess | undefined;
  let waiting: DualServer | undefined;
  let problem: string | undefined = "it was not started yet.";
  let telemetry: string | undefined;
  let crashes = 0;
  let startedAt = 0;
  let retry: NodeJS.Timeout | undefined;
  let log: WriteStream | undefined;
  let queue: Promise<void> = Promise.resolve();
  let stopped = false;

  const inTurn = (run: () => Promise<void>): Promise<void> => {
    queue = queue.then(run).catch((error: Error) => {
      problem = error.message;
      write("error", "host", error.stack ?? error.message);
    });
    return queue;
  };
  const halt = async (graceMs?: number) => {
    clearTimeout(retry);
    await app?.stop(graceMs);
    app = undefined;
    await waiting?.close();
    waiting = undefined;
  };
  const write = (level: string, category: string, message: string) =>
    void log?.write(`${new Date().toISOString()} ${level} ${category} ${message}\n`);

  const admit = (address: string) => {
    const site = context.resources.get(siteId);
    const caller = context.callers.of(address);
    const answer = site === undefined ? "forbidden" : siteAdmission(context, site, "main", caller);
    return { answer, ip: publicAddress(caller) } as const;
  };
  const handleMessageOf = (siteName: string) => (message: FromWorker) => {
    if (message.type === "log") write(message.level, message.category, message.message);
    if (message.type === "invocation") reportToFlow(context, siteId, siteName, message);
  };

  const warnOfTelemetry = (site: ArmResource, settings: AppSettings) => {
    const now = telemetryProblem(context, site, settings);
    if (now !== undefined && now !== telemetry) {
      write("warning", "host", now);
      const step = {
        id: `${siteId}#telemetry`,
        hop: "functions",
        name: "telemetry",
        status: "failed",
      } as const;
      context.flow.append({ ...step, ...groupOf(siteId), detail: { site: site.name }, error: now });
    }
    telemetry = now;
  };

  /** What an update leaves to requests under way, in ms: with `Recreate`, the default, they are cut. */
  const graceOf = ({ properties }: ArmResource) =>
    functionAppConfigOf(properties).siteUpdateStrategy?.type === "RollingUpdate" ? responseLimitMs : 0;

  const run = async (): Promise<void> => {
    const site = context.resources.get(siteId);
    await halt(site === undefined ? undefined : graceOf(site));
    if (site === undefined || stopped) return;
    const port = Number(String(site.properties.defaultHostName).split(":")[1]);
    log ??= await openLog(context, site.name);
    try {
      const settings = appSettingsOf(context, siteId);
      const sha256 = deployedPackage(context, siteId);
      if (sha256 === undefined) throw new Error("no code was published yet.");
      const storage = hostStorageProblem(context, site, settings);
      if (typeof storage === "object") {
        // As in Azure the host tries again by itself until the role is known.
        retry = setTimeout(() => void inTurn(run), ROLE_RETRY_MS);
        throw new Error(storage.text);
      }
      if (storage !== undefined) throw new Error(storage);
      const directory = await openPackage(context, site, sha256);
      const outbound = await outboundAddress(context, site);
      app = await startAppProcess({
        program: await program(),
        environment: await hostEnvironment(context, site, settings),
        memoryMb: functionAppConfigOf(site.properties).scaleAndConcurrency.instanceMemoryMB,
        start: {
          directory,
          port,
          certificate: context.certificates,
          keys: await allKeys(context, siteId),
          responseLimitMs,
          isOpen: isOpenToAll(context, site, "main"),
          ...(outbound !== undefined && { outboundAddress: outbound }),
        },
        admit,
        onMessage: handleMessageOf(site.name),
        onCrash: crashed,
      });
      startedAt = Date.now();
      problem = undefined;
      warnOfTelemetry(site, settings);
    } catch (error) {
      problem = messageOf(error);
      write("error", "host", `The app does not run: ${problem}`);
      waiting = await listenDual(port, context.certificates, (_request, response) => {
        response.writeHead(503, { "content-type": "text/plain; charset=utf-8" });
        response.end(`Function host is not running. ${site.name}: ${problem}\n`);
      }).catch((taken: Error) => {
        problem = `${problem} And its port cannot be opened: ${taken.message}`;
        return undefined;
      });
    }
  };

  const crashed = (reason: string) => {
    if (Date.now() - startedAt > SETTLED_MS) crashes = 0;
    const pause = RESTART_AFTER_MS[Math.min(crashes++, RESTART_AFTER_MS.length - 1)] ?? 0;
    write("error", "host", `The app crashed and restarts in ${pause} ms: ${reason}`);
    context.flow.append({
      id: `${siteId}#${Date.now()}`,
      hop: "functions",
      name: "crash",
      status: "failed",
      ...groupOf(siteId),
      error: reason,
    });
    problem = `it crashed: ${reason}`;
    retry = setTimeout(() => void inTurn(run), pause);
  };

  return {
    get problem() {
      return problem;
    },
    get functions() {
      return app?.functions ?? [];
    },
    get routePrefix() {
      return app?.routePrefix ?? "api";
    },
    start: () => inTurn(run),
    recheck: () =>
      inTurn(async () => {
        const site = context.resources.get(siteId);
        if (site === undefined || deployedPackage(context, siteId) === undefined) return;
        const settings = appSettingsOf(context, siteId);
        const storage = hostStorageProblem(context, site, settings);
        if (app === undefined || storage !== undefined) await run();
        else warnOfTelemetry(site, settings);
      }),
    async keysChanged() {
      app?.setKeys(await allKeys(context, siteId));
    },
    peakMemory: async () => app?.peakMemory(),
    stop: () =>
      inTurn(async () => {
        stopped = true;
        await halt();
        log?.end();
        log = undefined;
      }),
  };
}

/** The hash of the package that was last published. */
export function deployedPackage(context: LocalContext, siteId: string): string | undefined {
  const sha256 = context.resources.get(`${siteId}/deployments/current`)?.properties.sha256;
  return typeof sha256 === "string" ? sha256 : undefined;
}

async function openLog(context: LocalContext, siteName: string): Promise<WriteStream> {
  const folder = join(context.folder, "logs");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return createWriteStream(join(folder, `${siteName.toLowerCase()}.log`), { flags: "a", mode: OWNER_ONLY });
}

function reportToFlow(
  context: LocalContext,
  siteId: string,
  siteName: string,
  { id, functionName, parent, outcome }: Extract<FromWorker, { type: "invocation" }>,
): void {
  const common = {
    id,
    hop: "functions" as const,
    name: functionName,
    ...(parent !== undefined && { parent }),
    ...groupOf(siteId),
  };
  if (outcome === undefined) {
    context.flow.append({ ...common, status: "started", detail: { site: siteName } });
    return;
  }
  const { status, durationMs, requestBytes, responseBytes, error } = outcome;
  context.flow.append({
    ...common,
    status: status < 500 && error === undefined ? "succeeded" : "failed",
    durationMs,
    detail: { site: siteName, status, requestBytes, responseBytes },
    ...(error !== undefined && { error }),
  });
}

function groupOf(siteId: string): { readonly resourceGroup?: string } {
  const name = resourceGroupOf(siteId)?.split("/").at(-1);
  return name === undefined ? {} : { resourceGroup: name };
}

import fs from "node:fs";
import path from "node:path";
import type { LocalPace } from "../../../packages/azure-emulator/services/automation/run/runbook-executor";
import type { Sandbox } from "../../../packages/azure-emulator/services/automation/run/sandbox";
import type { FactoryScript, FakeFactory } from "./test-factory";

/** One case of runbooks/cases.json, which describes the fields. */
export interface RunbookCase {
  readonly name: string;
  readonly webhookData?: unknown;
  readonly body?: string;
  readonly fill?: Readonly<Record<string, readonly [text: string, times: number]>>;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly variables?: Readonly<Record<string, string | null>>;
  readonly credentials?: Readonly<Record<string, { userName: string; password: string }>>;
  readonly identity?: boolean;
  readonly factory?: FactoryScript;
  readonly azure?: boolean;
  readonly debug?: boolean;
  readonly assetFaults?: Readonly<Record<string, number>>;
  readonly expect: {
    readonly outcome: "started" | "ignored" | "rejected" | "failed";
    readonly output: readonly string[];
    /** A case that fails has one of the two. */
    readonly exception?: string;
    readonly message?: string;
    readonly datasetId?: string;
    readonly startsRun?: boolean;
    readonly pauses?: readonly number[];
    readonly signIns?: number;
    readonly requests?: number;
    readonly hosts?: readonly string[];
  };
}

/** How a job ended. */
export interface CaseEnd {
  readonly output: readonly string[];
  /** The error; null if the job completed. */
  readonly exception: string | null;
  /** The pauses that it made, in ms, if its clock was simulated. */
  readonly pauses?: readonly number[];
  /** Other output: debug, verbose, warnings. */
  readonly streams?: string;
  /** Timeout of each request, in s. PowerShell only, like the next field. */
  readonly timeout?: number | null;
  /** True if it added TLS 1.2 to the process's protocols. */
  readonly tls12?: boolean;
  /** True if it did not end and was stopped. */
  readonly timedOut?: boolean;
  /** Offsets of the statements that ran, for a script that records them. */
  readonly hits?: readonly number[];
}

export const casesFile = path.join(__dirname, "../../../runbooks/cases.json");

const shared = JSON.parse(fs.readFileSync(casesFile, "utf8")) as {
  body: string;
  variables: Record<string, string>;
  cases: RunbookCase[];
};

/** The cases that both the script and its twin must pass. */
export const runbookCases: readonly RunbookCase[] = shared.cases;

/** The id of the job in every case. */
export const caseJobId = "0f5c3e0a-6f43-4b63-9d39-6f4be1b1a0c1";

/** Assets whose next reads fail, as if the service were busy, or that are missing (-1). */
class BusyAssets<T> extends Map<string, T> {
  constructor(
    assets: readonly (readonly [string, T])[],
    private readonly faults: Record<string, number>,
  ) {
    super(assets);
  }

  override has(name: string): boolean {
    return this.faults[name] !== -1 && super.has(name);
  }

  override get(name: string): T | undefined {
    const left = this.faults[name] ?? 0;
    this.faults[name] = left - 1;
    if (left > 0) throw new Error("The operation has timed out.");
    return super.get(name);
  }
}

/** The runbook's environment in a case whose factory is at `factoryUrl`. */
export function caseSandbox(given: RunbookCase, factoryUrl: string): Sandbox {
  const variables = Object.entries({ ...shared.variables, ...given.variables }).filter(
    ([, value]) => value !== null,
  );
  const named = Object.entries(given.assetFaults ?? {});
  const faults = Object.fromEntries(named.map(([name, times]) => [name.toLowerCase(), times]));
  return {
    jobId: caseJobId,
    variables: new BusyAssets(
      variables.map(([name, value]) => [name.toLowerCase(), value]),
      faults,
    ),
    credentials: new BusyAssets(Object.entries(given.credentials ?? {}), faults),
    ...(given.identity !== false && { identity: { endpoint: `${factoryUrl}/identity`, header: "h1" } }),
  };
}

export function caseParameters(given: RunbookCase): Record<string, unknown> {
  const { fill = {}, body = shared.body } = given;
  const RequestBody = Object.entries(fill).reduce(
    (text, [mark, [part, times]]) => text.replaceAll(mark, part.repeat(times)),
    body,
  );
  const RequestHeader = { "content-type": "application/json" };
  const WebhookData =
    "webhookData" in given ? given.webhookData : { WebhookName: "quantemplate", RequestHeader, RequestBody };
  return { ...(WebhookData !== null && { WebhookData }), ...given.parameters };
}

/** A job's output in the form of a case's `output`. */
export function comparableOutput(lines: readonly string[]): string[] {
  return lines.map((line) => line.replace(/ loaded in \d+(\.\d)? s\.$/, " loaded in # s."));
}

/** Endpoints and a simulated clock for a case. The slash at the end is there for the runbook to remove. */
export function casePace(factoryUrl: string): LocalPace & { readonly pauses: readonly number[] } {
  const pauses: number[] = [];
  const clock = {
    now: () => pauses.reduce((sum, pause) => sum + pause, Date.now()),
    pause: (milliseconds: number) => void pauses.push(milliseconds),
  };
  const endpoint = `${factoryUrl}/`;
  return {
    armEndpoint: endpoint,
    loginEndpoint: endpoint,
    firstPollSeconds: 5,
    longestPollSeconds: 60,
    clock,
    pauses,
  };
}

/** Differences from what the case expects, one line each; none if the case passes. */
export function caseProblems(
  given: RunbookCase,
  ended: CaseEnd,
  factory: Pick<FakeFactory, "started" | "jobIds" | "signIns" | "requests" | "proxied">,
): string[] {
  const { expect } = given;
  const { outcome, datasetId = "d-bordereau-premium", startsRun = outcome === "started" } = expect;
  const problems: string[] = [];
  const compare = (what: string, actual: unknown, expected: unknown) => {
    const [is, wanted] = [actual, expected].map((value) => JSON.stringify(value));
    if (is !== wanted) problems.push(`${what}: ${is}, expected ${wanted}`);
  };
  if (ended.timedOut) problems.push("it did not end, and was stopped");
  compare("output", comparableOutput(ended.output), expect.output);
  if (expect.message === undefined) compare("exception", ended.exception, expect.exception ?? null);
  else if (!new RegExp(expect.message, "s").test(ended.exception ?? ""))
    problems.push(`exception: ${JSON.stringify(ended.exception)}, expected to match ${expect.message}`);
  compare("runs started", factory.started, startsRun ? [{ DatasetID: datasetId }] : []);
  for (const id of factory.jobIds) compare("x-ms-client-request-id", id, caseJobId);
  if (ended.pauses !== undefined && expect.pauses !== undefined)
    compare(
      "pauses in s",
      ended.pauses.map((pause) => pause / 1000),
      expect.pauses,
    );
  const loadedIn = /loaded in ([\d.]+) s\.$/.exec(ended.output.at(-1) ?? "")?.[1];
  if (loadedIn !== undefined && expect.pauses !== undefined) {
    const waited = expect.pauses.reduce((sum, pause) => sum + pause, 0);
    // Requests take some time, but never a noticeable one.
    const over = Number(loadedIn) - waited;
    if (!(over > -0.1 && over < 120)) problems.push(`loaded in ${loadedIn} s, of which it waited ${waited}`);
  }
  if (!given.debug && ended.exception === null)
    compare("warnings and other streams", ended.streams ?? "", "");
  compare("sign-ins", factory.signIns, expect.signIns ?? (factory.requests > 0 ? 1 : 0));
  compare("hosts asked for", [...factory.proxied], expect.hosts ?? []);
  if (expect.requests !== undefined) compare("requests", factory.requests, expect.requests);
  if (ended.timeout != null && expect.message === undefined)
    compare("time for an answer in s", ended.timeout, given.parameters?.RequestSeconds ?? 100);
  if (ended.tls12 !== undefined && expect.message === undefined) compare("TLS 1.2 added", ended.tls12, true);
  const secret = /client-secret-1|token-\d|wrong"/.exec(
    `${ended.output}${ended.exception}${ended.streams ?? ""}`,
  );
  if (secret !== null) problems.push(`it wrote a secret: ${secret[0]}`);
  return problems;
}

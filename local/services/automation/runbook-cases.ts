import fs from "node:fs";
import path from "node:path";
import type { Sandbox } from "./sandbox";
import type { FactoryScript } from "./test-factory";

/** One case of runbooks/cases.json; the file says what its fields mean. */
export interface RunbookCase {
  readonly name: string;
  readonly webhookData?: unknown;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly variables?: Readonly<Record<string, string | null>>;
  readonly credentials?: Readonly<Record<string, { userName: string; password: string }>>;
  readonly identity?: boolean;
  readonly factory?: FactoryScript;
  readonly expect: {
    readonly outcome: "started" | "ignored" | "rejected" | "failed";
    readonly output: readonly string[];
    /** Failed cases have one of the two. */
    readonly exception?: string;
    readonly message?: string;
    readonly datasetId?: string;
    readonly startsRun?: boolean;
  };
}

export const casesFile = path.join(__dirname, "../../../runbooks/cases.json");

const shared = JSON.parse(fs.readFileSync(casesFile, "utf8")) as {
  variables: Record<string, string>;
  cases: RunbookCase[];
};

/** The table that the script and its twin are held against. */
export const runbookCases: readonly RunbookCase[] = shared.cases;

/** The id of every case's job. */
export const caseJobId = "0f5c3e0a-6f43-4b63-9d39-6f4be1b1a0c1";

/** What the runbook finds around it in a case that is played by the factory at `factoryUrl`. */
export function caseSandbox(given: RunbookCase, factoryUrl: string): Sandbox {
  const variables = Object.entries({ ...shared.variables, ...given.variables }).filter(
    ([, value]) => value !== null,
  );
  return {
    jobId: caseJobId,
    variables: new Map(variables.map(([name, value]) => [name.toLowerCase(), value])),
    credentials: new Map(Object.entries(given.credentials ?? {})),
    ...(given.identity !== false && { identity: { endpoint: `${factoryUrl}/identity`, header: "h1" } }),
  };
}

export function caseParameters(given: RunbookCase): Record<string, unknown> {
  return { ...("webhookData" in given && { WebhookData: given.webhookData }), ...given.parameters };
}

/** What a job wrote, as a case's `output` has it. */
export function comparableOutput(lines: readonly string[]): string[] {
  return lines.map((line) => line.replace(/ loaded in [\d.]+ s\.$/, " loaded in # s."));
}

/** Where a case's factory is, asked again at once. */
export function casePace(factoryUrl: string) {
  return {
    armEndpoint: factoryUrl,
    loginEndpoint: factoryUrl,
    firstPollSeconds: 0.001,
    longestPollSeconds: 0.002,
  };
}

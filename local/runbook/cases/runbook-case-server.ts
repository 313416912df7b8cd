import { once } from "node:events";
import fs from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { json } from "node:stream/consumers";
import { sandboxInput } from "../../../packages/azure-emulator/services/automation/run/power-shell";
import {
  type CaseEnd,
  casePace,
  caseParameters,
  caseProblems,
  caseSandbox,
  casesFile,
  type RunbookCase,
  runbookCases,
} from "./runbook-cases";
import { type FakeFactory, startFakeFactory } from "./test-factory";

/** Input of case-runner.ps1 for one case. */
export interface StartedCase {
  /** JSON in ASCII, for sandbox.ps1. */
  readonly stdin: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Address of the fake factory, which stands in for Azure's own endpoints. */
  readonly azure: string;
  readonly debug: boolean;
  /** How many of the next reads of an asset fail, by its name. */
  readonly assetFaults: Readonly<Record<string, number>>;
}

/** The script that the cases test. */
export const caseScript = path.join(path.dirname(casesFile), "Start-QuantemplateLoad.ps1");

/** Input for a case with the runbook `content` and the factory at `url`. The script paces itself unless `pace` is given. */
export function startedCase(
  given: RunbookCase,
  content: string,
  url: string,
  pace: { readonly firstPollSeconds?: number; readonly longestPollSeconds?: number } = {},
): StartedCase {
  const { armEndpoint, loginEndpoint } = casePace(url);
  const local = given.azure ? {} : { armEndpoint, loginEndpoint, ...pace };
  const execution = { content, parameters: caseParameters(given), sandbox: caseSandbox(given, url) };
  const { debug = false, assetFaults = {} } = given;
  return { ...sandboxInput(execution, local), azure: url, debug, assetFaults };
}

/**
 * Plays cases of runbooks/cases.json for tests in another language. POST /start with `{"name": …}` answers a StartedCase and a `run`;
 * add `"process": true` for a job in its own process, whose clock is real. The factory listens until POST /end with that `run` and
 * a CaseEnd, which answers `{"problems": […]}`.
 */
export async function startCaseServer() {
  const content = fs.readFileSync(caseScript, "utf8");
  const started = new Map<number, { given: RunbookCase; factory: FakeFactory }>();
  let runs = 0;

  const start = async ({ name, process }: { name?: string; process?: boolean }) => {
    const given = runbookCases.find((one) => one.name === name);
    if (given === undefined) return undefined;
    const factory = await startFakeFactory(given.factory);
    const run = ++runs;
    started.set(run, { given, factory });
    const pace = process ? { firstPollSeconds: 0.001, longestPollSeconds: 0.002 } : {};
    return { run, ...startedCase(given, content, factory.url, pace) };
  };

  const end = async ({ run = 0, ...ended }: { run?: number } & CaseEnd) => {
    const { given, factory } = started.get(run) ?? {};
    if (given === undefined || factory === undefined) return undefined;
    started.delete(run);
    await factory.close();
    return { problems: caseProblems(given, ended, factory) };
  };

  const server = http.createServer(async (request, response) => {
    const body = (await json(request).catch(() => ({}))) as { name?: string; run?: number } & CaseEnd;
    const answer =
      request.url === "/start" ? await start(body) : request.url === "/end" ? await end(body) : undefined;
    response.writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(answer ?? {}));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await Promise.all([
        once(server, "close"),
        ...[...started.values()].map(({ factory }) => factory.close()),
      ]);
    },
  };
}

/** As a process: prints its address on the first line, and lives as long as its stdin. */
async function main(): Promise<void> {
  const server = await startCaseServer();
  process.stdout.write(`${server.url}\n`);
  process.stdin.resume();
  await once(process.stdin, "end");
  await server.close();
}

if (require.main === module) void main();

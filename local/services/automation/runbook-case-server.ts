import { once } from "node:events";
import fs from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { json } from "node:stream/consumers";
import { sandboxInput } from "./power-shell";
import { casePace, caseParameters, caseSandbox, casesFile, runbookCases } from "./runbook-cases";
import { startFakeFactory } from "./test-factory";

/** What a case's sandbox host is started with. */
export interface StartedCase {
  readonly run: number;
  /** JSON in ASCII, for the host script's stdin. */
  readonly stdin: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** What the runbook asked the factory for, as JSON text: PowerShell would unwrap a list of one. */
export interface EndedCase {
  /** The bodies of createRun. */
  readonly started: string;
  /** The values of x-ms-client-request-id. */
  readonly jobIds: string;
}

const script = path.join(path.dirname(casesFile), "Start-QuantemplateLoad.ps1");

/**
 * Plays cases of runbooks/cases.json for tests in another language: POST /start with `{"name": …}` answers a StartedCase, whose
 * factory listens until POST /end with its `{"run": …}` answers an EndedCase.
 */
export async function startCaseServer() {
  const content = fs.readFileSync(script, "utf8");
  const factories = new Map<number, Awaited<ReturnType<typeof startFakeFactory>>>();
  let runs = 0;

  const start = async ({ name }: { name?: string }): Promise<StartedCase | undefined> => {
    const given = runbookCases.find((one) => one.name === name);
    if (given === undefined) return undefined;
    const factory = await startFakeFactory(given.factory);
    const run = ++runs;
    factories.set(run, factory);
    const sandbox = caseSandbox(given, factory.url);
    const execution = { content, parameters: caseParameters(given), sandbox };
    return { run, ...sandboxInput(execution, casePace(factory.url)) };
  };

  const end = async ({ run = 0 }: { run?: number }): Promise<EndedCase | undefined> => {
    const factory = factories.get(run);
    if (factory === undefined) return undefined;
    factories.delete(run);
    await factory.close();
    return { started: JSON.stringify(factory.started), jobIds: JSON.stringify([...factory.jobIds]) };
  };

  const server = http.createServer(async (request, response) => {
    const body = (await json(request).catch(() => ({}))) as { name?: string; run?: number };
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
        ...[...factories.values()].map((factory) => factory.close()),
      ]);
    },
  };
}

/** As a process: says its address on the first line, and lives as long as its stdin. */
async function main(): Promise<void> {
  const server = await startCaseServer();
  process.stdout.write(`${server.url}\n`);
  process.stdin.resume();
  await once(process.stdin, "end");
  await server.close();
}

if (require.main === module) void main();

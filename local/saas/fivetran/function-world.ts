import { randomUUID } from "node:crypto";
import { mkdtemp } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import tls from "node:tls";
import { HttpRequest, type HttpResponseInit, InvocationContext } from "@azure/functions";
import type { config as SqlConfig } from "mssql";
import type pg from "pg";
import { migrate } from "../../../database/migrate";
import { createHandler } from "../../../functions/src/handler";
import { production } from "../../../functions/src/production";
import {
  TEST_DATABASE as DATABASE,
  openWorld,
  type TestWorld,
} from "../../../packages/azure-emulator/services/sql/testing/test-support";

const TYPES = {
  Premium: { type: "decimal(38,6)" },
  Count: { type: "int" },
  Bound: { type: "datetime2" },
  Big: { type: "bigint" },
  Open: { type: "bit" },
  Rate: { type: "float" },
  Day: { type: "date" },
};
/** Headers of the typed columns of `policies`. */
export const typedHeaders: readonly string[] = Object.keys(TYPES);
const DATASETS = [
  { id: "policies", table: "Policies", keyColumns: ["Policy No"], types: TYPES },
  { id: "notes", table: "notes" },
];
const HEADER = "Policy No,Premium,Count,Bound,Big,Open,Rate,Day,Text";

/** Line `index` of a snapshot of `policies`; `mark` changes it. */
export const policyLine = (index: number, mark = "") =>
  `P${index},${index}.250000,${index},2026-01-02T03:04:05,9007199254740993,${index % 2 === 0},1.5,2026-02-03,"a ""q"", é \u{1f600}\nline ${mark}"`;

/** The real function over the real database, with one keyed dataset of every type and one keyless one; for tests. */
export class FunctionWorld {
  /** Address of the function; it accepts any key. */
  functionUrl = "";
  readonly #servers: Server[] = [];

  private constructor(
    private readonly world: TestWorld,
    private readonly server: string,
  ) {}

  static async start(): Promise<FunctionWorld> {
    const folder = await mkdtemp(join(tmpdir(), "function-on-postgres-"));
    const world = await openWorld(folder, join(__dirname, "..", "..", "..", "database"));
    tls.setDefaultCACertificates([...tls.getCACertificates("default"), world.context.certificates.ca]);
    const started = new FunctionWorld(world, `127.0.0.1,${world.port}`);
    await started.#migrate();
    await started.#serve();
    return started;
  }

  async stop(): Promise<void> {
    for (const server of this.#servers) {
      server.closeAllConnections();
      server.close();
    }
    await this.world.stop();
  }

  pool(database: string): Promise<pg.Pool> {
    return this.world.service.pool(database);
  }

  query(sql: string, parameters?: unknown[]) {
    return this.world.service.query(this.server, DATABASE, sql, parameters);
  }

  /** Queries as the administrator, over TDS. */
  connect(): SqlConfig {
    return {
      server: "127.0.0.1",
      port: this.world.port,
      database: DATABASE,
      authentication: {
        type: "azure-active-directory-access-token",
        options: { token: this.world.token() },
      },
      options: { encrypt: true, trustServerCertificate: false },
    };
  }

  /** Publishes a snapshot as the pipeline does. */
  async load(dataset: string, csv: string): Promise<void> {
    const run = randomUUID();
    await this.query("select qt.begin_load($1, $2)", [run, dataset]);
    await this.world.service.copyCsv({
      server: this.server,
      database: DATABASE,
      accessToken: this.world.token(),
      schema: "staging",
      table: `load_${run.replaceAll("-", "")}`,
      autoCreate: true,
      csv: Readable.from([csv]),
    });
    await this.query("select qt.publish($1, true)", [run]);
  }

  loadPolicies(lines: readonly string[]): Promise<void> {
    return this.load("policies", [HEADER, ...lines].join("\n"));
  }

  async #migrate(): Promise<void> {
    const { clientId } = this.world.principal("function");
    await migrate({
      connect: this.connect(),
      datasets: DATASETS,
      unknownDatasets: "ignore",
      users: [{ name: "function", clientId, role: "reader" as const }],
    });
  }

  async #serve(): Promise<void> {
    const identity = this.world.principal("function");
    const identityEndpoint = await this.#listen((_request, response) => {
      const expires_on = String(Math.floor(Date.now() / 1000) + 3600);
      response.end(JSON.stringify({ access_token: this.world.token(identity), expires_on }));
    });
    const environment = {
      SQL_SERVER: this.server,
      SQL_DATABASE: DATABASE,
      AZURE_CLIENT_ID: identity.clientId,
      IDENTITY_ENDPOINT: `${identityEndpoint}/identity/token`,
      IDENTITY_HEADER: "identity-header",
    };
    const handler = createHandler(production(environment));
    this.functionUrl = await this.#listen(async (request, response) => {
      const string = Buffer.concat(await request.toArray()).toString("utf8");
      const url = "http://localhost/api/fivetran";
      const http = new HttpRequest({ method: "POST", url, body: { string } });
      const context = new InvocationContext({ functionName: "fivetran", logHandler: () => {} });
      const { headers, body } = (await handler(http, context)) as HttpResponseInit;
      response.writeHead(200, headers as Record<string, string>).end(body as Buffer);
    });
  }

  async #listen(listener: RequestListener): Promise<string> {
    const server = createServer(listener);
    this.#servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
}

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtemp } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import tls from "node:tls";
import { HttpRequest, type HttpResponseInit, InvocationContext } from "@azure/functions";
import fastify, { type FastifyInstance } from "fastify";
import { migrate } from "../../../database/migrate";
import { createHandler } from "../../../functions/src/handler";
import { production } from "../../../functions/src/production";
import { createFlowLog } from "../../arm/flow-log";
import { openWorld, type TestWorld } from "../../services/sql/test-support";
import { createFivetran } from "./index";

const DATABASE = "quantemplate";
const TYPES = {
  Premium: { type: "decimal(38,6)" },
  Count: { type: "int" },
  Bound: { type: "datetime2" },
  Big: { type: "bigint" },
  Open: { type: "bit" },
  Rate: { type: "float" },
  Day: { type: "date" },
};
const DATASETS = [
  { id: "policies", table: "Policies", keyColumns: ["Policy No"], types: TYPES },
  { id: "notes", table: "notes" },
];
const HEADER = "Policy No,Premium,Count,Bound,Big,Open,Rate,Day,Text";

/** Line `index` of a snapshot; `mark` changes it. */
const line = (index: number, mark = "") =>
  `P${index},${index}.250000,${index},2026-01-02T03:04:05,9007199254740993,${index % 2 === 0},1.5,2026-02-03,"a ""q"", é \u{1f600}\nline ${mark}"`;

describe("the function between the database and Fivetran", () => {
  let world: TestWorld;
  let app: FastifyInstance;
  let server: string;
  const servers: Server[] = [];

  async function listen(listener: RequestListener): Promise<string> {
    const made = createServer(listener);
    servers.push(made);
    await new Promise<void>((resolve) => made.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(made.address() as AddressInfo).port}`;
  }

  const query = (sql: string, parameters?: unknown[]) =>
    world.service.query(server, DATABASE, sql, parameters);

  async function load(dataset: string, csv: string): Promise<void> {
    const run = randomUUID();
    await query("select qt.begin_load($1, $2)", [run, dataset]);
    await world.service.copyCsv({
      server,
      database: DATABASE,
      accessToken: world.token(),
      schema: "staging",
      table: `load_${run.replaceAll("-", "")}`,
      autoCreate: true,
      csv: Readable.from([csv]),
    });
    await query("select qt.publish($1, true)", [run]);
  }

  const policies = (lines: readonly string[]) => load("policies", [HEADER, ...lines].join("\n"));

  async function call(path: string, method: "GET" | "POST" | "PUT" = "POST", payload?: unknown) {
    const answer = await app.inject({
      method,
      url: `/fivetran/connections/dev${path}`,
      ...(payload === undefined
        ? {}
        : { payload: JSON.stringify(payload), headers: { "content-type": "application/json" } }),
    });
    const json = JSON.parse(answer.body);
    assert.equal(answer.statusCode, 200, answer.body);
    return json;
  }

  /** The destination against the table, cell by cell. */
  async function assertSame(): Promise<void> {
    const rows =
      await query(`select policy_no, premium::text as premium, count, big::text as big, open, rate, text,
        to_char(bound, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as bound, to_char(day, 'YYYY-MM-DD') as day
      from data.policies where not _deleted`);
    const landed = rows.map((row) => ({ ...row, count: Number(row.count), rate: Number(row.rate) }));
    const sent = (await call("/tables/policies", "GET")).map(
      ({ _fivetran_deleted, _fivetran_synced, ...cells }: Record<string, unknown>) => cells,
    );
    const order = (list: Record<string, unknown>[]) =>
      list
        .map((row) => Object.fromEntries(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1))))
        .sort((a, b) => (String(a.policy_no) < String(b.policy_no) ? -1 : 1));
    assert.deepEqual(order(sent), order(landed));
    const notes = await query(
      "select _row_id::text as id, x, y from data.notes where not _deleted order by _row_id",
    );
    const sentNotes = await call("/tables/notes", "GET");
    assert.deepEqual(
      sentNotes.map((row: Record<string, unknown>) => [String(row.qt_row_id), row.x, row.y]).sort(),
      notes.map(({ id, x, y }) => [id, x, y]).sort(),
    );
  }

  before(async () => {
    const folder = await mkdtemp(join(tmpdir(), "function-on-postgres-"));
    world = await openWorld(folder, join(__dirname, "..", "..", "..", "database"));
    tls.setDefaultCACertificates([...tls.getCACertificates("default"), world.context.certificates.ca]);
    server = `127.0.0.1,${world.port}`;
    const identity = world.principal("function");
    const users = [{ name: "function", clientId: identity.clientId, role: "reader" as const }];
    const authentication = { type: "azure-active-directory-access-token", options: { token: world.token() } };
    const options = { encrypt: true, trustServerCertificate: false };
    await migrate({
      connect: {
        server: "127.0.0.1",
        port: world.port,
        database: DATABASE,
        authentication,
        options,
      } as never,
      datasets: DATASETS,
      unknownDatasets: "ignore",
      users,
    });
    const identityEndpoint = await listen((_request, response) => {
      const expires_on = String(Math.floor(Date.now() / 1000) + 3600);
      response.end(JSON.stringify({ access_token: world.token(identity), expires_on }));
    });
    const environment = {
      SQL_SERVER: server,
      SQL_DATABASE: DATABASE,
      AZURE_CLIENT_ID: identity.clientId,
      IDENTITY_ENDPOINT: `${identityEndpoint}/identity/token`,
      IDENTITY_HEADER: "identity-header",
    };
    const handler = createHandler(production(environment));
    const functionUrl = await listen(async (request, response) => {
      const string = Buffer.concat(await request.toArray()).toString("utf8");
      const http = new HttpRequest({
        method: "POST",
        url: "http://localhost/api/fivetran",
        body: { string },
      });
      const context = new InvocationContext({ functionName: "fivetran", logHandler: () => {} });
      const { headers, body } = (await handler(http, context)) as HttpResponseInit;
      response.writeHead(200, headers as Record<string, string>).end(body as Buffer);
    });
    app = fastify();
    createFivetran({ context: { flow: createFlowLog() }, pool: (name) => world.service.pool(name) }).routes?.(
      app,
    );
    await app.ready();
    await call("", "PUT", { functionUrl, functionKey: "key", customPayload: { pageRows: "40" } });
  });

  after(async () => {
    await app?.close();
    for (const made of servers) {
      made.closeAllConnections();
      made.close();
    }
    await world?.stop();
  });

  it("passes the connection test before anything was published", async () => {
    assert.deepEqual((await call("/test")).passedWithSyncId, true);
    assert.equal((await call("/sync")).pages, 1);
  });

  it("sends a first snapshot whole, in pages", async () => {
    await policies(Array.from({ length: 100 }, (_, index) => line(index)));
    await load("notes", "x,y\nsame,1\nsame,1\nother,");
    const report = await call("/sync");
    assert.deepEqual([report.inserts, report.updates, report.deletes, report.warnings], [103, 0, 0, []]);
    assert.equal(report.pages, 3);
    await assertSame();
  });

  it("sends exactly the changed rows of the next one", async () => {
    const lines = Array.from({ length: 100 }, (_, index) => line(index, index < 5 ? "changed" : ""));
    await policies([...lines.slice(0, 90), line(200), line(201)]);
    const report = await call("/sync");
    const { inserts, updates, deletes, unchanged, softDeletes, activeRows } = report;
    assert.deepEqual(
      { inserts, updates, deletes, unchanged, softDeletes, activeRows },
      { inserts: 2, updates: 5, deletes: 10, unchanged: 0, softDeletes: 0, activeRows: 17 },
    );
    await assertSame();
    assert.equal((await call("/sync")).activeRows, 0);
  });

  it("sends nothing for a snapshot that is the same", async () => {
    await load("notes", "x,y\nsame,1\nsame,1\nother,");
    const { activeRows, pages } = await call("/sync");
    assert.deepEqual([activeRows, pages], [0, 1]);
  });

  it("takes one of two equal rows away", async () => {
    await load("notes", "x,y\nsame,1\nother,");
    assert.equal((await call("/sync")).deletes, 1);
    await assertSame();
  });

  it("sends everything once in a resync", async () => {
    const { softDeletes, updates, inserts, unchanged } = await call("/resync");
    assert.deepEqual([softDeletes, updates, inserts, unchanged], [94, 94, 0, 0]);
    await assertSame();
  });

  it("cuts pages by bytes, breaking its reads off, and loses no row", async () => {
    const { functionUrl } = await call("", "GET");
    const connection = (customPayload: object) =>
      call("", "PUT", { functionUrl, functionKey: "key", customPayload });
    await connection({ pageBytes: "2500" });
    const { pages, updates } = await call("/resync");
    assert.ok(pages > 8, `${pages} pages`);
    assert.equal(updates, 94);
    await assertSame();
    await connection({ pageRows: "40" });
  });

  it("recovers by itself when tombstones were purged before they were read", async () => {
    await policies(Array.from({ length: 50 }, (_, index) => line(index)));
    await query("select qt.purge(0)");
    const { softDeletes } = await call("/sync");
    assert.equal(softDeletes, 92);
    await assertSame();
    assert.equal((await call("/sync")).activeRows, 0);
  });

  it("adds a column that comes later, for the rows that have a value in it", async () => {
    await load("notes", "x,y,z\nsame,1,\nother,,new");
    const { inserts, updates, deletes } = await call("/sync");
    assert.deepEqual([inserts + updates, deletes], [1, 1]);
    const rows = await call("/tables/notes", "GET");
    assert.deepEqual(rows.map(({ x, z }: Record<string, unknown>) => [x, z]).sort(), [
      ["other", "new"],
      ["same", null],
    ]);
  });
});

import { createServer } from "node:http";
import { mkdtemp, readFile, readdir } from "node:fs/promises";
import tls from "node:tls";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { Readable } from "node:stream";
import { HttpRequest, InvocationContext } from "@azure/functions";
import { openWorld } from "/work/main/local/services/sql/test-support";
import { createHandler } from "/work/main/functions/src/handler";
import { migrate } from "/work/main/database/migrate";
import { production } from "/work/main/functions/src/production";

const ROWS = Number(process.argv[2] ?? 1000);
const DB = "/work/main/database";
async function main() {
  const folder = await mkdtemp(join(tmpdir(), "c-real-"));
  const world = await openWorld(folder, DB);
  tls.setDefaultCACertificates([...tls.getCACertificates("default"), world.context.certificates.ca]);
  try {
    const server = `127.0.0.1,${world.port}`;
    const q = (sql: string, p?: unknown[]) => world.service.query(server, "quantemplate", sql, p);
    const principal = world.principal("func");
    const sql = (await import("mssql")).default;
    const m = await migrate({
      connect: () => new sql.ConnectionPool({ server: "127.0.0.1", port: world.port, database: "quantemplate", authentication: { type: "azure-active-directory-access-token", options: { token: world.token() } }, options: { encrypt: true } } as never).connect(),
      datasets: [{ id: "ds-1", table: "Claims", keyColumns: ["Policy No"], types: { Premium: { type: "decimal(18,2)" }, Count: { type: "int" }, Since: { type: "datetime2" } } }, { id: "ds-2", table: "notes" }],
      unknownDatasets: "ignore", users: [{ name: "func", clientId: principal.clientId, role: "reader" }], log: console.log,
    });
    await q("alter function qt.columns_json(integer) security definer");
    const load = async (id: string, csv: Iterable<string>) => {
      const run = crypto.randomUUID();
      const t = Date.now();
      await q(`select qt.begin_load($1,$2)`, [run, id]);
      await world.service.copyCsv({ server, database: "quantemplate", accessToken: world.token(), schema: "staging", table: `load_${run.replaceAll("-", "")}`, autoCreate: true, csv: Readable.from(csv), preCopyScript: `EXEC qt.reset_staging @run_id = N'${run}'` });
      const r = await q(`select * from qt.publish($1, false)`, [run]);
      console.log("load", id, Date.now() - t, "ms", r);
    };
    function* csv(n: number, change = 0): Generator<string> {
      yield "Policy No,Premium,Count,Since,Name,Notes,A,B,C,D,E,F\n";
      let chunk = "";
      for (let i = 0; i < n; i++) {
        chunk += `P${i},${i}.50,${i},2026-01-01T00:00:00,"Name ""q"", ${i}",é note ${i % 100 === 0 ? change : 0},aaaaaaaa,bbbbbbbb,cccccc,ddddd,,${i * 7}\n`;
        if (chunk.length > 60000) { yield chunk; chunk = ""; }
      }
      yield chunk;
    }
    await load("ds-1", csv(ROWS));
    await load("ds-2", ["x,y\n1,2\n1,2\n3,\n"]);
    const id = createServer((req, res) => { res.setHeader("content-type", "application/json"); res.end(JSON.stringify({ access_token: world.token(principal), expires_on: String(Math.floor(Date.now() / 1000) + 3600) })); });
    await new Promise<void>((r) => id.listen(0, "127.0.0.1", r));
    const endpoint = `http://127.0.0.1:${(id.address() as { port: number }).port}/identity/token`;
    const deps = production({ SQL_SERVER: server, SQL_DATABASE: "quantemplate", AZURE_CLIENT_ID: principal.clientId, IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: "secret-header" });
    const handler = createHandler(deps);
    const call = async (state: unknown, extra: object = {}) => {
      const t = performance.now();
      const r = await handler(new HttpRequest({ method: "POST", url: "http://x/api/fivetran", body: { string: JSON.stringify({ agent: "a", state, sync_id: "s", ...extra }) } }), new InvocationContext({ functionName: "f", logHandler: (l, ...a) => process.env.LOGS && console.log(l, ...a) })) as { body: Buffer };
      return { text: r.body, ms: performance.now() - t };
    };
    console.log((await call({}, { setup_test: true })).text.toString().slice(0, 500));
    for (const label of ["first", "again"]) {
      let state: unknown = {}, rows = 0, bytes = 0, pages = 0;
      const t = performance.now();
      const cpu = process.cpuUsage();
      for (let more = true; more;) {
        const { text } = await call(state);
        const s = text.toString();
        if (s.startsWith('{"errorMessage')) { console.log(s); return; }
        state = JSON.parse(s.slice(9, s.indexOf(',"insert":')));
        more = s.includes('"hasMore":true');
        bytes += text.length; pages++;
        if (pages === 1) console.log(s.slice(0, 700), "...", s.slice(-400));
      }
      const ms = performance.now() - t, c = process.cpuUsage(cpu);
      console.log(label, { pages, bytes, ms, rowsPerSec: ROWS / ms * 1000, cpuMs: (c.user + c.system) / 1000, rss: process.memoryUsage().rss / 1e6 });
      if (label === "first") {
        await load("ds-1", csv(ROWS, 1));
        const t2 = performance.now();
        const d = await call(state);
        console.log("incremental", d.text.length, d.ms, d.text.toString().slice(0, 300));
      }
    }
    id.close();
  } finally { await world.stop(); }
}
main().then(() => process.exit(0), (e) => { console.error(e); process.exit(1); });

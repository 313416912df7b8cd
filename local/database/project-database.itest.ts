import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { type ConnectionPool, RequestError, TYPES } from "mssql";
import { describeMigration } from "../../database/conformance/migration-suite";
import { migrate } from "../../database/migrate";
import type { Principal } from "../../packages/azure-emulator/control-plane/identity";
import { settings, withPool } from "../../packages/azure-emulator/services/sql/testing/test-procedures";
import {
  openWorld,
  TEST_DATABASE,
  type TestWorld,
} from "../../packages/azure-emulator/services/sql/testing/test-support";

const projectFiles = join(__dirname, "..", "..", "database");
const dataset = { id: "d1", table: "bordereau", keyColumns: ["Policy No"] };

describe("the project's database over TDS", () => {
  let world: TestWorld;
  let factory: Principal;
  let reader: Principal;

  before(async () => {
    assert.ok(existsSync(join(projectFiles, "tsql")));
    world = await openWorld(await mkdtemp(join(tmpdir(), "sql-project-")), projectFiles);
    factory = world.principal("factory");
    reader = world.principal("function");
  });

  after(() => world?.stop());

  const apply = () =>
    migrate({
      connect: settings(world),
      datasets: [dataset],
      unknownDatasets: "ignore",
      users: [
        { name: "factory", clientId: factory.clientId, role: "loader" },
        { name: "function", clientId: reader.clientId, role: "reader" },
      ],
    });

  const as = <T>(principal: Principal, work: (pool: ConnectionPool) => Promise<T>): Promise<T> => {
    const options = { token: world.token(principal) };
    return withPool(
      settings(world, { authentication: { type: "azure-active-directory-access-token", options } }),
      work,
    );
  };

  const load = async (csv: string) => {
    const runId = randomUUID();
    return as(factory, async (pool) => {
      await pool
        .request()
        .input("run_id", TYPES.NVarChar, runId)
        .input("dataset_id", TYPES.NVarChar, "d1")
        .execute("qt.begin_load");
      await world.service.copyCsv({
        server: `127.0.0.1,${world.port}`,
        database: TEST_DATABASE,
        accessToken: world.token(factory),
        schema: "staging",
        table: `load_${runId.replaceAll("-", "")}`,
        preCopyScript: `EXEC qt.reset_staging @run_id = N'${runId}'`,
        autoCreate: true,
        csv: Readable.from([Buffer.from(csv)]),
      });
      return (await pool.request().input("run_id", TYPES.NVarChar, runId).execute("qt.publish")).recordset[0];
    });
  };

  const changes = (afterVersion: string) =>
    as(reader, async (pool) => {
      const request = pool
        .request()
        .input("dataset_id", TYPES.NVarChar, "d1")
        .input("epoch", TYPES.NVarChar, null)
        .input("after_version", TYPES.BigInt, afterVersion)
        .input("after_row", TYPES.BigInt, afterVersion === "0" ? "0" : "9223372036854775807")
        .input("upto", TYPES.BigInt, null)
        .input("limit", TYPES.Int, 1000);
      return (await request.execute("qt.changes")).recordsets as unknown as Record<string, unknown>[][];
    });

  it("is created by the migrator with mssql, and a second run changes nothing", async () => {
    const first = await apply();
    assert.ok(first.applied.length > 10);
    assert.deepEqual(first.datasets, [{ id: "d1", table: "bordereau", status: "active" }]);
    const second = await apply();
    assert.deepEqual([second.applied, second.unchanged], [[], first.applied.length]);
  });

  describe("migrated", () => {
    let made = 0;
    describeMigration(async () => {
      const database = `migrated-${++made}`;
      await world.put(`${world.serverId}/databases/${database}`, { location: "westeurope", properties: {} });
      return {
        connect: settings(world, { database }),
        tables: async () => {
          const rows = await world.service.query(
            "sql-test",
            database,
            "select schemaname || '.' || tablename as name from pg_tables where schemaname in ('qt', 'data', 'staging')",
          );
          return rows.map(({ name }) => String(name)).sort();
        },
      };
    });
  });

  it("takes a snapshot from the loader and shows the changes to the reader", async () => {
    assert.deepEqual(
      (({ status, inserted }) => ({ status, inserted }))(
        await load('Policy No,Insured\n001,"Müller, & Söhne"\n002,\n'),
      ),
      { status: "published", inserted: "2" },
    );
    const [head, rows] = await changes("0");
    assert.equal(head?.[0]?.status, "ok");
    assert.deepEqual(
      rows?.map(({ _version, _row_id, ...row }) => row),
      [
        { _deleted: false, policy_no: "001", insured: "Müller, & Söhne" },
        { _deleted: false, policy_no: "002", insured: null },
      ],
    );
    await load("Policy No,Insured\n002,\n003,New\n");
    const [, later] = await changes(String(head?.[0]?.upto));
    assert.deepEqual(later?.map((row) => [row.policy_no, row._deleted]).sort(), [
      ["001", true],
      ["003", false],
    ]);
  });

  it("refuses the reader what only the loader may do, and vice versa", async () => {
    const denied = (error: unknown) => error instanceof RequestError && error.number === 229;
    await as(reader, (pool) =>
      assert.rejects(
        pool.request().input("run_id", TYPES.NVarChar, randomUUID()).execute("qt.publish"),
        denied,
      ),
    );
    await as(factory, (pool) =>
      assert.rejects(pool.request().input("retention_days", TYPES.Int, 1).execute("qt.configure")),
    );
  });

  it("logs each call in the flow, with the run that it belongs to", async () => {
    const publish = world.context.flow
      .recent(1000)
      .filter(({ name, status }) => name === "qt.publish" && status !== "started");
    assert.equal(publish[0]?.status, "succeeded");
    assert.equal(publish[0]?.resourceGroup, "rg-test");
    assert.match(publish[0]?.parent ?? "", /^[0-9a-f-]{36}$/);
    assert.equal(publish.at(-1)?.status, "failed");
  });
});

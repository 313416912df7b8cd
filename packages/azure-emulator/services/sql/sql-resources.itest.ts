import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { ConnectionPool, TYPES } from "mssql";
import { SQL_AUDIENCE } from "../../control-plane/identity";
import { startTestEmulator, type TestEmulator } from "../../control-plane/testing/test-emulator";
import { createPassiveService } from "../passive";
import { createSqlService } from ".";
import { readPostmaster } from "./postgres/postmaster";
import { settings, testFiles, testProcedures, withPool } from "./testing/test-procedures";
import { openWorld, startWorld, type TestWorld } from "./testing/test-support";

describe("Microsoft.Sql resources", () => {
  let world: TestWorld;

  before(async () => {
    world = await startWorld(testFiles);
  });

  after(() => world?.stop());

  it("give each server its own port, and keep databases of the same name apart", async () => {
    const otherId = world.serverId.replace("sql-test", "sql-other");
    const { properties } = world.context.resources.get(world.serverId) ?? { properties: {} };
    const other = await world.put(otherId, { location: "westeurope", properties });
    await world.put(`${otherId}/databases/orders`, { location: "westeurope", properties: {} });
    const port = Number(/^127\.0\.0\.1,(\d+)$/.exec(String(other.properties.fullyQualifiedDomainName))?.[1]);
    assert.notEqual(port, world.port);
    await withPool(settings(world), (pool) => pool.request().batch(testProcedures));
    await withPool(settings(world, { port }), (pool) =>
      assert.rejects(pool.request().execute("shop.list_kept"), /Could not find/),
    );
    await world.remove(otherId);
    await assert.rejects(new ConnectionPool(settings(world, { port })).connect());
  });

  it("are the same after a second PUT, data included", async () => {
    await withPool(settings(world), (pool) => pool.request().batch("EXEC shop.keep @id = 1, @value = N'x'"));
    const before = world.context.resources.get(world.serverId);
    await world.put(world.serverId, {
      location: "westeurope",
      properties: before?.properties ?? {},
    });
    await world.put(world.databaseId, { location: "westeurope", properties: {} });
    assert.deepEqual(world.context.resources.get(world.serverId), before);
    assert.equal((await world.service.query("sql-test", "orders", "select * from shop.kept")).length, 1);
  });

  it("answer what Azure fills in, and the same after each PUT", async () => {
    const put = () => world.put(world.databaseId, { location: "westeurope", properties: {} });
    const first = await put();
    assert.equal(first.kind, "v12.0,user,vcore");
    for (const name of [
      "status",
      "creationDate",
      "databaseId",
      "earliestRestoreDate",
      "requestedServiceObjectiveName",
    ])
      assert.ok(first.properties[name], name);
    assert.deepEqual(await put(), first);
    const server = world.context.resources.get(world.serverId);
    assert.equal(server?.kind, "v12.0");
    assert.equal(server?.properties.externalGovernanceStatus, "Disabled");
  });

  it("lose a deleted database with its roles; a new one of that name is empty", async () => {
    const id = `${world.serverId}/databases/other`;
    await world.put(id, { location: "westeurope", properties: {} });
    const role =
      "do $$ begin execute format('create role %I', current_database() || '/x'); end $$; create table t ()";
    await world.service.query("sql-test", "other", role);
    await withPool(settings(world, { database: "other" }), async () => world.remove(id));
    await world.put(id, { location: "westeurope", properties: {} });
    assert.deepEqual(await world.service.query("sql-test", "other", "select to_regclass('t') as t"), [
      { t: null },
    ]);
    await world.service.query("sql-test", "other", role);
  });

  it("answer the owner's queries with JSON that loses nothing", async () => {
    const sql = `select 9007199254740993 as big, count(*) as n, 0.10::numeric as amount, $1::text as given, true as yes,
                        timestamptz '2026-01-02 03:04:05+01' as moment, date '2026-01-02' as day`;
    assert.deepEqual(await world.service.query("sql-test", "orders", sql, ["x"]), [
      {
        big: "9007199254740993",
        n: 1,
        amount: "0.10",
        given: "x",
        yes: true,
        moment: "2026-01-02T02:04:05Z",
        day: "2026-01-02",
      },
    ]);
    await assert.rejects(world.service.query("nowhere", "orders", "select 1"), { code: "QT6106" });
    await assert.rejects(world.service.query("sql-test", "nowhere", "select 1"), { code: "QT6107" });
  });

  it("keep the emulator's own databases separate", async () => {
    const pool = await world.service.pool("notes");
    assert.deepEqual((await pool.query("select current_database() as name")).rows, [{ name: "notes" }]);
    assert.equal(await world.service.pool("notes"), pool);
  });

  it("are available after a restart, at the same port, with their data", async () => {
    const { port } = world;
    world = await world.restart();
    assert.equal(world.port, port);
    await withPool(settings(world), async (pool) => {
      assert.deepEqual((await pool.request().execute("shop.list_kept")).recordset, [{ id: 1, value: "x" }]);
    });
  });
});

describe("a killed SQL service", () => {
  it("leaves committed data to the next one, which stops the orphaned server", async () => {
    const first = await startWorld(testFiles);
    await withPool(settings(first), (pool) => pool.request().batch(testProcedures));
    const { folder } = first;
    await first.service.stop?.();
    await first.context.close();

    const script = `
      const { openWorld } = require(${JSON.stringify(join(__dirname, "testing", "test-support"))});
      const { settings } = require(${JSON.stringify(join(__dirname, "testing", "test-procedures"))});
      const { ConnectionPool } = require("mssql");
      openWorld(${JSON.stringify(folder)}, ${JSON.stringify(join(folder, "database"))}).then(async (world) => {
        const pool = await new ConnectionPool(settings(world)).connect();
        await pool.request().batch("EXEC shop.keep @id = 1, @value = N'committed'");
        await pool.request().batch("BEGIN TRAN");
        await pool.request().batch("EXEC shop.keep @id = 2, @value = N'open'");
        console.log("ready");
      });`;
    const child = spawn(process.execPath, ["--require", "tsx/cjs", "--eval", script], {
      cwd: join(__dirname, "..", "..", "..", ".."),
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    const data = join(folder, "state", "postgres", "data");
    const left = await readPostmaster(data);
    child.kill("SIGKILL");
    await once(child, "exit");
    assert.deepEqual(await readPostmaster(data), left, "the server still runs");

    const second = await openWorld(folder, join(folder, "database"));
    try {
      assert.notEqual((await readPostmaster(data))?.pid, left?.pid);
      await withPool(settings(second), async (pool) => {
        assert.deepEqual((await pool.request().execute("shop.list_kept")).recordset, [
          { id: 1, value: "committed" },
        ]);
        await pool
          .request()
          .input("id", TYPES.Int, 2)
          .input("value", TYPES.NVarChar, "new")
          .execute("shop.keep");
      });
    } finally {
      await second.stop();
    }
  });
});

describe("Microsoft.Sql over REST: servers and databases", () => {
  let emulator: TestEmulator;
  before(async () => {
    emulator = await startTestEmulator((context) => [
      createPassiveService(context),
      createSqlService(context),
    ]);
  });
  after(() => emulator?.stop());

  it("have the sizes that a region offers", async () => {
    const locations = `/subscriptions/${emulator.context.subscriptionId}/providers/Microsoft.Sql/locations`;
    const { json } = await emulator.arm(
      "GET",
      `${locations}/westeurope/capabilities?include=supportedEditions`,
    );
    assert.deepEqual([json.name, json.status], ["West Europe", "Available"]);
    const [{ name, supportedEditions }] = json.supportedServerVersions;
    assert.equal(name, "12.0");
    const [general] = supportedEditions;
    assert.deepEqual([general.name, general.status], ["GeneralPurpose", "Default"]);
    const sizes = general.supportedServiceLevelObjectives;
    assert.deepEqual(sizes.find((size: { name: string }) => size.name === "GP_S_Gen5_1").sku, {
      name: "GP_S_Gen5",
      tier: "GeneralPurpose",
      family: "Gen5",
      capacity: 1,
    });
    const nowhere = await emulator.arm("GET", `${locations}/atlantis/capabilities`);
    assert.deepEqual([nowhere.status, nowhere.json.error.code], [400, "LocationNotAvailableForResourceType"]);
  });
});

describe("the query URL", () => {
  let emulator: TestEmulator;

  before(async () => {
    emulator = await startTestEmulator((context) => [createSqlService(context)]);
    const server = `${emulator.group}/providers/Microsoft.Sql/servers/sql-test`;
    const { objectId } = emulator.context.principals.deployer;
    const administrators = { login: "deployer", sid: objectId, principalType: "Application" };
    const properties = { administrators };
    assert.equal((await emulator.arm("PUT", server, { location: "westeurope", properties })).status, 202);
    assert.equal(
      (await emulator.arm("PUT", `${server}/databases/db`, { location: "westeurope", properties: {} }))
        .status,
      202,
    );
    const rule = { properties: { startIpAddress: "0.0.0.0", endIpAddress: "0.0.0.0" } };
    assert.equal((await emulator.arm("PUT", `${server}/firewallRules/azure`, rule)).status, 201);
  });

  after(() => emulator?.stop());

  const ask = (body: unknown, token?: string, database = "db") => {
    const { context, call } = emulator;
    const bearer =
      token ??
      context.tokens.issue(context.principals.deployer, "https://management.core.windows.net/").token;
    return call(`${context.httpsUrl}/sql/sql-test/${database}/query`, {
      method: "POST",
      headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  };

  it("answers the deployer with rows", async () => {
    const { status, json } = await ask({ sql: "select $1::int + 1 as n", parameters: [41] });
    assert.deepEqual([status, json], [200, { rows: [{ n: 42 }] }]);
  });

  it("refuses everybody else, and tokens for other audiences", async () => {
    const { context, group } = emulator;
    const other = context.principals.ofResource(`${group}/providers/Microsoft.Web/sites/x`, "x");
    const { token } = context.tokens.issue(other, "https://management.azure.com/");
    assert.equal((await ask({ sql: "select 1" }, token)).status, 403);
    const sql = context.tokens.issue(context.principals.deployer, SQL_AUDIENCE).token;
    assert.equal((await ask({ sql: "select 1" }, sql)).status, 401);
  });

  it("reports what is wrong with a request", async () => {
    assert.equal((await ask({})).status, 400);
    const { status, json } = await ask({ sql: "select nothing" });
    assert.deepEqual([status, json.error.code], [400, "SqlError"]);
    assert.match(json.error.message, /column "nothing" does not exist/);
    assert.equal((await ask({ sql: "select 1" }, undefined, "nowhere")).status, 404);
  });
});

import assert from "node:assert/strict";
import { ConnectionPool } from "mssql";
import { settings, testFiles, testProcedures, usersTwin, withPool } from "./testing/test-procedures";
import { startWorld, type TestWorld } from "./testing/test-support";

describe("A database that is made as a copy", () => {
  let world: TestWorld;
  let copyId: string;
  let port: number;

  before(async () => {
    world = await startWorld(testFiles);
    await withPool(settings(world), (pool) => pool.request().batch(testProcedures));
    await query(usersTwin(world.principal("reader").clientId));
    const otherId = world.serverId.replace("sql-test", "sql-other");
    const { properties } = world.context.resources.get(world.serverId) ?? assert.fail();
    const other = await world.put(otherId, { location: "westeurope", properties });
    port = Number(String(other.properties.fullyQualifiedDomainName).split(",")[1]);
    copyId = `${otherId}/databases/of-orders`;
  });

  after(() => world?.stop());

  const query = (sql: string) => world.service.query("sql-test", "orders", sql);
  const copy = () =>
    world.put(copyId, {
      location: "westeurope",
      properties: { createMode: "Copy", sourceDatabaseId: world.databaseId },
    });
  const inCopy = () => settings(world, { port, database: "of-orders" });
  /** As the user that the database has. */
  const asReader = (config: ReturnType<typeof settings>) =>
    withPool(
      {
        ...config,
        authentication: {
          type: "azure-active-directory-access-token",
          options: { token: world.token(world.principal("reader")) },
        },
      },
      async (pool) => {
        const { recordset } = await pool.request().execute("shop.count_kept");
        await assert.rejects(pool.request().execute("shop.list_kept"), /EXECUTE permission was denied/);
        return Number(recordset[0].kept);
      },
    );

  it("is the source as it is when its open transactions have ended, and leaves its sessions alone", async () => {
    const pool = await new ConnectionPool(settings(world)).connect();
    try {
      await pool.request().batch("EXEC shop.keep @id = 1, @value = N'x'");
      const open = pool.transaction();
      await open.begin();
      await open.request().batch("EXEC shop.keep @id = 2, @value = N'x'");
      const copied = copy();
      await open.request().batch("EXEC shop.keep @id = 3, @value = N'x'");
      await open.commit();
      const { properties } = await copied;
      assert.equal(properties.createMode, undefined);
      await pool.request().batch("EXEC shop.keep @id = 4, @value = N'x'");
    } finally {
      await pool.close();
    }
    assert.equal((await query("select * from shop.kept")).length, 4);
    assert.equal((await world.service.query("sql-other", "of-orders", "select * from shop.kept")).length, 3);
  });

  it("has the source's users with their rights, and they go with it", async () => {
    assert.equal(await asReader(inCopy()), 3);
    assert.equal(await asReader(settings(world)), 4);
    await withPool(inCopy(), (pool) => pool.request().batch("EXEC shop.keep @id = 9, @value = N'x'"));
    assert.equal(await asReader(settings(world)), 4);
    await world.remove(copyId);
    assert.equal(await asReader(settings(world)), 4);
    await copy();
    assert.equal(await asReader(inCopy()), 4);
  });

  it("has its source's size if it is given none, and no later PUT copies again", async () => {
    await query("delete from shop.kept");
    const again = await copy();
    assert.deepEqual(again.sku, world.context.resources.get(world.databaseId)?.sku);
    assert.equal(await asReader(inCopy()), 4);
  });
});

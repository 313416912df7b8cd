import assert from "node:assert/strict";
import { CodedError } from "../../../kit/errors/coded-error";
import { createLocalContext } from "../../control-plane";
import { createSqlService, ServerRecord } from "./index";
import { startWorld, type TestWorld } from "./testing/test-support";

/** Nothing listens at this address. */
const url = "mssql://sa:secret@127.0.0.1:1";

describe("a SQL Server in place of the embedded PostgreSQL", () => {
  let world: TestWorld;
  before(async () => {
    world = await startWorld();
  });
  after(() => world?.stop());

  /** Starts the service on a folder with the URL; returns its error and the record that remains. */
  async function failure(folder: string): Promise<{ error: unknown; kept: ServerRecord | undefined }> {
    const context = await createLocalContext(folder);
    const server = await ServerRecord.choose(folder, url);
    const service = createSqlService(context, { server });
    const error: unknown = await service.start?.().catch((reason: unknown) => reason);
    await service.stop?.();
    await context.close();
    return { error, kept: await ServerRecord.find(folder) };
  }

  it("is refused and not recorded if the databases are in PostgreSQL", async () => {
    const { folder } = world.context;
    await world.service.stop?.();
    await world.context.close();
    const { error, kept } = await failure(folder);
    assert.ok(error instanceof CodedError && error.code === "QT9023", String(error));
    assert.equal(kept, undefined);
    world = await world.restart();
    assert.deepEqual(await world.service.query("sql-test", "orders", "select 1 as n"), [{ n: 1 }]);
  });

  it("is named without its password and not recorded if it cannot be reached", async () => {
    const { error, kept } = await failure(`${world.folder}/another`);
    assert.ok(error instanceof CodedError && error.code === "QT6120", String(error));
    assert.match(error.message, /127\.0\.0\.1,1 .*connect/);
    assert.doesNotMatch(error.format(), /secret/);
    assert.equal(kept, undefined);
  });
});

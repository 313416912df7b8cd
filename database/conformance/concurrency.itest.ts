import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { useWarehouse } from "./warehouse";

const header = ["id", "v"];
const rows = (value: string, count = 50) =>
  Array.from({ length: count }, (_, index) => [String(index), value]);

describe("several sessions", () => {
  const warehouse = useWarehouse();

  before(async () => {
    await warehouse().configure(["a", "b"].map((id) => ({ id, table: id, keyColumns: ["id"] })));
    for (const id of ["a", "b"]) await warehouse().load(id, { header, rows: rows("old") });
  });

  /** A run whose snapshot is staged and not yet published. */
  async function staged(dataset: string, value: string): Promise<string> {
    const run = await warehouse().begin(dataset);
    await warehouse().driver.stage(run, header, rows(value));
    return run;
  }
  const values = async () => new Set((await warehouse().live("a")).map((row) => row.v));

  it("shows readers the old table until the publish commits, and does not make them wait", async () => {
    const run = await staged("a", "new");
    const publisher = await warehouse().another();
    await publisher.session.begin();
    await publisher.publish(run);
    assert.deepEqual(await values(), new Set(["old"]));
    await publisher.session.commit();
    assert.deepEqual(await values(), new Set(["new"]));
    await publisher.session.close();
  });

  it("lets two publishes of one run agree, and two datasets publish side by side", async () => {
    const run = await staged("a", "twice");
    const beside = await staged("b", "beside");
    const [one, two] = [await warehouse().another(), await warehouse().another()];
    await one.session.begin();
    const first = await one.publish(run);
    assert.equal((await warehouse().publish(beside)).updated, 50, "another dataset does not wait");
    const second = two.publish(run);
    await one.session.commit();
    assert.deepEqual(await second, first);
    await one.session.close();
    await two.session.close();
  });

  it("leaves nothing of a publish whose session is cut", async () => {
    const before = await warehouse().changes("a");
    const run = await staged("a", "cut");
    const publisher = await warehouse().another();
    await publisher.session.begin();
    await publisher.publish(run);
    await publisher.session.cut();
    assert.deepEqual(await warehouse().changes("a"), before);
    assert.equal((await warehouse().publish(run)).updated, 50, "and the same run can be published then");
  });

  it("registers a run once when two sessions begin it together", async () => {
    const run = randomUUID();
    const sessions = [await warehouse().another(), await warehouse().another()];
    await Promise.all(sessions.map((each) => each.begin("a", run)));
    const loads = await warehouse().driver.query(`select * from qt."load" where run_id = '${run}'`);
    assert.equal(loads.length, 1);
    await Promise.all(sessions.map(({ session }) => session.close()));
  });
});

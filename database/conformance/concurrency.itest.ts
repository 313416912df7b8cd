import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { skip } from "../../packages/kit/testing/skip";
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

  /** Starts a run and stages its snapshot, without publishing it. */
  async function staged(dataset: string, value: string, count?: number): Promise<string> {
    const run = await warehouse().begin(dataset);
    await warehouse().driver.stage(run, header, rows(value, count));
    return run;
  }
  const values = async () => new Set((await warehouse().live("a")).map((row) => row.v));

  it("shows readers the old table until the publish commits, and does not make them wait", async () => {
    // More rows than a server locks one by one (5,000), so that it may lock the whole table.
    const run = await staged("a", "new", 6000);
    const publisher = await warehouse().another();
    await publisher.session.begin();
    await publisher.publish(run);
    assert.deepEqual(await values(), new Set(["old"]));
    await publisher.session.commit();
    assert.deepEqual(await values(), new Set(["new"]));
    await warehouse().publish(await staged("a", "new"), true);
    await publisher.session.close();
  });

  it("gives two publishes of one run the same result, and publishes two datasets in parallel", async () => {
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

  it("sends values as text to a reader during a change of type", async function () {
    const { races } = warehouse().driver.lacks;
    if (races !== undefined) skip(this, races);
    const days = { id: "days", table: "days", keyColumns: ["id"] };
    const configuration = ["a", "b"].map((id) => ({ id, table: id, keyColumns: ["id"] }));
    await warehouse().configure([...configuration, days]);
    await warehouse().load("days", { header: ["id", "day"], rows: [["1", "2024-02-29"]] });
    const [deployer, reader] = [await warehouse().another(), await warehouse().another()];
    await deployer.session.begin();
    await deployer.configure([...configuration, { ...days, types: { day: { type: "date" } } }]);
    const page = reader.changes("days");
    await warehouse().driver.somebodyWaits();
    await deployer.session.commit();
    const { header: head, changes } = await page;
    assert.match(String(head.columns), /"day","type":"date"/);
    assert.deepEqual(changes[0]?.cells, { id: "1", day: "2024-02-29" });
    await Promise.all([deployer.session.close(), reader.session.close()]);
  });

  it("does not block readers while a configuration waits for a publish", async function () {
    const { races } = warehouse().driver.lacks;
    if (races !== undefined) skip(this, races);
    const both = (type: string) =>
      ["a", "b"].map((id) => ({
        id,
        table: id,
        keyColumns: ["id"],
        types: { id: { type: "text" }, v: { type } },
      }));
    for (const id of ["a", "b"]) await warehouse().load(id, { header, rows: rows("1") });
    const run = await staged("b", "2");
    const [publisher, deployer] = [await warehouse().another(), await warehouse().another()];
    await publisher.session.begin();
    await publisher.publish(run);
    const configured = deployer.configure(both("int"));
    await warehouse().driver.somebodyWaits();
    assert.deepEqual(await values(), new Set(["1"]), "the first dataset can be read");
    await publisher.session.commit();
    await configured;
    await Promise.all([publisher.session.close(), deployer.session.close()]);
    await warehouse().configure(both("text"));
  });

  it("rolls back a publish whose session is cut", async () => {
    const before = await warehouse().changes("a");
    const run = await staged("a", "cut");
    const publisher = await warehouse().another();
    await publisher.session.begin();
    await publisher.publish(run);
    await publisher.session.cut();
    assert.deepEqual(await warehouse().changes("a"), before);
    assert.equal(
      (await warehouse().publish(run)).updated,
      50,
      "and the same run can be published afterwards",
    );
  });

  it("registers a run once if two sessions begin it at the same time", async () => {
    const run = randomUUID();
    const sessions = [await warehouse().another(), await warehouse().another()];
    await Promise.all(sessions.map((each) => each.begin("a", run)));
    const loads = await warehouse().driver.query(`select * from qt."load" where run_id = '${run}'`);
    assert.equal(loads.length, 1);
    await Promise.all(sessions.map(({ session }) => session.close()));
  });
});

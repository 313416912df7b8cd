import assert from "node:assert/strict";
import { refuses, useWarehouse } from "./warehouse";

const header = ["id", "value"];

describe("loads", () => {
  const warehouse = useWarehouse();
  const status = async (run: string) =>
    (await warehouse().driver.query(`select status, error from qt."load" where run_id = '${run}'`))[0];

  before(() =>
    warehouse().configure([
      { id: "a", table: "a", keyColumns: ["id"] },
      { id: "b", table: "b", keyColumns: ["id"] },
    ]),
  );

  it("begins a run once, even if the call is retried", async () => {
    const run = await warehouse().begin("a");
    await warehouse().begin("a", run);
    await refuses(warehouse().begin("b", run), "QT4004");
    await warehouse().driver.call("qt.fail_load", { run_id: run, error: "cut" });
    await refuses(warehouse().begin("a", run), "QT4002");
  });

  it("resets the staging table before a copy is retried", async () => {
    const run = await warehouse().begin("a");
    await warehouse().driver.call("qt.reset_staging", { run_id: run });
    await warehouse().driver.stage(run, header, [["1", "half"]]);
    await warehouse().driver.call("qt.reset_staging", { run_id: run });
    const table = `staging.load_${run.replaceAll("-", "")}`;
    assert.deepEqual(await warehouse().driver.query(`select * from ${table}`), [], "the table stays, empty");
    await warehouse().driver.stage(run, header, [
      ["1", "whole"],
      ["2", "whole"],
    ]);
    assert.equal((await warehouse().publish(run)).staged, 2);
    await refuses(warehouse().driver.call("qt.reset_staging", { run_id: run }), "QT4002");
    await refuses(warehouse().driver.call("qt.reset_staging", { run_id: "unknown" }), "QT4001");
  });

  it("records a failure and drops the staging table, and ignores a second report and an unknown run", async () => {
    const run = await warehouse().begin("a");
    await warehouse().driver.stage(run, header, [["1", "x"]]);
    for (const error of ["first", "second"])
      await warehouse().driver.call("qt.fail_load", { run_id: run, error });
    assert.deepEqual(await status(run), { status: "failed", error: "first" });
    await warehouse().driver.call("qt.fail_load", { run_id: "never-begun", error: "x" });
    const published = await warehouse().begin("a");
    await warehouse().driver.stage(published, header, [["1", "x"]]);
    await warehouse().publish(published);
    await warehouse().driver.call("qt.fail_load", { run_id: published, error: "late" });
    assert.equal((await status(published))?.status, "published");
  });

  it("marks loads that never ended as abandoned", async () => {
    const lost = await warehouse().begin("a");
    await warehouse().driver.stage(lost, header, [["1", "x"]]);
    await warehouse().begin("b");
    assert.equal((await status(lost))?.status, "loading");
    await warehouse().driver.age(lost, 1);
    await warehouse().begin("b");
    assert.equal((await status(lost))?.status, "abandoned");
    await refuses(warehouse().publish(lost), "QT4002");
  });

  it("deletes loads after a year", async () => {
    const run = await warehouse().begin("a");
    await warehouse().driver.call("qt.fail_load", { run_id: run, error: "x" });
    await warehouse().driver.age(run, 366);
    await warehouse().driver.call("qt.purge", {});
    assert.equal(await status(run), undefined);
  });
});

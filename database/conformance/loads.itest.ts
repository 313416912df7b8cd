import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { skip } from "../../packages/kit/testing/skip";
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
      { id: "cancelled", table: "cancelled", keyColumns: ["id"] },
      { id: "in-use", table: "in_use", keyColumns: ["id"] },
      { id: "versioned", table: "versioned", keyColumns: ["id"] },
    ]),
  );

  it("begins a run once, even if the call is retried", async () => {
    const run = await warehouse().begin("a");
    await warehouse().begin("a", run);
    await refuses(warehouse().begin("b", run), "QT4004");
    await warehouse().driver.call("qt.fail_load", { run_id: run, error: "cut" });
    await refuses(warehouse().begin("a", run), "QT4002");
  });

  it("records the version that a run asked for, and goes back only if it may", async () => {
    const begin = async (source_version?: number, allow_older = false) => {
      const run = randomUUID();
      const version = source_version === undefined ? {} : { source_version, allow_older };
      await warehouse().session.call("qt.begin_load", { run_id: run, dataset_id: "versioned", ...version });
      return run;
    };
    const load = async (source_version?: number, allow_older = false) => {
      const run = await begin(source_version, allow_older);
      await warehouse().driver.stage(run, header, [["1", "x"]]);
      return (await warehouse().publish(run)).version;
    };
    assert.equal(await load(3), 1);
    assert.equal(await load(3), 2, "the same again");
    await refuses(
      load(2),
      "QT4008",
      /Version 2 of dataset versioned .* published, version 3\. .*--allow-older/,
    );
    assert.equal(await load(2, true), 3);
    assert.equal(await load(3), 4, "newer than what is published now");
    assert.equal(await load(), 5);
    await refuses(load(9), "QT4008", /published, the latest at its time/);
    assert.equal(await load(0), 6, "0 is the latest");
    assert.equal(await load(-1), 7, "as is what is no version");
    const stored = await warehouse().driver.query(
      `select l.source_version from qt."load" l join qt.dataset d on d.dataset_no = l.dataset_no
        where d.dataset_id = 'versioned' and l.status = 'published' order by l.version`,
    );
    assert.deepEqual(
      stored.map((row) => row.source_version),
      [3, 3, 2, 3, null, null, null],
    );
  });

  it("does not publish an older version that began while a newer one loaded", async () => {
    const runs: string[] = [];
    for (const source_version of [12, 11]) {
      const run = randomUUID();
      await warehouse().session.call("qt.begin_load", {
        run_id: run,
        dataset_id: "versioned",
        source_version,
        allow_older: source_version === 12,
      });
      await warehouse().driver.stage(run, header, [["1", `of ${source_version}`]]);
      runs.push(run);
    }
    const [newer = "", older = ""] = runs;
    const { version } = await warehouse().publish(newer);
    await refuses(warehouse().publish(older), "QT4008", /published, version 12\./);
    assert.equal((await warehouse().publish(newer)).version, version, "a repeated call answers the same");
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
    await warehouse().driver.age(lost, 24);
    await warehouse().begin("b");
    assert.equal((await status(lost))?.status, "abandoned");
    await refuses(warehouse().publish(lost), "QT4002");
  });

  /** A load with its snapshot, begun so many hours ago. */
  async function begun(dataset: string, hours: number): Promise<string> {
    const run = await warehouse().begin(dataset);
    await warehouse().driver.stage(run, header, [["1", "x"]]);
    await warehouse().driver.age(run, hours);
    return run;
  }
  const stagingOf = (run: string) => `staging.load_${run.replaceAll("-", "")}`;
  const isStaged = async (run: string) => {
    const name = stagingOf(run).replace("staging.", "");
    const query = `select TABLE_NAME from INFORMATION_SCHEMA.TABLES where TABLE_SCHEMA = 'staging' and TABLE_NAME = '${name}'`;
    return (await warehouse().driver.query(query)).length === 1;
  };

  it("ends a load that a later one has overtaken, as that of a cancelled run, with its snapshot", async () => {
    const cancelled = await begun("cancelled", 2);
    const [other, fresh] = [await begun("b", 2), await begun("cancelled", 0)];
    await warehouse().begin("cancelled");
    assert.equal((await status(cancelled))?.status, "loading", "nothing has overtaken it yet");
    await warehouse().load("cancelled", { header, rows: [["1", "y"]] });
    await warehouse().begin("b");
    assert.equal((await status(cancelled))?.status, "abandoned");
    assert.equal(await isStaged(cancelled), false);
    for (const run of [other, fresh]) {
      assert.equal((await status(run))?.status, "loading", "of another dataset, or begun within the hour");
      assert.equal(await isStaged(run), true);
    }
    assert.equal((await warehouse().publish(fresh)).status, "superseded");
    for (const run of [other]) await warehouse().driver.call("qt.fail_load", { run_id: run, error: "x" });
  });

  it("leaves an overtaken load whose table is in use, and begins all the same", async function () {
    const { lockTimeout } = warehouse().driver.lacks;
    if (lockTimeout !== undefined) return skip(this, lockTimeout);
    const [busy, idle] = [await begun("in-use", 2), await begun("in-use", 3)];
    await warehouse().load("in-use", { header, rows: [["1", "z"]] });
    const copy = await warehouse().driver.session();
    try {
      await copy.begin();
      const quoted = warehouse().driver.engine === "postgres" ? "c1" : "id";
      await copy.query(`update ${stagingOf(busy)} set ${quoted} = '2'`);
      await warehouse().begin("b");
      assert.equal((await status(busy))?.status, "loading");
      assert.equal((await status(idle))?.status, "abandoned");
    } finally {
      await copy.rollback();
      await copy.close();
    }
    await warehouse().begin("b");
    assert.equal((await status(busy))?.status, "abandoned");
    assert.equal(await isStaged(busy), false);
  });

  it("deletes loads after a year", async () => {
    const run = await warehouse().begin("a");
    await warehouse().driver.call("qt.fail_load", { run_id: run, error: "x" });
    await warehouse().driver.age(run, 366 * 24);
    await warehouse().driver.call("qt.purge", {});
    assert.equal(await status(run), undefined);
  });
});

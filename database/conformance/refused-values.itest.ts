import assert from "node:assert/strict";
import type { Cell, Row } from "./driver";
import { refuses, useWarehouse } from "./warehouse";

describe("refused values", () => {
  const warehouse = useWarehouse();
  const stored = (runId: string): Promise<Row[]> =>
    warehouse().driver.query(
      `select line, header, kind, value from qt.refused_value where run_id = '${runId}' order by line, refused_no`,
    );
  const header = ["Policy ID", "Part", "Born"];
  const person = "Ann Marker, 7 Marker Street";

  before(() =>
    warehouse().configure([
      {
        id: "people",
        table: "people",
        keyColumns: ["Policy ID", "Part"],
        types: { Born: { type: "date" }, Part: { type: "int" } },
      },
    ]),
  );

  /** A run as the pipeline does it: a publish that fails, then qt.fail_load with its message. @returns the message and the run's id */
  async function failed(rows: readonly (readonly Cell[])[]): Promise<{ message: string; runId: string }> {
    const runId = await warehouse().begin("people");
    await warehouse().driver.stage(runId, header, rows);
    const message = await warehouse()
      .publish(runId)
      .then(
        () => "",
        (error: Error) => error.message,
      );
    await warehouse().driver.call("qt.fail_load", { run_id: runId, error: `Publish: ${message}` });
    return { message, runId };
  }
  async function nowhereElse(runId: string, message: string): Promise<void> {
    assert.doesNotMatch(message, /Marker/);
    const [load] = await warehouse().driver.query(`select * from qt."load" where run_id = '${runId}'`);
    assert.equal(load?.status, "failed");
    assert.doesNotMatch(JSON.stringify(load), /Marker/);
  }

  it("are not in the message of a value that does not convert, but where it says", async () => {
    const { message, runId } = await failed([
      ["1", "1", "2024-02-29"],
      ["2", "1", `${person} ${"x".repeat(400)}`],
      [person, "1", "2024-02-29"],
    ]);
    assert.match(
      message,
      /^QT4015: .*: line 3, column "Born" is not date\. An auditor finds them in qt\.refused_value for run /,
    );
    assert.ok(message.includes(`for run ${runId}.`), message);
    const value = `${person} ${"x".repeat(400)}`.slice(0, 400);
    assert.deepEqual(await stored(runId), [{ line: "3", header: "Born", kind: "is not date", value }]);
    await nowhereElse(runId, message);
  });

  for (const when of ["first", "later"]) {
    it(`are not in the message of a key that comes twice in the ${when} snapshot`, async () => {
      if (when === "later") await warehouse().load("people", { header, rows: [["0", "1", null]] });
      const { message, runId } = await failed([
        [person, "1", null],
        ["0", "1", null],
        [person, "01", null],
      ]);
      assert.match(
        message,
        /^QT4012: .*: 2 times in lines 2 and 4\. An auditor finds the keys in qt\.refused_value for run /,
      );
      assert.deepEqual(await stored(runId), [
        { line: "2", header: "Policy ID", kind: "more than once", value: person },
        { line: "2", header: "Part", kind: "more than once", value: "1" },
      ]);
      await nowhereElse(runId, message);
    });
  }

  it("are not in the message of a row without a key", async () => {
    const { message, runId } = await failed([[person, null, null]]);
    assert.match(message, /^QT4013: 1 of 1 rows .*\("Policy ID", "Part"\), the first in line 2\./);
    assert.deepEqual(await stored(runId), []);
    await nowhereElse(runId, message);
  });

  it("are a hundred at most, and are stored once", async () => {
    const rows = Array.from({ length: 150 }, (_, index) => [String(index), "1", "never"]);
    const { message, runId } = await failed(rows);
    assert.equal((await stored(runId)).length, 100);
    await warehouse().driver.call("qt.fail_load", { run_id: runId, error: message });
    assert.equal((await stored(runId)).length, 100);
  });

  it("do not keep a load from failing if they cannot be found", async () => {
    const runId = await warehouse().begin("people");
    await warehouse().driver.stage(runId, ["Policy ID", "policy_id"], [["a", "b"]]);
    const error = "Publish: QT4015: The snapshot has values that do not convert";
    await warehouse().driver.call("qt.fail_load", { run_id: runId, error });
    const [load] = await warehouse().driver.query(
      `select status, error from qt."load" where run_id = '${runId}'`,
    );
    assert.deepEqual(load, { status: "failed", error });
    await refuses(warehouse().publish(runId), "QT4002");
  });

  it("are purged after 30 days, and with them a staging table that was left behind", async () => {
    const { runId } = await failed([["1", "1", "never"]]);
    await warehouse().driver.stage(runId, header, [["1", "1", "never"]]);
    const postgres = warehouse().driver.engine === "postgres";
    const age = (days: number) =>
      warehouse().driver.query(
        postgres
          ? `update qt.refused_value set at = at - interval '${days} days' where run_id = '${runId}'`
          : `update qt.refused_value set at = dateadd(day, -${days}, at) where run_id = '${runId}'`,
      );
    await age(29);
    await warehouse().driver.call("qt.purge", { retention_days: 90 });
    assert.equal((await stored(runId)).length, 1);
    await assert.rejects(
      warehouse().driver.query(`select * from staging.load_${runId.replaceAll("-", "")}`),
      "the staging table is gone",
    );
    await age(2);
    await warehouse().driver.call("qt.purge", { retention_days: 90 });
    assert.deepEqual(await stored(runId), []);
  });
});

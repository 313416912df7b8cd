import assert from "node:assert/strict";
import { QtError } from "../errors/qt-error";
import { changeTypes } from "./change-types";
import type { Parameters, Row } from "./migration-executor";

type Answer = { readonly row?: Row; readonly ms?: number; readonly error?: Error };

const step = (state: string, copied: number, fields: Row = {}) => ({
  row: {
    dataset_id: "d",
    state,
    columns: 2,
    copied_rows: String(copied),
    live_rows: "10000000",
    error: null,
    ...fields,
  },
});

/** Runs against answers, each of which takes its time; what was asked for and logged. */
async function run(answers: readonly Answer[]) {
  const asked: number[] = [];
  const lines: string[] = [];
  let time = 0;
  const executor = {
    async call(procedure: string, parameters: Parameters) {
      assert.equal(procedure, "qt.change_types");
      const { row, ms = 1000, error } = answers[asked.length] ?? {};
      asked.push(Number(parameters.rows));
      time += ms;
      if (error !== undefined) throw error;
      return row === undefined ? [] : [row];
    },
  };
  const retry = { pauses: [1, 1], sleep: async () => {}, log: (line: string) => lines.push(line) };
  const failure = await changeTypes(executor, retry, () => time).then(
    () => undefined,
    (error: unknown) => error as Error,
  );
  return { asked, lines, failure };
}

describe("changing the types of large tables", () => {
  it("calls until nothing is left, and logs at most a line in five seconds and the end", async () => {
    const slow = { ms: 3000 };
    const { asked, lines, failure } = await run([
      { ...step("copying", 0), ...slow },
      { ...step("copying", 20_000), ...slow },
      { ...step("copying", 1_250_000), ...slow },
      { ...step("changed", 10_000_000), ms: 1 },
      { ...step("dropped", 0, { dataset_id: "e" }), ms: 9000 },
      { ...step("changed", 3, { dataset_id: "e", columns: 1, live_rows: 3 }), ms: 1 },
    ]);
    assert.equal(failure, undefined);
    assert.deepEqual(asked, Array(7).fill(20_000));
    assert.deepEqual(lines, [
      "Changing type of 2 columns of dataset d: 0 of 10,000,000 rows",
      "Changing type of 2 columns of dataset d: 1,250,000 of 10,000,000 rows",
      "Changed type of 2 columns of dataset d: 10,000,000 rows",
      "Changed type of 1 column of dataset e: 3 rows",
    ]);
  });

  it("does nothing if nothing is to be changed", async () => {
    assert.deepEqual(await run([]), { asked: [20_000], lines: [], failure: undefined });
  });

  it("takes more rows a call while calls are short, and fewer when they are long", async () => {
    const taking = (...times: number[]) => run(times.map((ms) => ({ ...step("copying", 1), ms })));
    assert.deepEqual(
      (await taking(100, 100, 100, 100, 100, 100)).asked,
      [20_000, 40_000, 80_000, 160_000, 320_000, 500_000, 500_000],
    );
    assert.deepEqual((await taking(2000, 8000, 8001, 60_000)).asked, [20_000, 20_000, 20_000, 10_000, 5_000]);
    assert.ok(Math.min(...(await taking(...Array(20).fill(9000))).asked) === 1);
    const waiting = Array(3).fill({ ...step("waiting", 1), ms: 5000 });
    assert.deepEqual((await run(waiting)).asked, Array(4).fill(20_000), "a wait says nothing of rows");
  });

  it("fails with the database's words if a value does not convert", async () => {
    const { asked, failure } = await run([
      step("copying", 0),
      step("refused", 1, { error: "QT4024: Column" }),
    ]);
    assert.equal(failure?.message, "QT4024: Column");
    assert.equal(asked.length, 2);
  });

  it("waits an hour for a table that is in use, counted from the last call that went on", async () => {
    const waits = (count: number) => Array<Answer>(count).fill({ ...step("waiting", 7), ms: 5000 });
    assert.equal((await run([...waits(719), step("copying", 8), ...waits(719)])).failure, undefined);
    const { failure, lines } = await run(waits(800));
    assert.ok(failure instanceof QtError && failure.code === "QT4036");
    assert.deepEqual(failure.details, { dataset: "d" });
    assert.match(lines[0] ?? "", /^Changing .*: 7 of 10,000,000 rows; waiting for a load or a long query$/);
  });

  it("tries again after a passing error, and not after a time-out", async () => {
    const deadlock = Object.assign(new Error("deadlock"), { number: 1205 });
    const again = await run([{ error: deadlock }, step("copying", 1), { error: deadlock }]);
    assert.equal(again.failure, undefined);
    assert.equal(again.asked.length, 4);
    const timeout = Object.assign(new Error("Timeout: Request failed to complete in 900000ms"), {
      code: "ETIMEOUT",
    });
    const { asked, failure } = await run([step("copying", 1), { error: timeout }]);
    assert.equal(asked.length, 2);
    assert.ok(failure instanceof QtError && failure.code === "QT4035");
    assert.deepEqual([failure.details, failure.cause], [{ step: "Changing types" }, timeout]);
  });
});

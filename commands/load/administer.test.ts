import assert from "node:assert/strict";
import { type AdminTask, perform } from "./administer";

const datasets = [{ id: "d-1", table: "people" }];
const key = new Map([
  ["Policy ID", "Ann Marker"],
  ["line", "1"],
]);

/** Performs a task on a database that answers or fails as given. */
async function performed(task: AdminTask, answer: Readonly<Record<string, unknown>> | Error) {
  const calls: unknown[] = [];
  const result = await perform(
    {
      datasets,
      async administer(...call) {
        calls.push(call);
        if (answer instanceof Error) throw answer;
        return answer;
      },
    },
    task,
  );
  return { calls, ...result, text: result.lines.join("\n") };
}

describe("what an administrator does to the database", () => {
  const row = { rows_erased: "1", tables: "people", refused_values: "0", open_loads: "0", was_erased: false };

  it("erases by the dataset's id or table, and says what is left to do, without a value", async () => {
    const { calls, text, values } = await performed({ kind: "erase", dataset: "people", key }, row);
    const parameters = { dataset_id: "d-1", key: '{"Policy ID":"Ann Marker","line":"1"}' };
    assert.deepEqual(calls, [["qt.erase", parameters]]);
    assert.match(text, /^1 row deleted and emptied in data\.people; the key itself goes when/);
    assert.match(text, /Fivetran .*soft delete, history/);
    assert.match(text, /Quantemplate still holds the row/);
    assert.doesNotMatch(text + JSON.stringify(values), /Marker/);
    assert.deepEqual(values, {
      dataset: "d-1",
      rowsErased: 1,
      tables: ["people"],
      refusedValues: 0,
      openLoads: 0,
      wasErased: false,
    });
  });

  it("says what else was removed, and which tables, if there are several", async () => {
    const answer = { ...row, rows_erased: "2", tables: "old, people", refused_values: "3", open_loads: "1" };
    const { text, values } = await performed({ kind: "erase", dataset: "d-1", key }, answer);
    assert.match(text, /^2 rows deleted and emptied in data\.old, data\.people;/);
    assert.match(text, /^3 values that loads/m);
    assert.match(text, /^1 open load will publish without the row\./m);
    assert.deepEqual(values.tables, ["old", "people"]);
  });

  it("says that a key without a row is blocked, and sends nothing to Fivetran", async () => {
    const none = { ...row, rows_erased: "0", tables: null };
    const first = await performed({ kind: "erase", dataset: "d-2", key }, none);
    assert.match(first.text, /^There is no such row\. The key is blocked from now on\.\nQuantemplate/);
    assert.deepEqual(first.values.tables, []);
    const again = await performed({ kind: "erase", dataset: "d-2", key }, { ...none, was_erased: true });
    assert.match(again.text, /^There is no such row, and the key was erased before\./);
  });

  it("lifts an erasure, or says that there is none", async () => {
    const lift = { kind: "lift", dataset: "d-1", key } as const;
    const { calls, lines, values } = await performed(lift, { lifted: "1" });
    assert.equal((calls as string[][])[0]?.[0], "qt.lift_erasure");
    assert.match(lines[0] ?? "", /lands again with the next snapshot/);
    assert.deepEqual(values, { dataset: "d-1", lifted: true });
    assert.match((await performed(lift, { lifted: "0" })).text, /^The key was not erased/);
  });

  it("releases a table's name", async () => {
    const answer = { dataset_id: "stray", released_as: "released__3" };
    const { calls, text, values } = await performed({ kind: "release", table: "stray" }, answer);
    assert.deepEqual(calls, [["qt.release_dataset", { table_name: "stray" }]]);
    assert.match(
      text,
      /can have the name stray now; it was that of dataset stray\.\nRows that it published, if any, stay in data\.released__3/,
    );
    assert.deepEqual(values, { table: "stray", dataset: "stray", releasedAs: "released__3" });
  });

  it("gives the database's refusals their codes, and passes other errors on", async () => {
    const erase = { kind: "erase", dataset: "d-1", key } as const;
    const refused = (task: AdminTask, message: string) => performed(task, new Error(message));
    const reason =
      "The key of dataset d-1 has a value that does not convert: line is int. Write it as it is in the file.";
    await assert.rejects(refused(erase, `QT4038: ${reason}`), {
      code: "QT4038",
      message: new RegExp(reason),
    });
    await assert.rejects(refused(erase, "QT4037: no key"), { code: "QT4037", message: /d-1/ });
    await assert.rejects(refused(erase, "… QT4039: no table"), { code: "QT4039", message: /d-1/ });
    await assert.rejects(refused({ kind: "release", table: "t" }, "QT4009: in use"), {
      code: "QT4009",
      message: /Table t/,
    });
    await assert.rejects(refused(erase, "QT4031: busy"), { message: "QT4031: busy" });
  });
});

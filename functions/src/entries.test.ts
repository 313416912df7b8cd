import assert from "node:assert/strict";
import { ModelDataset } from "../test-support/model-feed";
import { entriesOf } from "./entries";

function published(id: string, table: string, keyColumns: string[] = [], status = "active") {
  const dataset = new ModelDataset({ id, table, keyColumns, status, columns: [] });
  dataset.publish(new Map());
  return dataset.info;
}

describe("the datasets to send", () => {
  it("are the ones that the connection names, under normalised table names", () => {
    const [claims, notes] = [published("1", "Claims Paid", ["policy"]), published("2", "notes")];
    const entry = { dataset: claims, table: "claims_paid", primaryKey: ["policy"] };
    assert.deepEqual(entriesOf([claims, notes], ["1"]), [entry]);
    assert.deepEqual(entriesOf([claims, notes], undefined), [
      entry,
      { dataset: notes, table: "notes", primaryKey: ["qt_row_id"] },
    ]);
  });

  it("do not include a known dataset before its first publish", () => {
    const never = new ModelDataset({ id: "never", columns: [] }).info;
    assert.deepEqual(entriesOf([never], ["never"]), []);
  });

  it("are refused if the database does not know them or has retired them", () => {
    const datasets = [published("1", "a"), published("old", "b", [], "retired")];
    datasets.push(published("3", "c"));
    const refusal = (dataset: string, known: string) => ({ code: "QT5004", details: { dataset, known } });
    assert.throws(() => entriesOf(datasets, ["1", "2"]), refusal("2", "1, 3"));
    assert.throws(() => entriesOf(datasets, ["old"]), refusal("old", "1, 3"));
    assert.throws(() => entriesOf([], ["1"]), refusal("1", "none"));
    assert.throws(() => entriesOf(datasets, ["x".repeat(201)]), refusal("(201 characters)", "1, 3"));
  });

  it("are refused, with both ids, if two would become the same table", () => {
    const datasets = [published("first", "Loss Notes"), published("second", "loss_notes")];
    assert.throws(() => entriesOf(datasets, undefined), {
      code: "QT5005",
      details: { first: "first", second: "second", table: "loss_notes" },
    });
  });
});

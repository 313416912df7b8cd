import assert from "node:assert/strict";
import { ModelDataset } from "../test-support/model-feed";
import { entriesOf } from "./entries";

function published(id: string, table: string, status = "active") {
  const dataset = new ModelDataset({ id, table, status, columns: [] });
  dataset.publish(new Map());
  return dataset.info;
}

describe("the datasets to send", () => {
  it("are the ones that the connection names, under normalised table names", () => {
    const datasets = [published("1", "Claims Paid"), published("2", "notes")];
    assert.deepEqual(
      entriesOf(datasets, ["1"]).map(({ table }) => table),
      ["claims_paid"],
    );
    assert.equal(entriesOf(datasets, undefined).length, 2);
  });

  it("do not include a known dataset before its first publish", () => {
    const never = new ModelDataset({ id: "never", columns: [] }).info;
    assert.deepEqual(entriesOf([never], ["never"]), []);
  });

  it("are refused if the database does not know them or has retired them", () => {
    const datasets = [published("1", "a"), published("old", "b", "retired")];
    assert.throws(() => entriesOf(datasets, ["2"]), { code: "QT5004", message: /2/ });
    assert.throws(() => entriesOf(datasets, ["old"]), { code: "QT5004" });
  });

  it("are refused, with both ids, if two would become the same table", () => {
    const datasets = [published("first", "Loss Notes"), published("second", "loss_notes")];
    assert.throws(() => entriesOf(datasets, undefined), {
      code: "QT5005",
      message: /first.*second.*loss_notes/,
    });
  });
});

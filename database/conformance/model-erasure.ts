import assert from "node:assert/strict";
import type { Driver } from "./driver";
import { refusesWith } from "./model-check";
import type { DatasetModel } from "./model-dataset";
import { columnNames } from "./model-settings";

/** A key as an administrator writes it: the text of each column, which is named by its name or by a header. */
export type Key = Readonly<Record<string, string>>;

/** The tables of one dataset id: the one that loads, then those whose names were released. */
export type Tables = readonly [DatasetModel, ...DatasetModel[]];

/** The key of one of the rows, if there are any and one is asked for, or else the other key. */
export function keyAmong(
  model: DatasetModel,
  rows: Iterable<string>,
  step: { key: Key; among: number | undefined },
): Key {
  const identities = [...rows];
  const identity = step.among === undefined ? undefined : identities[step.among % identities.length];
  if (identity === undefined) return step.key;
  const texts = JSON.parse(identity) as string[];
  return Object.fromEntries(model.settings.key.map((name, index) => [name, texts[index] ?? ""]));
}

/** Erases a row, compares the answer and what is left beside the tables, and returns the tables without the row. */
export async function erase(driver: Driver, dataset: string, key: Key, tables: Tables): Promise<Tables> {
  const [model, ...released] = tables;
  const identity = identityOf(model, key);
  const call = driver.call("qt.erase", { dataset_id: dataset, key: JSON.stringify(key) });
  if (identity === undefined) {
    await refusesWith(call, ["QT4038"]);
    return tables;
  }
  const [[answer] = []] = await call;
  assert.equal(Number(answer?.rows_erased), tables.filter(({ rows }) => rows.has(identity)).length);
  assert.equal(answer?.was_erased, model.erased.has(identity));
  assert.equal(Number(answer?.open_loads), 0);
  for (const { change_no } of await driver.query("select change_no from qt.type_change"))
    for (const { _deleted, ...cells } of await driver.query(`select * from data.change__${change_no}`)) {
      const texts = Object.entries(cells).map(([name, value]) => [name, String(value)] as const);
      assert.ok(_deleted || model.keyOf(new Map(texts)) !== identity, "no copy has the row");
    }
  return [model.erase(identity), ...released.map((table) => table.erase(identity))];
}

/** Lets the row land again. */
export async function lift(
  driver: Driver,
  dataset: string,
  key: Key,
  model: DatasetModel,
): Promise<DatasetModel> {
  const identity = identityOf(model, key);
  const call = driver.call("qt.lift_erasure", { dataset_id: dataset, key: JSON.stringify(key) });
  if (identity === undefined) {
    await refusesWith(call, ["QT4038"]);
    return model;
  }
  const erased = new Set(model.erased);
  const [[answer] = []] = await call;
  assert.equal(Number(answer?.lifted), erased.delete(identity) ? 1 : 0);
  return model.with({ erased });
}

function identityOf(model: DatasetModel, key: Key): string | undefined {
  const texts = Object.entries(key).map(
    ([header, text]) => [columnNames.get(header) ?? header, text] as const,
  );
  return model.identityOf(new Map(texts));
}

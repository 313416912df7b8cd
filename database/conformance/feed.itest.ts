import assert from "node:assert/strict";
import { refuses, useWarehouse } from "./warehouse";

const rows = (from: number, to: number, value = "x") =>
  Array.from({ length: to - from }, (_, index) => [String(from + index), value]);
const header = ["id", "value"];

describe("qt.changes and qt.purge", () => {
  const warehouse = useWarehouse();

  let count = 0;
  async function newDataset(): Promise<string> {
    const id = `feed_${++count}`;
    await warehouse().configure([{ id, table: id, keyColumns: ["id"] }]);
    return id;
  }

  it("pages by (version, row): every row once, in order, up to the bound of the first page", async () => {
    const id = await newDataset();
    await warehouse().load(id, { header, rows: rows(0, 25) });
    await warehouse().load(id, {
      header,
      rows: rows(0, 25).map(([key], index) => [key ?? "", index % 5 === 0 ? "y" : "x"]),
    });
    const first = await warehouse().changes(id, { limit: 7 });
    await warehouse().load(id, { header, rows: rows(0, 30, "late") });
    const seen = [...first.changes];
    for (let page = first; page.changes.length > 0; ) {
      const last = page.changes.at(-1);
      assert.ok(last);
      page = await warehouse().changes(id, {
        epoch: String(first.header.epoch),
        version: last.version,
        row: last.row,
        upto: Number(first.header.upto),
        limit: 7,
      });
      assert.ok(page.changes.length <= 7);
      seen.push(...page.changes);
    }
    assert.ok(seen.every((change) => change.version <= Number(first.header.upto)));
    const order = seen.map((change) => change.version * 1e6 + change.row);
    assert.deepEqual(
      order,
      [...new Set(order)].sort((a, b) => a - b),
    );
    const rest = await warehouse().changes(id, {
      epoch: String(first.header.epoch),
      version: Number(first.header.upto),
      row: Number.MAX_SAFE_INTEGER,
    });
    assert.equal(rest.changes.length, 30, "what was published in between comes after the bound");
  });

  it("answers a cursor from the future with no rows, another epoch with resync, and an unknown dataset with unknown", async () => {
    const id = await newDataset();
    await warehouse().load(id, { header, rows: rows(0, 3) });
    const { header: head } = await warehouse().changes(id);
    const future = await warehouse().changes(id, {
      epoch: String(head.epoch),
      version: 99,
      row: 5,
      upto: 120,
    });
    assert.deepEqual([future.header.status, future.header.upto, future.changes.length], ["ok", "1", 0]);
    const other = await warehouse().changes(id, {
      epoch: "00000000-0000-0000-0000-000000000000",
      version: 1,
    });
    assert.deepEqual(
      [other.header.status, other.header.epoch, other.changes.length],
      ["resync", head.epoch, 0],
    );
    const unknown = await warehouse().changes("nobody");
    assert.deepEqual([unknown.header.status, unknown.header.epoch], ["unknown", null]);
    await refuses(warehouse().changes(id, { limit: 0 }), "QT4032");
  });

  it("answers before anything is published", async () => {
    const page = await warehouse().changes(await newDataset());
    assert.deepEqual(
      [page.header.status, page.header.upto, page.header.columns, page.changes.length],
      ["ok", "0", "[]", 0],
    );
  });

  it("renews the epoch after a restore, so that every old cursor gets resync", async () => {
    const id = await newDataset();
    await warehouse().load(id, { header, rows: rows(0, 3) });
    const before = String((await warehouse().changes(id)).header.epoch);
    await warehouse().driver.pretendRestore();
    const after = await warehouse().changes(id, { epoch: before, version: 1, row: 99 });
    assert.equal(after.header.status, "resync");
    assert.notEqual(after.header.epoch, before);
    assert.equal(
      (await warehouse().changes(id, { epoch: String(after.header.epoch), version: 1, row: 99 })).header
        .status,
      "ok",
    );
  });

  it("purges old tombstones, answers cursors before them with resync, and lets new readers page through", async () => {
    const id = await newDataset();
    await warehouse().load(id, { header, rows: rows(0, 20) });
    const run = await warehouse().begin(id);
    await warehouse().driver.stage(run, header, rows(0, 15));
    await warehouse().publish(run);
    const old = await warehouse().changes(id, { limit: 5 });
    const epoch = String(old.header.epoch);
    const last = old.changes.at(-1);
    assert.ok(last);
    const within = (await warehouse().changes(id, { epoch, version: 1, row: 99, limit: 2 })).changes.at(-1);
    assert.deepEqual([within?.version, within?.deleted], [2, true]);
    await warehouse().driver.call("qt.purge", { retention_days: 90 });
    assert.equal((await warehouse().changes(id)).changes.length, 20, "too recent to be purged");
    await warehouse().driver.age(run, 91 * 24);
    await warehouse().driver.call("qt.purge", { retention_days: 90 });

    assert.equal(
      (await warehouse().changes(id, { epoch, version: 1, row: 99 })).header.status,
      "resync",
      "a finished read of version 1",
    );
    assert.equal(
      (await warehouse().changes(id, { epoch, version: last.version, row: last.row, upto: 2 })).header.status,
      "resync",
      "a read that the purge overtook",
    );
    assert.equal(
      (await warehouse().changes(id, { epoch, version: 2, row: within?.row ?? 0, upto: 2 })).header.status,
      "resync",
      "a read that the purge overtook within the version",
    );
    assert.equal(
      (await warehouse().changes(id, { epoch, version: 2, row: 99 })).header.status,
      "ok",
      "it has the tombstones",
    );
    const fresh = await warehouse().changes(id, { limit: 5 });
    const at = fresh.changes.at(-1);
    const next = await warehouse().changes(id, {
      epoch,
      version: at?.version ?? 0,
      row: at?.row ?? 0,
      upto: Number(fresh.header.upto),
      limit: 100,
    });
    assert.deepEqual(
      [next.header.status, next.changes.length],
      ["ok", 10],
      "a read that began after the purge",
    );

    const [listed] =
      (await warehouse().driver.call("qt.list_datasets"))[0]?.filter((row) => row.dataset_id === id) ?? [];
    assert.equal(Number(listed?.purged_through), 2);
    const back = await warehouse().load(id, { header, rows: rows(0, 20) });
    assert.deepEqual([back.inserted, back.version], [5, 4]);
  });

  it("does not change the feed if there is nothing to purge", async () => {
    const id = await newDataset();
    await warehouse().load(id, { header, rows: rows(0, 2) });
    await warehouse().driver.call("qt.purge", { retention_days: 0 });
    assert.equal((await warehouse().changes(id)).header.upto, "1");
    await refuses(warehouse().driver.call("qt.purge", { retention_days: -1 }), "QT4032");
  });
});

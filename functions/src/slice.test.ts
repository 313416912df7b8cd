import assert from "node:assert/strict";
import { ModelDataset, ModelFeed } from "../test-support/model-feed";
import type { ChangesQuery } from "./feed";
import { progressOf } from "./position";
import { RowSizes } from "./row-sizes";
import { readSlice } from "./slice";
import { type Share, SliceRows } from "./slice-rows";
import type { Cursor } from "./state";

/** A snapshot of so many rows, of which each takes 13 bytes: `{"key":"k10"}`. */
const snapshot = (rows: number) =>
  new Map(Array.from({ length: rows }, (_, index) => [`k${index + 10}`, [`k${index + 10}`]]));

const insertsOf = (rows: number, from = 0) =>
  [...snapshot(rows).keys()]
    .slice(from)
    .map((key) => `{"key":"${key}"}`)
    .join();

/** A dataset of the epoch `e` that has published snapshots of so many rows, one after the other. */
function published(...rows: number[]): ModelDataset {
  const dataset = new ModelDataset({
    id: "claims",
    keyColumns: ["key"],
    columns: [{ name: "key", type: "text" }],
  });
  dataset.epoch = "e";
  for (const each of rows) dataset.publish(snapshot(each));
  return dataset;
}

interface Reading {
  /** Where the read starts; without it, from the beginning. */
  readonly cursor?: Cursor;
  readonly share?: Partial<Share>;
  readonly sizes?: RowSizes;
  readonly timeIsUp?: () => boolean;
  readonly feed?: ModelFeed;
  /** Called with the number of each statement. */
  readonly before?: (statement: number) => void;
  readonly signal?: AbortSignal;
}

/** Reads a slice: what it says, its rows, and what it asked the database for. */
async function read(dataset: ModelDataset, reading: Reading = {}) {
  const { cursor, share, sizes = new RowSizes(), timeIsUp = () => false, before = () => {} } = reading;
  const { feed = new ModelFeed([dataset]), signal = new AbortController().signal } = reading;
  const task = progressOf(cursor, dataset.info);
  assert.ok(task.kind === "pending");
  const queries: ChangesQuery[] = [];
  feed.beforeChanges = (query) => before(queries.push(query));
  const rows = new SliceRows({
    rows: 2000,
    bytes: 100_000,
    firstRowBytes: Number.POSITIVE_INFINITY,
    ...share,
  });
  const source = { feed, signal, timeIsUp, sizes };
  const { rows: written, ...slice } = await readSlice(source, dataset.info, task, rows);
  assert.equal(written, rows);
  const [inserts, deletes] = [rows.inserts, rows.deletes].map((sink) => String(Buffer.concat(sink.parts())));
  return { slice, inserts, deletes, queries };
}

/** Between two versions: everything of version 1 was sent. */
const AFTER_FIRST: Cursor = { epoch: "e", version: 1 };
const fromBeginning = {
  datasetId: "claims",
  epoch: null,
  afterVersion: 0,
  afterRow: 0,
  upto: null,
  limit: 1000,
};
const fromFirst = {
  datasetId: "claims",
  epoch: "e",
  afterVersion: 1,
  afterRow: Number.MAX_SAFE_INTEGER,
  upto: null,
};

describe("a dataset's part of a page", () => {
  it("is the whole dataset if it has no cursor and fits", async () => {
    const sizes = new RowSizes();
    assert.deepEqual(await read(published(3), { sizes, share: { rows: 1001 } }), {
      slice: {
        cursor: { epoch: "e", version: 1 },
        complete: true,
        resync: "no cursor",
        primaryKey: ["key"],
      },
      inserts: insertsOf(3),
      deletes: "",
      queries: [{ ...fromBeginning, limit: 1002 }],
    });
    assert.equal(sizes.of("claims", 1), 41 / 3, "the size of its rows is learnt");
  });

  it("is what changed after its cursor: rows, and keys of deleted rows", async () => {
    const dataset = published(3);
    dataset.publish(new Map([...snapshot(2), ["new", ["new"]]]));
    const { slice, inserts, deletes } = await read(dataset, { cursor: AFTER_FIRST });
    assert.deepEqual(slice, {
      cursor: { epoch: "e", version: 2 },
      complete: true,
      resync: undefined,
      primaryKey: ["key"],
    });
    assert.deepEqual([inserts, deletes], ['{"key":"new"}', '{"key":"k12"}']);
  });

  it("ends in the middle of a version if its rows are used up, and the next one continues there", async () => {
    const dataset = published(1, 30);
    const first = await read(dataset, { cursor: AFTER_FIRST, share: { rows: 10 } });
    const cursor = { epoch: "e", version: 2, row: 11, upto: 2 };
    assert.deepEqual(first, {
      slice: { cursor, complete: false, resync: undefined, primaryKey: ["key"] },
      inserts: insertsOf(11, 1),
      deletes: "",
      queries: [{ ...fromFirst, limit: 11 }],
    });
    dataset.publish(snapshot(40));
    const second = await read(dataset, { cursor, share: { rows: 100 } });
    assert.deepEqual(second.slice.cursor, { epoch: "e", version: 2 });
    assert.equal(second.inserts, insertsOf(30, 11));
    assert.deepEqual(second.queries, [{ ...fromFirst, afterVersion: 2, afterRow: 11, upto: 2, limit: 101 }]);
  });

  it("continues a first pass from its own row", async () => {
    const dataset = published(30);
    const { slice } = await read(dataset, { share: { rows: 10 } });
    const cursor: Cursor = { epoch: "e", version: 1, row: 10, upto: 1, initial: true };
    assert.deepEqual(slice, { cursor, complete: false, resync: "no cursor", primaryKey: ["key"] });
    const rest = await read(dataset, { cursor, share: { rows: 100 } });
    assert.equal(rest.inserts, insertsOf(30, 10));
    assert.deepEqual(rest.queries, [{ ...fromBeginning, afterVersion: 1, afterRow: 10, upto: 1 }]);
  });

  it("has nothing, and starts no resync, if not even its first row fits", async () => {
    const { slice, inserts } = await read(published(3), { share: { firstRowBytes: 12 } });
    assert.deepEqual(slice, { cursor: undefined, complete: false, resync: undefined, primaryKey: ["key"] });
    assert.equal(inserts, "");
  });

  it("has nothing if the dataset no longer exists", async () => {
    const { slice } = await read(published(3), { feed: new ModelFeed([]) });
    assert.deepEqual(slice, { cursor: undefined, complete: true, resync: undefined, primaryKey: undefined });
  });

  it("ends where it is if its signal fires", async () => {
    const controller = new AbortController();
    const dataset = published(3);
    const feed = new ModelFeed([dataset]);
    let rows = 0;
    feed.beforeRow = () => {
      if (++rows === 3) controller.abort();
    };
    const { slice, inserts } = await read(dataset, { feed, signal: controller.signal });
    assert.deepEqual(slice.cursor, { epoch: "e", version: 1, row: 2, upto: 1, initial: true });
    assert.deepEqual([slice.complete, inserts], [false, insertsOf(2)]);
  });
});

describe("the rows that a dataset's part of a page asks for", () => {
  const share = { bytes: 500 };

  it("are what its bytes hold by a guess, then by what came, up to the same version", async () => {
    const dataset = published(1, 30);
    const before = (statement: number) => statement === 2 && dataset.publish(snapshot(40));
    const { slice, inserts, queries } = await read(dataset, { cursor: AFTER_FIRST, share, before });
    assert.deepEqual(queries, [
      // 500 bytes at 2 × 28.
      { ...fromFirst, limit: 10 },
      // 361 bytes at 13.9.
      { ...fromFirst, afterVersion: 2, afterRow: 11, upto: 2, limit: 27 },
    ]);
    assert.equal(inserts, insertsOf(30, 1));
    assert.deepEqual([slice.cursor, slice.complete], [{ epoch: "e", version: 2 }, true]);
  });

  it("are what its bytes hold by the size of the rows that were sent before", async () => {
    const sizes = new RowSizes();
    sizes.learn("claims", 1, 13);
    const { queries } = await read(published(1, 30), { cursor: AFTER_FIRST, share, sizes });
    assert.deepEqual(queries, [{ ...fromFirst, limit: 40 }]);
  });

  it("are not completed by another statement if the share is nearly full", async () => {
    const sizes = new RowSizes();
    sizes.learn("claims", 1, 16);
    const reading = { cursor: AFTER_FIRST, share: { bytes: 140 }, sizes };
    const { slice, queries } = await read(published(1, 30), reading);
    assert.deepEqual([slice.cursor?.row, slice.complete, queries.length], [11, false, 1]);
  });
});

describe("a dataset that changes while its part of a page is read", () => {
  it("keeps what was read if it is restored between two statements, and the next page starts a resync", async () => {
    const dataset = published(1500);
    const before = (statement: number) => statement === 2 && dataset.restore();
    const { slice, inserts } = await read(dataset, { share: { bytes: 30_000 }, before });
    assert.deepEqual(slice, {
      cursor: { epoch: "e", version: 1, row: 1000, upto: 1, initial: true },
      complete: false,
      resync: "no cursor",
      primaryKey: ["key"],
    });
    assert.equal(inserts, insertsOf(1000));
  });

  it("keeps what was read if a later read of it is refused between two statements", async () => {
    const dataset = published(1, 30);
    const before = (statement: number) => statement === 2 && dataset.restore();
    const { slice, inserts } = await read(dataset, { cursor: AFTER_FIRST, share: { bytes: 500 }, before });
    assert.deepEqual(slice, {
      cursor: { epoch: "e", version: 2, row: 11, upto: 2 },
      complete: false,
      resync: undefined,
      primaryKey: ["key"],
    });
    assert.equal(inserts, insertsOf(11, 1));
  });

  for (const [mishap, happen] of [
    ["restored", (dataset: ModelDataset) => dataset.restore()],
    ["purged through the version that was being sent", (dataset: ModelDataset) => dataset.purge(2)],
  ] as const)
    it(`is sent again if it was ${mishap} after it was listed`, async () => {
      const dataset = published(1, 1, 3);
      dataset.publish(snapshot(10));
      const cursor = { epoch: "e", version: 2, row: 1, upto: 4 };
      const before = (statement: number) => statement === 1 && happen(dataset);
      const { slice, inserts, queries } = await read(dataset, { cursor, before });
      const { epoch, publishedVersion: version } = dataset;
      assert.deepEqual(slice, {
        cursor: { epoch, version },
        complete: true,
        resync: "refused",
        primaryKey: ["key"],
      });
      assert.equal(inserts, insertsOf(dataset.live.length));
      assert.deepEqual(
        queries.map(({ epoch, afterVersion }) => [epoch, afterVersion]),
        [
          ["e", 2],
          [null, 0],
        ],
      );
    });
});

describe("a feed that does not keep its word", () => {
  const refusal = (reason: string) => ({ code: "QT5011", details: { procedure: "qt.changes", reason } });

  it("is refused if it cannot be read from its beginning", async () => {
    const dataset = published(1);
    const feed = new ModelFeed([dataset]);
    feed.changes = async (_query, reader) => {
      reader.head({ ...dataset.info, status: "resync", upto: 0 });
      return "end";
    };
    await assert.rejects(read(dataset, { feed }), refusal("claims cannot be read from its beginning"));
  });

  for (const [what, rows, last] of [
    ["a row twice", ["2:4", "2:4"], "version 2, row 4"],
    ["a row too late", ["2:4", "2:3"], "version 2, row 3"],
    ["a version too late", ["3:4", "2:5"], "version 2, row 5"],
    ["a row before the cursor", ["1:9"], "version 1, row 9"],
    ["a version beyond the last", ["3:4", "4:5"], "version 4, row 5"],
  ] as const)
    it(`is refused, rather than lose rows, if it sends ${what}`, async () => {
      const dataset = published(1, 2, 3);
      dataset.changes = () =>
        rows.map((row) => {
          const [version = 0, id = 0] = row.split(":").map(Number);
          return { id, key: row, cells: [row], version, deleted: false };
        });
      const cursor = { epoch: "e", version: 1, row: 9, upto: 3 };
      await assert.rejects(read(dataset, { cursor }), refusal(`a row of claims came out of order (${last})`));
    });
});

describe("a dataset's part of a page whose time is up", () => {
  const timeIsUp = () => true;

  it("ends, at the first look at the clock", async () => {
    const { slice, inserts } = await read(published(100), { timeIsUp });
    assert.deepEqual(slice.cursor, { epoch: "e", version: 1, row: 64, upto: 1, initial: true });
    assert.deepEqual([slice.complete, inserts], [false, insertsOf(64)]);
  });

  it("sends one tombstone of a first pass if it would have nothing else to send", async () => {
    const { slice, inserts, deletes } = await read(published(100, 0), { timeIsUp });
    assert.deepEqual(slice.cursor, { epoch: "e", version: 2, row: 64, upto: 2, initial: true });
    assert.deepEqual([inserts, deletes], ["", '{"key":"k73"}']);
  });

  it("sends no tombstone of a first pass beside a row", async () => {
    const { slice, inserts, deletes } = await read(published(100, 1), { timeIsUp });
    assert.deepEqual(slice.cursor, { epoch: "e", version: 2, row: 64, upto: 2, initial: true });
    assert.deepEqual([inserts, deletes], [insertsOf(1), ""]);
  });
});

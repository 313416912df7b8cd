import assert from "node:assert/strict";
import { mock } from "node:test";
import { checkPage, Destination } from "../test-support/destination";
import { ModelDataset, ModelFeed } from "../test-support/model-feed";
import { entriesOf } from "./entries";
import { buildPage, type Page } from "./page";
import { RowSizes } from "./row-sizes";
import { parseState } from "./state";

const COLUMNS = [
  { name: "policy", type: "text" },
  { name: "premium", type: "decimal(38,6)" },
];

/** A snapshot of so many rows, each with the same mark. */
function snapshot(rows: number, mark = "1.5"): Map<string, (string | null)[]> {
  return new Map(Array.from({ length: rows }, (_, index) => [`P${index}`, [`P${index}`, mark]]));
}

const keyed = (id: string, rows: number) => {
  const dataset = new ModelDataset({ id, keyColumns: ["policy"], columns: COLUMNS });
  dataset.publish(snapshot(rows));
  return dataset;
};

interface Overrides {
  readonly pageRows?: number;
  readonly pageBytes?: number;
  readonly now?: () => number;
  readonly soft?: number;
}

async function page(feed: ModelFeed, state: unknown, overrides: Overrides = {}): Promise<Page> {
  const { pageRows = 1000, pageBytes = 1_000_000, now = () => 0, soft = 60_000 } = overrides;
  return buildPage({
    feed,
    entries: entriesOf(await feed.listDatasets(), undefined),
    state: parseState(state),
    options: { pageRows, pageBytes, datasets: undefined },
    limits: { soft, hard: 200_000 },
    now,
    sizes: new RowSizes(),
  });
}

/** Syncs to the end; returns the last state and the contents of the pages. */
async function sync(feed: ModelFeed, state: unknown, destination: Destination, overrides: Overrides = {}) {
  const pages = [];
  let current = state;
  for (let more = true; more; ) {
    const checked = checkPage((await page(feed, current, overrides)).body);
    destination.apply(checked);
    pages.push(checked);
    current = JSON.parse(JSON.stringify(checked.state));
    more = checked.hasMore;
    assert.ok(pages.length < 2000, "a sync ends");
  }
  return { state: current, pages };
}

describe("a page", () => {
  it("sends every row in a first sync, with softDelete only on the first page", async () => {
    const feed = new ModelFeed([keyed("claims", 25)]);
    const destination = new Destination();
    const { pages } = await sync(feed, {}, destination, { pageRows: 10 });
    assert.deepEqual(
      pages.map(({ rows }) => rows),
      [10, 10, 5],
    );
    assert.deepEqual(
      pages.map(({ softDelete }) => softDelete),
      [["claims"], [], []],
    );
    assert.equal(destination.records("claims").length, 25);
    assert.deepEqual(pages[0]?.schema, { claims: { primary_key: ["policy"] } });
  });

  it("sends only changed rows, each one whole, and the primary keys of deleted ones", async () => {
    const dataset = keyed("claims", 5);
    const feed = new ModelFeed([dataset]);
    const { state } = await sync(feed, {}, new Destination());
    const next = snapshot(5);
    next.delete("P0");
    next.set("P1", ["P1", null]);
    next.set("P9", ["P9", "2"]);
    dataset.publish(next);
    const { pages } = await sync(feed, state, new Destination());
    assert.equal(pages.length, 1);
    assert.deepEqual(pages[0]?.insert, {
      claims: [
        { policy: "P1", premium: null },
        { policy: "P9", premium: "2" },
      ],
    });
    assert.deepEqual(pages[0]?.delete, { claims: [{ policy: "P0" }] });
    assert.deepEqual(pages[0]?.softDelete, []);
  });

  it("reads nothing if nothing was published", async () => {
    const feed = new ModelFeed([keyed("claims", 5)]);
    const { state } = await sync(feed, {}, new Destination());
    feed.statements = 0;
    const built = await page(feed, state);
    const { rows, hasMore, state: next } = checkPage(built.body);
    assert.deepEqual([feed.statements, rows, hasMore, built.future], [0, 0, false, []]);
    assert.deepEqual(next, state);
  });

  it("keys a keyless dataset by qt_row_id", async () => {
    const dataset = new ModelDataset({ id: "notes", columns: [{ name: "text", type: "text" }] });
    dataset.publish(
      new Map([
        ["a", ["same"]],
        ["b", ["same"]],
      ]),
    );
    const feed = new ModelFeed([dataset]);
    const { state, pages } = await sync(feed, {}, new Destination());
    assert.deepEqual(pages[0]?.schema, { notes: { primary_key: ["qt_row_id"] } });
    assert.deepEqual(pages[0]?.insert, {
      notes: [
        { qt_row_id: 1, text: "same" },
        { qt_row_id: 2, text: "same" },
      ],
    });
    dataset.publish(new Map([["a", ["same"]]]));
    const { pages: next } = await sync(feed, state, new Destination());
    assert.deepEqual(next[0]?.delete, { notes: [{ qt_row_id: 2 }] });
  });

  it("gives a small dataset its turn before a large one has finished", async () => {
    const feed = new ModelFeed([keyed("large", 500), keyed("small", 3)]);
    const first = checkPage((await page(feed, {}, { pageRows: 20 })).body);
    assert.equal(first.insert.small?.length, 3);
    assert.deepEqual([...first.softDelete].sort(), ["large", "small"]);
  });

  it("gives a large dataset the room that a small one left", async () => {
    const feed = new ModelFeed([keyed("small", 3), keyed("large", 500)]);
    const first = checkPage((await page(feed, {}, { pageRows: 20 })).body);
    assert.deepEqual([first.insert.small?.length, first.insert.large?.length], [3, 17]);
  });

  it("alternates between datasets if a page has room for only one row", async () => {
    const feed = new ModelFeed([keyed("a", 4), keyed("b", 4), keyed("c", 4)]);
    const { pages } = await sync(feed, {}, new Destination(), { pageRows: 1 });
    assert.deepEqual(
      pages.slice(0, 6).flatMap(({ insert }) => Object.keys(insert)),
      ["a", "b", "c", "a", "b", "c"],
    );
  });

  it("keeps within its bytes, and sends a larger row alone", async () => {
    const dataset = new ModelDataset({ id: "claims", keyColumns: ["policy"], columns: COLUMNS });
    const rows = snapshot(30, "é".repeat(50));
    rows.set("P3", ["P3", "x".repeat(5000)]);
    dataset.publish(rows);
    const feed = new ModelFeed([dataset, keyed("other", 3)]);
    const destination = new Destination();
    let state: unknown = {};
    for (let more = true; more; ) {
      const { body, hasMore } = await page(feed, state, { pageBytes: 2000 });
      const checked = checkPage(body);
      assert.ok(body.length <= 2000 || checked.rows === 1, `${body.length} bytes, ${checked.rows} rows`);
      destination.apply(checked);
      state = checked.state;
      more = hasMore;
    }
    assert.equal(destination.records("claims").length, 30);
  });

  it("ends when its time is up", async () => {
    const feed = new ModelFeed([keyed("claims", 1000)]);
    let time = 0;
    feed.beforeRow = () => {
      time += 1;
    };
    const built = await page(feed, {}, { now: () => time, soft: 256 });
    assert.equal(built.inserted, 256);
    assert.equal(built.hasMore, true);
  });

  it("starts no dataset once its time is up", async () => {
    const feed = new ModelFeed([keyed("a", 1), keyed("b", 1)]);
    let time = 0;
    feed.beforeRow = () => {
      time += 256;
    };
    const first = checkPage((await page(feed, {}, { now: () => time, soft: 256 })).body);
    assert.deepEqual([Object.keys(first.insert), first.softDelete, first.hasMore], [["a"], ["a"], true]);
  });

  describe("whose database stalls", () => {
    beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
    afterEach(() => mock.timers.reset());

    /** A feed of five rows that stalls for so long before the given one. */
    function stalling(row: number, milliseconds: number): ModelFeed {
      const feed = new ModelFeed([keyed("claims", 5)]);
      let rows = 0;
      feed.beforeRow = () => {
        if (++rows === row) mock.timers.tick(milliseconds);
      };
      return feed;
    }

    it("sends the rows that it has at the soft limit", async () => {
      const { inserted, hasMore } = await page(stalling(3, 60_000), {});
      assert.deepEqual([inserted, hasMore], [2, true]);
    });

    it("waits for its first row until the hard limit", async () => {
      assert.equal((await page(stalling(1, 199_999), {})).inserted, 5);
      await assert.rejects(page(stalling(1, 200_000), {}), { code: "QT5012", details: { seconds: 200 } });
    });

    it("leaves no timer behind", async () => {
      const feed = new ModelFeed([keyed("claims", 5)]);
      const read = mock.method(feed, "changes");
      await page(feed, {});
      mock.timers.tick(200_000);
      assert.equal(read.mock.calls[0]?.arguments[2].aborted, false);
    });
  });

  it("does not start a second pass of a dataset in one page", async () => {
    const dataset = keyed("claims", 3);
    const feed = new ModelFeed([dataset]);
    feed.beforeChanges = () => {
      feed.beforeChanges = () => {};
      dataset.publish(snapshot(2));
    };
    const first = checkPage((await page(feed, {})).body);
    assert.deepEqual(
      first.insert.claims?.map(({ policy }) => policy),
      ["P0", "P1"],
    );
    assert.deepEqual(first.delete, {});
  });

  it("sends what was published during a sync in the next one, and loses nothing", async () => {
    const dataset = keyed("claims", 30);
    const feed = new ModelFeed([dataset]);
    const destination = new Destination();
    const first = checkPage((await page(feed, {}, { pageRows: 10 })).body);
    destination.apply(first);
    // P0 was sent, P29 was not.
    const next = snapshot(30);
    next.set("P0", ["P0", "9"]);
    next.delete("P1");
    next.delete("P29");
    dataset.publish(next);
    const { state } = await sync(feed, first.state, destination, { pageRows: 10 });
    await sync(feed, state, destination);
    assert.deepEqual(
      destination
        .records("claims")
        .map(({ policy }) => policy)
        .sort(),
      dataset.live.map(({ key }) => key).sort(),
    );
    assert.equal(destination.records("claims").find(({ policy }) => policy === "P0")?.premium, "9");
  });

  it("resends a dataset in another epoch, and reports that", async () => {
    const dataset = keyed("claims", 4);
    const other = keyed("other", 2);
    const feed = new ModelFeed([dataset, other]);
    const { state } = await sync(feed, {}, new Destination());
    dataset.restore();
    other.publish(snapshot(3));
    const built = await page(feed, state);
    const checked = checkPage(built.body);
    assert.deepEqual([checked.softDelete, checked.rows], [["claims"], 5]);
    assert.deepEqual([...built.resync], [["claims", "other epoch"]]);
  });

  it("resends a dataset if tombstones that the cursor has not seen were purged", async () => {
    const dataset = keyed("claims", 4);
    const feed = new ModelFeed([dataset]);
    const { state } = await sync(feed, {}, new Destination());
    dataset.publish(snapshot(2));
    dataset.purge(2);
    const checked = checkPage((await page(feed, state)).body);
    assert.deepEqual([checked.softDelete, checked.rows], [["claims"], 2]);
  });

  it("resends a dataset if tombstones were purged from the version that it was reading", async () => {
    const dataset = keyed("claims", 6);
    const feed = new ModelFeed([dataset]);
    const destination = new Destination();
    const { state } = await sync(feed, {}, destination);
    dataset.publish(new Map([["P5", ["P5", "1.5"]]]));
    const within = checkPage((await page(feed, state, { pageRows: 2 })).body);
    destination.apply(within);
    dataset.purge(2);
    const { pages } = await sync(feed, within.state, destination);
    assert.deepEqual(pages[0]?.softDelete, ["claims"]);
    assert.equal(destination.records("claims").length, 1);
  });

  it("notices a purge between the list and the read", async () => {
    const dataset = keyed("claims", 6);
    const feed = new ModelFeed([dataset]);
    const destination = new Destination();
    const { state } = await sync(feed, {}, destination);
    dataset.publish(new Map([["P5", ["P5", "1.5"]]]));
    const within = checkPage((await page(feed, state, { pageRows: 2 })).body);
    destination.apply(within);
    feed.beforeChanges = () => dataset.purge(2);
    await sync(feed, within.state, destination);
    assert.equal(destination.records("claims").length, 1);
  });

  it("notices a restore during a first pass, between the list and the read", async () => {
    const dataset = keyed("claims", 6);
    const feed = new ModelFeed([dataset]);
    const destination = new Destination();
    dataset.publish(snapshot(6, "2"));
    const within = checkPage((await page(feed, {}, { pageRows: 2 })).body);
    destination.apply(within);
    feed.beforeChanges = () => {
      feed.beforeChanges = () => {};
      dataset.restore();
      dataset.publish(snapshot(4, "3"));
    };
    await sync(feed, within.state, destination);
    assert.deepEqual(
      destination.records("claims").map(({ premium }) => premium),
      ["3", "3", "3", "3"],
    );
  });

  it("finishes a first pass even if old versions were purged", async () => {
    const dataset = keyed("claims", 30);
    dataset.publish(snapshot(20));
    dataset.purge(2);
    const feed = new ModelFeed([dataset]);
    const { pages } = await sync(feed, {}, new Destination(), { pageRows: 7 });
    assert.deepEqual(
      pages.map(({ rows }) => rows),
      [7, 7, 6],
    );
    assert.equal(pages.filter(({ softDelete }) => softDelete.length > 0).length, 1);
  });

  it("starts a resync if the database is restored between the list and the read", async () => {
    const dataset = keyed("claims", 4);
    const feed = new ModelFeed([dataset]);
    const { state } = await sync(feed, {}, new Destination());
    dataset.publish(snapshot(5));
    feed.beforeChanges = () => {
      feed.beforeChanges = () => {};
      dataset.restore();
    };
    const checked = checkPage((await page(feed, state)).body);
    assert.deepEqual([checked.softDelete, checked.rows, checked.hasMore], [["claims"], 4, false]);
  });

  it("leaves out a dataset that is removed between the list and the read, and keeps its cursor", async () => {
    const dataset = keyed("claims", 4);
    const feed = new ModelFeed([dataset, keyed("other", 1)]);
    const { state } = await sync(feed, {}, new Destination());
    dataset.publish(snapshot(5));
    feed.beforeChanges = () => {
      feed.datasets.shift();
    };
    const checked = checkPage((await page(feed, state)).body);
    assert.deepEqual([checked.rows, checked.hasMore, checked.softDelete], [0, false, []]);
    assert.deepEqual(checked.state, state);
  });

  it("sends no row for a cursor from the future and keeps it unchanged", async () => {
    const dataset = keyed("claims", 4);
    const feed = new ModelFeed([dataset]);
    const state = { format: 1, datasets: { claims: { epoch: dataset.epoch, version: 1e15 } } };
    const built = await page(feed, state);
    const checked = checkPage(built.body);
    assert.deepEqual([checked.rows, checked.hasMore, checked.softDelete], [0, false, []]);
    assert.deepEqual(checked.state, state);
    assert.deepEqual(built.future, ["claims"]);
  });

  it("keeps the cursors of datasets that it does not know", async () => {
    const feed = new ModelFeed([keyed("claims", 1)]);
    const foreign = { epoch: "e", version: 7 };
    const checked = checkPage((await page(feed, { format: 1, datasets: { gone: foreign } })).body);
    assert.deepEqual((checked.state as { datasets: Record<string, unknown> }).datasets.gone, foreign);
  });

  it("leaves tombstones out of a first pass", async () => {
    const dataset = keyed("claims", 3000);
    dataset.publish(snapshot(3));
    const { pages } = await sync(new ModelFeed([dataset]), {}, new Destination(), { pageRows: 2 });
    assert.deepEqual(
      pages.map(({ rows }) => rows),
      [2, 1],
    );
    assert.ok(pages.every((each) => Object.keys(each.delete).length === 0));
  });

  describe("whose first pass of a dataset has only tombstones left", () => {
    /** A dataset whose version 2 left two of five rows, and version 3 marked them; the cursor is before the tombstones. */
    function within(mark: string) {
      const dataset = keyed("claims", 5);
      dataset.publish(snapshot(2));
      dataset.publish(snapshot(2, mark));
      const { epoch } = dataset;
      const claims = { epoch, version: 1, row: 2, upto: 2, initial: true };
      return { dataset, epoch, state: { format: 1, datasets: { claims } } };
    }

    it("continues with what was published since", async () => {
      const { dataset, epoch, state } = within("9");
      const checked = checkPage((await page(new ModelFeed([dataset]), state)).body);
      assert.deepEqual([checked.insert.claims?.length, checked.delete, checked.hasMore], [2, {}, false]);
      assert.deepEqual(checked.state, { format: 1, datasets: { claims: { epoch, version: 3 } } });
    });

    it("ends the pass if the page has no room for what was published since", async () => {
      const { dataset, epoch, state } = within("9".repeat(2000));
      const feed = new ModelFeed([keyed("other", 1), dataset]);
      const checked = checkPage((await page(feed, state, { pageBytes: 2000 })).body);
      assert.deepEqual([Object.keys(checked.insert), checked.hasMore], [["other"], true]);
      assert.deepEqual(checked.state, {
        format: 1,
        datasets: { claims: { epoch, version: 2 }, other: { epoch: feed.datasets[0]?.epoch, version: 1 } },
        turn: "claims",
      });
    });
  });

  it("sends one tombstone rather than an empty page if time runs out among tombstones", async () => {
    const dataset = keyed("claims", 3000);
    dataset.publish(new Map());
    dataset.publish(snapshot(3));
    const feed = new ModelFeed([dataset]);
    let time = 0;
    feed.beforeRow = () => {
      time += 1;
    };
    const destination = new Destination();
    let state: unknown = {};
    for (let more = true; more; ) {
      const checked = checkPage((await page(feed, state, { now: () => time, soft: 500 })).body);
      destination.apply(checked);
      state = checked.state;
      more = checked.hasMore;
    }
    assert.equal(destination.records("claims").length, 3);
  });

  it("refuses a feed that is out of order, rather than lose rows", async () => {
    const dataset = keyed("claims", 3);
    dataset.changes = () => [
      { id: 2, key: "P1", cells: ["P1", "1"], version: 1, deleted: false },
      { id: 1, key: "P0", cells: ["P0", "1"], version: 1, deleted: false },
    ];
    await assert.rejects(page(new ModelFeed([dataset]), {}), { code: "QT5011" });
  });

  it("marks the rows of an empty dataset as deleted, once", async () => {
    const dataset = new ModelDataset({ id: "claims", keyColumns: ["policy"], columns: COLUMNS });
    dataset.publish(new Map());
    const feed = new ModelFeed([dataset]);
    const first = checkPage((await page(feed, {})).body);
    assert.deepEqual([first.softDelete, first.rows, first.hasMore], [["claims"], 0, false]);
    const second = checkPage((await page(feed, first.state)).body);
    assert.deepEqual(second.softDelete, []);
  });

  it("skips retired datasets and those that were never published", async () => {
    const never = new ModelDataset({ id: "never", columns: COLUMNS });
    const retired = new ModelDataset({ id: "retired", columns: COLUMNS, status: "retired" });
    retired.publish(snapshot(1));
    const checked = checkPage((await page(new ModelFeed([never, retired]), {})).body);
    assert.deepEqual([checked.schema, checked.softDelete], [{}, []]);
  });
});

import assert from "node:assert/strict";
import fc from "fast-check";
import type { QtError } from "../../errors/qt-error";
import { checkPage, Destination } from "../test-support/destination";
import { ModelDataset, ModelFeed } from "../test-support/model-feed";
import { entriesOf } from "./entries";
import { buildPage } from "./page";
import { RowSizes } from "./row-sizes";
import { parseState } from "./state";

const KEYED = {
  id: "policies",
  keyColumns: ["k"],
  columns: [
    { name: "k", type: "text" },
    { name: "v", type: "text" },
  ],
};
const KEYLESS = {
  id: "Loss Notes",
  columns: [
    { name: "k", type: "text" },
    { name: "v", type: "int" },
  ],
};

/** A snapshot picks, for each of a few keys, whether the row is there and with which value. */
const snapshot = fc.array(fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }), {
  minLength: 0,
  maxLength: 12,
});
const dataset = fc.nat({ max: 1 });
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("publish" as const), dataset, snapshot }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("purge" as const), dataset, back: fc.nat({ max: 3 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("restore" as const), dataset }) },
  // The same, but during the next page, between its list of datasets and its first read.
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("race" as const),
      dataset,
      snapshot,
      mishap: fc.constantFrom("publish", "purge", "restore"),
    }),
  },
  // One page from any earlier state, with the destination as it was then.
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("page" as const),
      from: fc.nat(),
      rows: fc.integer({ min: 1, max: 9 }),
    }),
  },
);

function rowsOf(values: readonly (number | undefined)[]): Map<string, [string, string]> {
  const rows = new Map<string, [string, string]>();
  for (const [index, value] of values.entries())
    if (value !== undefined) rows.set(`k${index}`, [`k${index}`, `${value}`]);
  return rows;
}

interface Saved {
  readonly state: unknown;
  readonly destination: Destination;
}

function run(feed: ModelFeed) {
  const sizes = new RowSizes();
  return async (saved: Saved, pageRows: number, pageBytes: number): Promise<Saved & { hasMore: boolean }> => {
    const { body, hasMore } = await buildPage({
      feed,
      entries: entriesOf(await feed.listDatasets(), undefined),
      state: parseState(saved.state),
      options: { pageRows, pageBytes, datasets: undefined },
      limits: { soft: 60_000, hard: 200_000 },
      now: () => 0,
      sizes,
    });
    const page = checkPage(body);
    assert.ok(page.rows <= pageRows, "no more rows than requested");
    assert.ok(body.length <= pageBytes || page.rows <= 1, "no more bytes than requested");
    const destination = saved.destination.copy();
    destination.apply(page);
    return { state: page.state, destination, hasMore };
  };
}

describe("pages, whatever happens between them", () => {
  it("add up to the table from any saved state", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 30 }),
        fc.integer({ min: 300, max: 3000 }),
        async (steps, bytes) => {
          const datasets = [new ModelDataset(KEYED), new ModelDataset(KEYLESS)] as const;
          const feed = new ModelFeed([...datasets]);
          const page = run(feed);
          const saved: Saved[] = [{ state: {}, destination: new Destination() }];
          for (const each of steps) {
            if (each.kind === "page") {
              const from = saved[each.from % saved.length];
              if (from !== undefined) saved.push(await page(from, each.rows, bytes));
              continue;
            }
            const target = datasets[each.dataset] ?? datasets[0];
            if (each.kind === "publish") target.publish(rowsOf(each.snapshot));
            else if (each.kind === "purge") target.purge(target.publishedVersion - each.back);
            else if (each.kind === "restore") target.restore();
            else {
              feed.beforeChanges = () => {
                feed.beforeChanges = () => {};
                if (each.mishap === "restore") target.restore();
                else target.publish(rowsOf(each.snapshot));
                if (each.mishap === "purge") target.purge(target.publishedVersion);
              };
            }
          }
          feed.beforeChanges = () => {};
          for (const start of saved) {
            let current: Saved & { hasMore: boolean } = { ...start, hasMore: true };
            for (let pages = 0; current.hasMore; pages++) {
              assert.ok(pages < 200, "a sync ends");
              current = await page(current, 3, bytes);
            }
            assertSame(current.destination, datasets);
            const again = await page(current, 100, 100_000);
            assert.deepEqual(again.state, current.state, "a sync without changes changes nothing");
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it("come to an end for every state that is not refused", async () => {
    const known = new ModelDataset(KEYED);
    known.publish(new Map([["a", ["a", "1"]]]));
    const number = fc.oneof(
      fc.nat({ max: 3 }),
      fc.double(),
      fc.maxSafeInteger(),
      fc.constant(1e300),
      fc.string(),
      fc.constant(null),
    );
    const cursor = fc.record(
      {
        epoch: fc.oneof(fc.constant(known.epoch), fc.string()),
        version: number,
        row: number,
        upto: number,
        initial: fc.anything(),
      },
      { requiredKeys: [] },
    );
    const state = fc.oneof(
      fc.anything(),
      fc.record({
        format: fc.constantFrom(1, 2, "1"),
        datasets: fc.oneof(
          fc.anything(),
          fc.dictionary(fc.constantFrom("policies", "x", "__proto__"), cursor),
        ),
        turn: fc.anything(),
      }),
    );
    const feed = new ModelFeed([known]);
    const page = run(feed);
    await fc.assert(
      fc.asyncProperty(state, async (value) => {
        let current: Saved & { hasMore: boolean } = {
          state: asJson(value),
          destination: new Destination(),
          hasMore: true,
        };
        for (let pages = 0; current.hasMore; pages++) {
          assert.ok(pages < 10, "a sync ends");
          try {
            current = await page(current, 1, 1000);
          } catch (error) {
            assert.equal((error as QtError).code, "QT5013");
            return;
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

/** A value after a round trip through JSON, like a state. */
function asJson(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value) ?? "null");
  } catch {
    return null;
  }
}

function assertSame(destination: Destination, [keyed, keyless]: readonly [ModelDataset, ModelDataset]): void {
  const policies = keyed.live.map(({ cells: [k, v] }) => ({ k, v }));
  const notes = keyless.live.map(({ id, cells: [k, v] }) => ({ qt_row_id: id, k, v: Number(v) }));
  const sorted = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).sort();
  assert.deepEqual(sorted(destination.records("policies")), sorted(policies));
  assert.deepEqual(sorted(destination.records("loss_notes")), sorted(notes));
}

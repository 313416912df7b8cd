import assert from "node:assert/strict";
import fc from "fast-check";
import { datasetSchema } from "../../infra/dataset-schema";
import { withDefaults } from "../../infra/schema-walk";
import type { Cell } from "./driver";
import { content, Replica, values } from "./replica";
import { type Change, refuses, type Snapshot, useWarehouse, type Warehouse } from "./warehouse";

/**
 * Random histories of one dataset, checked against a simple model: the live rows are the rows of the last published snapshot without
 * those whose keys are erased.
 * Replicas read the feed from cursors saved at any point, even in the middle of a page run that a publish overtakes, and start
 * again if the feed asks for a resync.
 */
type Step =
  | { readonly kind: "load"; readonly snapshot: Snapshot }
  /** A load that its guard may refuse. */
  | { readonly kind: "guarded"; readonly snapshot: Snapshot }
  /** A load during which others read. */
  | { readonly kind: "race"; readonly snapshot: Snapshot; readonly limit: number }
  | { readonly kind: "purge" }
  | { readonly kind: "restore" }
  | { readonly kind: "replay" }
  | { readonly kind: "fail"; readonly how: "report" | "duplicate"; readonly snapshot: Snapshot }
  | { readonly kind: "overtake"; readonly snapshot: Snapshot }
  | { readonly kind: "erase" | "lift"; readonly id: string }
  | { readonly kind: "read"; readonly replica: number; readonly limit: number }
  | { readonly kind: "fork"; readonly replica: number };

const cell = fc.constantFrom<Cell>(null, "", "x", "y", "x ", "\u0001a\u0002");
const extraColumns = fc
  .subarray(["a", "b", "c", "D e"], { minLength: 0 })
  .chain((columns) => fc.shuffledSubarray(columns, { minLength: columns.length }));

const key = fc.constantFrom(..."12345678");

function snapshots(keyed: boolean): fc.Arbitrary<Snapshot> {
  return extraColumns.chain((columns) => {
    const row = fc.tuple(key, fc.array(cell, { minLength: columns.length, maxLength: columns.length }));
    const rows = keyed
      ? fc.uniqueArray(row, { minLength: 1, maxLength: 8, selector: ([id]) => id })
      : fc.array(row, { minLength: 1, maxLength: 8 });
    return rows.map((list) => ({
      header: ["id", ...columns],
      rows: list.map(([id, cells]) => [id, ...cells]),
    }));
  });
}

function histories(keyed: boolean): fc.Arbitrary<Step[]> {
  const snapshot = snapshots(keyed);
  const replica = fc.nat(3);
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant("load" as const), snapshot }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("guarded" as const), snapshot }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant("race" as const),
        snapshot,
        limit: fc.integer({ min: 1, max: 5 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constantFrom("replay" as const, "purge" as const, "restore" as const),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("overtake" as const), snapshot }) },
    // Without a key there is nothing to erase by.
    {
      weight: keyed ? 2 : 0,
      arbitrary: fc.record({
        kind: fc.constantFrom("erase" as const, "erase" as const, "lift" as const),
        id: key,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant("fail" as const),
        how: fc.constantFrom("report" as const, "duplicate" as const),
        snapshot,
      }),
    },
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant("read" as const),
        replica,
        limit: fc.integer({ min: 1, max: 5 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("fork" as const), replica }) },
  );
  return fc.array(step, { minLength: 4, maxLength: 14 });
}

function expected({ header, rows }: Snapshot): string[] {
  const names = header.map((name) => (name === "D e" ? "d_e" : name));
  return content(
    rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index] ?? null]))),
  );
}

const { guards } = withDefaults(datasetSchema, {});

/** True if the default guard refuses a snapshot after another. It compares keys if there are any, otherwise row counts. */
function losesTooMuch(before: Snapshot, after: Snapshot, keyed: boolean): boolean {
  const live = before.rows.length;
  const keys = new Set(after.rows.map(([id]) => id));
  const kept = keyed ? before.rows.filter(([id]) => keys.has(id)).length : Math.min(live, after.rows.length);
  return (live - kept) * 100 > guards.maxShrinkPercent * live;
}

/** True if the default guard refuses the columns of a snapshot after another. @param seen every column that a snapshot had so far */
function changesTooManyColumns(before: Snapshot, after: Snapshot, seen: ReadonlySet<string>): boolean {
  const gone = before.header.filter((name) => !after.header.includes(name)).length;
  const added = after.header.filter((name) => !seen.has(name)).length;
  const most = guards.maxColumnChangePercent;
  return gone * 100 > most * before.header.length || added * 100 > most * after.header.length;
}

/** An unchanged row keeps its version; a changed one has the version of the publish. */
function checkVersions(before: readonly Change[], after: readonly Change[], published: number): void {
  const known = new Map(before.map((change) => [change.row, change]));
  for (const change of after) {
    const old = known.get(change.row);
    const same =
      old !== undefined && old.deleted === change.deleted && values(old.cells) === values(change.cells);
    assert.equal(change.version, same ? old.version : published);
  }
  assert.ok(
    before.every((change) => after.some((other) => other.row === change.row)),
    "no row disappears",
  );
}

/** Declares the suite. @param count The number of histories, for a dataset with a key and for one without. */
export function describeHistories(count: number): void {
  describe("random histories", () => declareHistories(count));
}

function declareHistories(count: number): void {
  let beside: Awaited<ReturnType<Warehouse["another"]>>;
  let datasets = 0;
  // Registered first, so that it runs before the database is dropped.
  after(() => beside?.session.close());
  const warehouse = useWarehouse();

  before(async () => {
    const { races } = warehouse().driver.lacks;
    if (races !== undefined) console.log(`      no races: ${races}`);
    beside = await warehouse().another();
  });

  for (const keyed of [true, false]) {
    it(`lead to the last snapshot from every cursor (${keyed ? "keyed" : "keyless"})`, async () => {
      await fc.assert(
        fc.asyncProperty(histories(keyed), async (history) => {
          const dataset = `model_${++datasets}`;
          await warehouse().configure([{ id: dataset, table: dataset, keyColumns: keyed ? ["id"] : [] }]);
          await run(warehouse(), beside, dataset, history, keyed);
        }),
        { numRuns: count, endOnFailure: false },
      );
    });
  }
}

async function run(
  warehouse: Warehouse,
  beside: Warehouse,
  dataset: string,
  history: readonly Step[],
  keyed: boolean,
): Promise<void> {
  const replicas = [new Replica()];
  const pick = (index: number) => replicas[index % replicas.length] ?? new Replica();
  let last: Snapshot | undefined;
  let lastRun: string | undefined;
  let version = 0;
  const seen = new Set<string>();
  const erased = new Set<string>();

  const without = (snapshot: Snapshot): Snapshot => ({
    ...snapshot,
    rows: snapshot.rows.filter(([id]) => !erased.has(String(id))),
  });
  const staged = async (snapshot: Snapshot) => {
    const runId = await warehouse.begin(dataset);
    await warehouse.driver.stage(runId, snapshot.header, snapshot.rows);
    return runId;
  };
  const load = async (snapshot: Snapshot, publish = (runId: string) => warehouse.publish(runId, true)) => {
    const before = (await warehouse.changes(dataset)).changes;
    const runId = await staged(snapshot);
    const published = await publish(runId);
    assert.equal(published.status, "published");
    assert.ok(published.version > version, "versions grow");
    const after = (await warehouse.changes(dataset)).changes;
    checkVersions(before, after, published.version);
    const touched = after.filter((change) => change.version === published.version).length;
    assert.equal(touched, published.inserted + published.updated + published.deleted);
    ({ version } = published);
    last = without(snapshot);
    for (const name of snapshot.header) seen.add(name);
    lastRun = runId;
  };

  for (const step of history) {
    const before =
      step.kind === "fail" || step.kind === "replay" ? await warehouse.changes(dataset) : undefined;
    switch (step.kind) {
      case "load":
        await load(step.snapshot);
        break;
      case "guarded": {
        const columns = last !== undefined && changesTooManyColumns(last, step.snapshot, seen);
        if (last !== undefined && (columns || losesTooMuch(last, without(step.snapshot), keyed))) {
          const runId = await staged(step.snapshot);
          await refuses(warehouse.publish(runId), columns ? "QT4019" : "QT4011");
          await warehouse.driver.call("qt.fail_load", { run_id: runId, error: "guard" });
        } else await load(step.snapshot, (runId) => warehouse.publish(runId));
        break;
      }
      case "race": {
        if (warehouse.driver.lacks.races !== undefined) {
          await load(step.snapshot);
          break;
        }
        const old = new Set(last === undefined ? [] : expected(last));
        await load(step.snapshot, async (runId) => {
          const publish = beside.publish(runId, true);
          const page = await warehouse.changes(dataset);
          for (const replica of replicas) await replica.read(warehouse, dataset, step.limit);
          const published = await publish;
          const rows = content(page.changes.filter(({ deleted }) => !deleted).map(({ cells }) => cells));
          // Up to the old version, rows that the publish changed may already be missing: they come above the bound. No new row appears.
          if (Number(page.header.upto) < published.version) assert.ok(rows.every((row) => old.has(row)));
          else assert.deepEqual(rows, expected(without(step.snapshot)));
          return published;
        });
        break;
      }
      case "purge":
        if (lastRun !== undefined) await warehouse.driver.age(lastRun, 91);
        await warehouse.driver.call("qt.purge", { retention_days: 90 });
        break;
      case "restore":
        await warehouse.driver.pretendRestore();
        break;
      case "replay":
        if (lastRun !== undefined) assert.equal((await warehouse.publish(lastRun, true)).version, version);
        break;
      case "overtake": {
        const older = await staged({ header: ["id"], rows: [["older"]] });
        await load(step.snapshot);
        assert.equal((await warehouse.publish(older, true)).status, "superseded");
        break;
      }
      case "fail": {
        const twice = step.how === "duplicate" && keyed && without(step.snapshot).rows.length > 0;
        const rows = twice ? [...step.snapshot.rows, ...step.snapshot.rows] : step.snapshot.rows;
        const runId = await staged({ ...step.snapshot, rows });
        if (twice) await refuses(warehouse.publish(runId, true), "QT4012");
        await warehouse.driver.call("qt.fail_load", { run_id: runId, error: "x" });
        break;
      }
      case "erase": {
        const old = (await warehouse.changes(dataset)).changes;
        const wasLive = last?.rows.some(([id]) => id === step.id) ?? false;
        const call = { dataset_id: dataset, key: JSON.stringify({ id: step.id }) };
        const [rows] = await warehouse.driver.call("qt.erase", call);
        assert.equal(Number(rows?.[0]?.rows_erased), wasLive ? 1 : 0);
        erased.add(step.id);
        if (last !== undefined) last = without(last);
        const { changes, header } = await warehouse.changes(dataset);
        const sent = changes.filter(({ version }) => old.every((change) => change.version < version));
        const deletion = { id: step.id, deleted: true, version: Number(header.upto) };
        assert.deepEqual(
          sent.map(({ cells, deleted, version }) => ({ id: cells.id, deleted, version })),
          wasLive ? [deletion] : [],
        );
        checkVersions(old, changes, deletion.version);
        break;
      }
      case "lift": {
        const call = { dataset_id: dataset, key: JSON.stringify({ id: step.id }) };
        const [rows] = await warehouse.driver.call("qt.lift_erasure", call);
        assert.equal(Number(rows?.[0]?.lifted), erased.delete(step.id) ? 1 : 0);
        break;
      }
      case "read":
        await pick(step.replica).read(warehouse, dataset, step.limit);
        break;
      case "fork":
        if (replicas.length < 4) replicas.push(pick(step.replica).fork());
        break;
    }
    if (before !== undefined) assert.deepEqual(await warehouse.changes(dataset), before);
  }

  for (const replica of [...replicas, new Replica()]) {
    // To the end of the current page run, then what was published after its bound, and once more in case of a resync.
    for (let runs = 0; runs < 3; runs++) while (await replica.read(warehouse, dataset, 3));
    assert.deepEqual(replica.live(), last === undefined ? [] : expected(last));
  }
}

import assert from "node:assert/strict";
import { checkContent, checkVersions, expectedContent, refusesWith } from "./model-check";
import { DatasetModel } from "./model-dataset";
import { erase, type Key, keyAmong, lift, type Tables } from "./model-erasure";
import { filled, liveContent, Reader } from "./model-reader";
import { datasetInput, type Settings } from "./model-settings";
import type { History, Step } from "./model-steps";
import { TypeChange } from "./model-type-change";
import { type Change, type Page, refuses, type Snapshot, type Warehouse } from "./warehouse";

/** Runs one history on a dataset of its own, and compares the feed with the model after each step. */
export class HistoryRun {
  #model: DatasetModel;
  #feed: Page | undefined;
  #readers = [new Reader()];
  #runs: { readonly id: string; readonly version: number }[] = [];
  /** The newest version of a load that a purge takes for old. */
  #agedVersion = 0;
  readonly #typeChange = new TypeChange();
  /** What is left of the tables whose names were released: an erasure reaches them too. */
  #released: DatasetModel[] = [];

  constructor(
    readonly warehouse: Warehouse,
    /** Another session, if the engine can have races. */
    readonly beside: Warehouse | undefined,
    readonly dataset: string,
    readonly history: History,
  ) {
    this.#model = new DatasetModel({ settings: history.settings });
  }

  async run(): Promise<void> {
    await this.#configure(this.#model.settings);
    await this.#dropCopies();
    for (const step of this.history.steps) {
      await this.#take(step);
      if (!["read", "fork", "rewind"].includes(step.kind)) await this.#verify();
    }
    while (["copying", "dropped"].includes((await this.#changeTypes(3)) ?? ""));
    for (const reader of [...this.#readers, new Reader()]) {
      while (!(await reader.isAtEnd(this.warehouse, this.dataset, 3)));
      assert.deepEqual(reader.live(), expectedContent(this.#model));
    }
  }

  async #take(step: Step): Promise<void> {
    switch (step.kind) {
      case "load":
        return await this.#load(step.snapshot, step.allowShrink);
      case "race":
        return await this.#race(step.snapshot, step.limit);
      case "overtake":
        return await this.#overtake(step.snapshot);
      case "lose":
        return await this.#lose(step.snapshot, step.limit);
      case "fail":
        return await this.#fail(await this.#staged(step.snapshot));
      case "settings":
        return await this.#change({ ...this.#model.settings, ...step.change }, step.isLarge);
      case "types":
        for (const rows of step.calls) await this.#changeTypes(rows);
        return;
      case "erase":
        return await this.#erase(
          keyAmong(this.#model, [...this.#model.rows.keys(), ...this.#model.tombstones], step),
        );
      case "lift":
        return await this.#lift(keyAmong(this.#model, this.#model.erased, step));
      case "replay": {
        const last = this.#runs.at(-1);
        if (last !== undefined)
          assert.equal((await this.warehouse.publish(last.id, true)).version, last.version);
        return;
      }
      case "purge":
        await this.#load(step.snapshot, true);
        return await this.#purge(step.back);
      case "restore":
        return await this.#restore();
      case "retire":
        return await this.#retire();
      case "release":
        return await this.#release();
      case "read":
        await this.#reader(step.reader).read(this.warehouse, this.dataset, step.limit, step.delivery);
        return;
      case "fork":
        if (this.#readers.length < 4) this.#readers.push(this.#reader(step.reader).fork());
        return;
      case "rewind":
        return this.#reader(step.reader).rewind(step.to);
    }
  }

  #reader(index: number): Reader {
    return this.#readers[index % this.#readers.length] ?? new Reader();
  }

  #configure(settings: Settings): Promise<void> {
    return this.warehouse.configure([datasetInput(this.dataset, settings)]);
  }

  async #staged({ header, rows }: Snapshot): Promise<string> {
    const runId = await this.warehouse.begin(this.dataset);
    await this.warehouse.driver.stage(runId, header, rows);
    return runId;
  }

  async #fail(runId: string): Promise<void> {
    await this.warehouse.driver.call("qt.fail_load", { run_id: runId, error: "it failed" });
  }

  async #load(
    snapshot: Snapshot,
    allowShrink: boolean,
    publish = (runId: string) => this.warehouse.publish(runId, allowShrink),
  ): Promise<void> {
    const outcome = this.#model.publish(snapshot, allowShrink);
    const runId = await this.#staged(snapshot);
    if (outcome.faults !== undefined) {
      await refusesWith(publish(runId), outcome.faults);
      return await this.#fail(runId);
    }
    const published = await publish(runId);
    const { status, version, emptied: _, ...counts } = published;
    assert.equal(status, "published");
    assert.ok(version > this.#model.version, "versions grow");
    if (outcome.counts !== undefined) assert.deepEqual(counts, outcome.counts);
    this.#model = outcome.next.with({ version });
    this.#runs.push({ id: runId, version });
    const page = await this.#verify(version);
    const touched = page.changes.filter((change) => change.version === version).length;
    assert.equal(touched, counts.inserted + counts.updated + counts.deleted, "only what differs is sent");
    if (!this.#model.isKeyed) this.#model = this.#model.with({ isExact: true });
  }

  async #race(snapshot: Snapshot, limit: number): Promise<void> {
    const { beside } = this;
    const isPublished = this.#model.publish(snapshot, true).faults === undefined;
    if (beside === undefined || !isPublished) return await this.#load(snapshot, true);
    const old = new Set(expectedContent(this.#model));
    await this.#load(snapshot, true, async (runId) => {
      const publish = beside.publish(runId, true);
      const page = await this.warehouse.changes(this.dataset);
      for (const reader of this.#readers) await reader.read(this.warehouse, this.dataset, limit);
      const published = await publish;
      // Up to the old version, rows that the publish changed may already be missing: they come above the bound. No new row appears.
      if (Number(page.header.upto) < published.version)
        assert.ok(liveContent(page.changes).every((row) => old.has(row)));
      return published;
    });
  }

  async #overtake(snapshot: Snapshot): Promise<void> {
    const older = await this.#staged({ header: ["id"], rows: [["older"]] });
    const before = this.#runs.length;
    await this.#load(snapshot, true);
    if (this.#runs.length === before) return await this.#fail(older);
    assert.equal((await this.warehouse.publish(older, true)).status, "superseded");
  }

  async #lose(snapshot: Snapshot, limit: number): Promise<void> {
    // On an engine without races a long transaction has not been tried beside other sessions.
    if (this.beside === undefined || this.#model.publish(snapshot, true).faults !== undefined) return;
    await this.warehouse.driver.begin();
    try {
      const runId = await this.#staged(snapshot);
      assert.equal((await this.warehouse.publish(runId, true)).status, "published");
      for (const reader of this.#readers) await reader.read(this.warehouse, this.dataset, limit);
    } finally {
      await this.warehouse.driver.rollback();
    }
    await this.#restore();
  }

  /** @param isLarge True if changes of type wait for calls of qt.change_types. */
  async #change(settings: Settings, isLarge: boolean): Promise<void> {
    const { driver } = this.warehouse;
    await driver.query("delete from qt.setting where name = 'rows_changed_at_once'");
    if (isLarge)
      await driver.query("insert into qt.setting (name, value) values ('rows_changed_at_once', '0')");
    const outcome = this.#model.configure(settings, isLarge);
    if (outcome.faults !== undefined) return await refusesWith(this.#configure(settings), outcome.faults);
    await this.#configure(settings);
    const wasWaiting = this.#model.with({ settings }).waiting.length > 0;
    this.#typeChange.configured(wasWaiting && outcome.next.waiting.length === 0);
    this.#model = outcome.next;
    await this.#verify(Number.POSITIVE_INFINITY);
  }

  async #changeTypes(rows: number): Promise<string | undefined> {
    const [answer = []] = await this.warehouse.driver.call("qt.change_types", { rows });
    const feed = this.#feed?.changes ?? [];
    const { state, next } = this.#typeChange.take(answer[0], this.#model, feed, rows);
    this.#model = next;
    const page = await this.#verify(state === "changed" ? Number.POSITIVE_INFINITY : undefined);
    const newest = Math.max(0, ...feed.map(({ version }) => version));
    const versions = page.changes.map(({ version }) => version).filter((version) => version > newest);
    assert.ok(new Set(versions).size <= 1, "what changed is sent as one version");
    return state;
  }

  /** What a history that failed has left. */
  async #dropCopies(): Promise<void> {
    const step = () => this.warehouse.driver.call("qt.change_types", { rows: 1 });
    while ((await step())[0]?.[0] !== undefined);
  }

  async #erase(key: Key): Promise<void> {
    const tables: Tables = [this.#model, ...this.#released];
    [this.#model, ...this.#released] = await erase(this.warehouse.driver, this.dataset, key, tables);
    await this.#verify(Number.POSITIVE_INFINITY);
  }

  async #lift(key: Key): Promise<void> {
    this.#model = await lift(this.warehouse.driver, this.dataset, key, this.#model);
  }

  async #purge(back: number): Promise<void> {
    const old = this.#runs.at(-1 - back);
    if (old !== undefined) await this.warehouse.driver.age(old.id, 91 * 24);
    this.#agedVersion = Math.max(this.#agedVersion, old?.version ?? 0);
    await this.warehouse.driver.call("qt.purge", { retention_days: 90 });
    const isPurged = ({ deleted, version }: Change) => deleted && version <= this.#agedVersion;
    const kept = (this.#feed?.changes ?? []).filter((change) => !isPurged(change));
    assert.deepEqual((await this.#read()).changes, kept);
    const keys = new Set(kept.filter(({ deleted }) => deleted).map((row) => this.#model.keyOf(filled(row))));
    const tombstones = [...this.#model.tombstones].filter((identity) => keys.has(identity));
    if (this.#model.isKeyed) this.#model = this.#model.with({ tombstones: new Set(tombstones) });
  }

  async #restore(): Promise<void> {
    const { epoch } = (await this.#read()).header;
    await this.warehouse.driver.pretendRestore();
    assert.notEqual((await this.#read()).header.epoch, epoch, "a new epoch");
  }

  /** Takes the dataset out of the settings and back. */
  async #retire(): Promise<void> {
    const run = await this.#staged({ header: ["id"], rows: [["1"]] });
    await this.warehouse.configure([]);
    const { header } = await this.warehouse.changes(this.dataset);
    assert.equal(header.status, "unknown");
    await refuses(this.warehouse.begin(this.dataset), "QT4003");
    await refuses(this.warehouse.publish(run, true), "QT4003");
    await this.#fail(run);
    await this.#change(this.#model.settings, true);
  }

  /** Gives the table's name to a new dataset with the same id. */
  async #release(): Promise<void> {
    if (this.warehouse.driver.lacks.indexes !== undefined) return;
    const { epoch } = (await this.#read()).header;
    await this.warehouse.configure([]);
    await this.warehouse.driver.call("qt.release_dataset", { table_name: this.dataset });
    await this.#configure(this.#model.settings);
    const { settings, erased } = this.#model;
    this.#released.push(this.#model);
    this.#model = new DatasetModel({ settings, erased });
    this.#typeChange.released();
    this.#runs = [];
    this.#agedVersion = 0;
    this.#feed = undefined;
    assert.notEqual((await this.#read()).header.epoch, epoch, "a new epoch");
  }

  async #read(): Promise<Page> {
    this.#feed = await this.warehouse.changes(this.dataset);
    return this.#feed;
  }

  /** Compares the whole feed with the model and with what it was before. @param published the only version that a changed row may have */
  async #verify(published?: number): Promise<Page> {
    const before = this.#feed?.changes ?? [];
    const page = await this.#read();
    checkContent(page, this.#model);
    checkVersions(before, page.changes, published);
    return page;
  }
}

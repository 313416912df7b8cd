import { QtError } from "../../errors/qt-error";
import type { Entry } from "./entries";
import type { Feed } from "./feed";
import type { PageOptions } from "./options";
import { PageDraft } from "./page-draft";
import { progressOf, type Task } from "./position";
import type { RowSizes } from "./row-sizes";
import { readSlice, type Slice, type SliceSource } from "./slice";
import type { SliceRows } from "./slice-rows";
import type { SyncState } from "./state";
import { stopWhenLate, type TimeLimits } from "./time-limits";

export interface PageRequest {
  readonly feed: Feed;
  readonly entries: readonly Entry[];
  readonly state: SyncState;
  readonly options: PageOptions;
  readonly limits: TimeLimits;
  /** Milliseconds since any fixed point. */
  readonly now: () => number;
  /** Shared by all pages. */
  readonly sizes: RowSizes;
}

/** A page, ready to send. */
export interface Page {
  readonly body: Buffer;
  readonly hasMore: boolean;
  readonly inserted: number;
  readonly deleted: number;
  /** Ids of the datasets that start a resync in this page, with the reason. */
  readonly resync: ReadonlyMap<string, string>;
  /** Ids of the datasets whose cursor is ahead of the database. */
  readonly future: readonly string[];
}

/** A dataset that has something to send, and where to start. */
interface Work {
  readonly entry: Entry;
  readonly task: Task;
}

/**
 * Builds the page that follows a state. Every dataset with changes gets an equal share of the room that is left,
 * so that a small one never waits for a large one. Only the returned bytes hold rows.
 * @throws QtError QT5012 if the database returned no row in time; whatever the feed throws.
 */
export async function buildPage(request: PageRequest): Promise<Page> {
  const { entries, state, options, limits, now } = request;
  const { queue, future } = plan(entries, state);
  const draft = new PageDraft(entries, state, options);
  const softEnd = now() + limits.soft;
  const timeIsUp = () => now() >= softEnd;
  const stop = stopWhenLate(limits, () => draft.rows > 0);
  try {
    for (const [index, work] of queue.entries()) {
      if (draft.rows > 0 && (draft.isFull || timeIsUp())) break;
      const source = { feed: request.feed, signal: stop.signal, timeIsUp, sizes: request.sizes };
      draft.add(work.entry, await readWork(source, work, draft.begin(queue.length - index)));
    }
  } finally {
    stop.clear();
  }
  const unfinished = queue.map(({ entry }) => entry).filter((entry) => !draft.isThrough(entry));
  if (draft.rows === 0 && unfinished.length > 0) {
    throw new QtError("QT5012", { seconds: Math.round(limits.hard / 1000) });
  }
  const { inserted, deleted } = draft;
  const hasMore = unfinished.length > 0;
  return { body: draft.body(unfinished), hasMore, inserted, deleted, resync: draft.resync, future };
}

/** The datasets to read, beginning with the one whose turn it is. */
function plan(entries: readonly Entry[], state: SyncState): { queue: Work[]; future: string[] } {
  const queue: Work[] = [];
  const future: string[] = [];
  for (const entry of entries) {
    const progress = progressOf(state.cursors.get(entry.dataset.id), entry.dataset);
    if (progress.kind === "pending") queue.push({ entry, task: progress });
    else if (progress.future) future.push(entry.dataset.id);
  }
  const turn = queue.findIndex(({ entry }) => entry.dataset.id === state.turn);
  // Without a turn, -1 moves nothing.
  queue.push(...queue.splice(0, turn));
  return { queue, future };
}

/** Reads a dataset's slice. If its pass has nothing left to send, the next pass follows at once. */
async function readWork(source: SliceSource, { entry, task }: Work, rows: SliceRows): Promise<Slice> {
  const slice = await readSlice(source, entry.dataset, task, rows);
  if (!slice.complete || rows.count > 0 || slice.cursor?.epoch !== entry.dataset.epoch) return slice;
  const next = progressOf(slice.cursor, entry.dataset);
  if (next.kind === "at-rest") return slice;
  const following = await readWork(source, { entry, task: next }, rows);
  return { ...following, cursor: following.cursor ?? slice.cursor, resync: following.resync ?? slice.resync };
}

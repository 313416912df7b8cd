import assert from "node:assert/strict";
import type { Row } from "./driver";
import type { DatasetModel } from "./model-dataset";
import { filled } from "./model-reader";
import type { Change } from "./warehouse";

/** What a call does: see qt.change_types. Without a state there was nothing to do. */
interface Expected {
  readonly state: "copying" | "dropped" | "refused" | "changed" | undefined;
  /** The copy after the call. */
  readonly copy: Copy | undefined;
}

/** A copy that is being filled: what it was begun for, and up to which row of the feed it is. */
interface Copy {
  readonly wanted: string;
  readonly version: number;
  readonly row: number;
}

/** The copy of a dataset whose table's name was released: the next call drops it. */
const nobodys: Copy = { wanted: "", version: 0, row: 0 };

/** The copy with other types that stands beside a dataset's table, as the calls so far left it. */
export class TypeChange {
  #copy: Copy | undefined;

  /** After a configuration: a change that was made at once needs no copy. One that is nobody's stays. */
  configured(changed: boolean): void {
    if (changed && this.#copy !== nobodys) this.#copy = undefined;
  }

  /** After the table's name was released: the copy is nobody's. */
  released(): void {
    if (this.#copy !== undefined) this.#copy = nobodys;
  }

  /**
   * Compares the answer of one call with what the feed and the settings say, and returns the dataset after it.
   * @param feed the whole feed before the call
   */
  take(
    answer: Row | undefined,
    model: DatasetModel,
    feed: readonly Change[],
    rows: number,
  ): { readonly state: Expected["state"]; readonly next: DatasetModel } {
    const { state, copy } = this.#next(model, feed, rows);
    this.#copy = copy;
    assert.equal(answer?.state, state);
    assert.match(String(answer?.error ?? null), state === "refused" ? /^QT4024: / : /^null$/);
    if (state === "copying") {
      assert.equal(Number(answer?.columns), model.waiting.length);
      assert.equal(Number(answer?.live_rows), model.rows.size);
    }
    const outcome = state === "changed" ? model.changeTypes() : undefined;
    assert.equal(outcome?.faults, undefined, "every value converts");
    return { state, next: outcome?.next ?? model };
  }

  #next(model: DatasetModel, feed: readonly Change[], rows: number): Expected {
    const copy = this.#copy;
    const wanted = model.waiting.length === 0 ? undefined : JSON.stringify(model.waiting);
    if (copy === undefined) {
      return wanted === undefined
        ? { state: undefined, copy }
        : { state: "copying", copy: { wanted, version: 0, row: 0 } };
    }
    if (copy.wanted !== wanted) return { state: "dropped", copy: undefined };
    const left = feed.filter(
      ({ version, row }) => version > copy.version || (version === copy.version && row > copy.row),
    );
    const batch = left.slice(0, rows);
    if (batch.some((change) => !change.deleted && model.asWanted(filled(change)) === undefined))
      return { state: "refused", copy: undefined };
    if (batch.length < rows) return { state: "changed", copy: undefined };
    const { version, row } = batch.at(-1) ?? copy;
    return { state: "copying", copy: { ...copy, version, row } };
  }
}

import assert from "node:assert/strict";
import { QtError } from "../../errors/qt-error";
import type { SqlConnection } from "./sql-connection";
import { SqlFeed } from "./sql-feed";

/** A connection whose requests return nothing. */
const silent = {
  pool: async () => ({
    request: () => ({ on: () => {}, input: () => {}, cancel: () => {}, execute: async () => {} }),
  }),
} as unknown as SqlConnection;
const late = (error: unknown) => error instanceof QtError && error.code === "QT5012";

describe("a read that runs out of time", () => {
  const feed = new SqlFeed(silent);

  it("fails rather than return an empty list of datasets", async () => {
    await assert.rejects(feed.listDatasets(AbortSignal.abort()), late);
    assert.deepEqual(await feed.listDatasets(new AbortController().signal), []);
  });

  it("fails if the head of the changes has not arrived", async () => {
    const query = { datasetId: "d", epoch: null, afterVersion: 0, afterRow: 0, upto: null, limit: 1 };
    const reader = { head: () => {}, row: () => true };
    await assert.rejects(feed.changes(query, reader, AbortSignal.abort()), late);
  });
});

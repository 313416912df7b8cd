import assert from "node:assert/strict";
import { contentOf, type DatasetModel } from "./model-dataset";
import { filled, liveContent } from "./model-reader";
import type { Change, Page } from "./warehouse";

/** The rows that the feed must hold, as sorted text. */
export function expectedContent(model: DatasetModel): string[] {
  return [...model.rows.values()].map(contentOf).sort();
}

/**
 * Compares the whole feed with the model: the types in force, live rows cell by cell, deleted ones by their key, which is all that they may
 * have.
 */
export function checkContent({ header, changes }: Page, model: DatasetModel): void {
  const columns = JSON.parse(String(header.columns)) as { name: string; type: string }[];
  assert.deepEqual(
    columns.map(({ name, type }) => [name, type]),
    model.columns.map(({ name, landed }) => [name, landed.type]),
  );
  assert.deepEqual(liveContent(changes), expectedContent(model));
  const dead = changes.filter(({ deleted }) => deleted).map(filled);
  for (const cells of dead)
    assert.ok(
      [...cells.keys()].every((name) => model.settings.key.includes(name)),
      "a deleted row has only its key",
    );
  if (model.isKeyed)
    assert.deepEqual(dead.map((cells) => model.keyOf(cells)).sort(), [...model.tombstones].sort());
}

/** An unchanged row keeps its version; a changed one has the version of the publish, or of a change of type a newer one. */
export function checkVersions(
  before: readonly Change[],
  after: readonly Change[],
  published: number | undefined,
): void {
  const known = new Map(before.map((change) => [change.row, change]));
  const newest = Math.max(0, ...before.map(({ version }) => version));
  for (const change of after) {
    const old = known.get(change.row);
    known.delete(change.row);
    const isSame =
      old !== undefined &&
      old.deleted === change.deleted &&
      contentOf(filled(old)) === contentOf(filled(change));
    if (isSame) assert.equal(change.version, old.version, "an unchanged row keeps its version");
    else if (published === Number.POSITIVE_INFINITY) assert.ok(change.version > newest, "a newer version");
    else assert.equal(change.version, published, "a changed row has the version of its publish");
  }
  assert.equal(known.size, 0, "no row disappears");
}

/** Asserts that the action fails with one of the database's errors. */
export async function refusesWith(action: Promise<unknown>, codes: readonly string[]): Promise<void> {
  await assert.rejects(action, (error: unknown) => {
    assert.ok(error instanceof Error);
    assert.ok(codes.includes(error.message.slice(0, 6)), `${codes}: ${error.message}`);
    return true;
  });
}

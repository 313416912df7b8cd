import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { temporaryFolder } from "../../../packages/kit/testing/temporary-folder";
import { createDatasetStore, type DatasetStore } from "./dataset-store";

describe("The versions of a dataset", () => {
  const folder = temporaryFolder();
  const upload = async (store: DatasetStore, text: string) =>
    (await store.upload("o", "d", Readable.from([Buffer.from(text)]))).commit();
  const numbers = (store: DatasetStore) =>
    Array.from({ length: 60 }, (_, index) => index).filter((number) => store.get("o", "d", number));

  it("are the last 50, also after a restart, and no file of an earlier one is left", async () => {
    const store = createDatasetStore(folder());
    for (let version = 1; version <= 52; version++) await upload(store, `v${version}`);
    for (const opened of [store, createDatasetStore(folder())]) {
      assert.deepEqual(
        numbers(opened),
        Array.from({ length: 50 }, (_, index) => index + 3),
      );
      assert.deepEqual(
        opened.list("o").map(({ version }) => version),
        [52],
      );
      const oldest = opened.get("o", "d", 3);
      assert.ok(oldest);
      assert.equal(readFileSync(opened.pathOf("o", oldest), "utf8"), "v3");
      const files = readdirSync(join(folder(), "datasets", "o")).filter((name) => name.endsWith(".csv"));
      assert.equal(files.length, 50);
    }
  });

  it("begin with the one that a store from before versions has", async () => {
    const place = join(folder(), "datasets", "o");
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, "d.csv"), "old");
    const before = { id: "d", file: "d.csv", bytes: 3, updatedAt: "2026-01-01T00:00:00.000Z" };
    writeFileSync(join(place, "index.json"), JSON.stringify([before]));
    const store = createDatasetStore(folder());
    assert.deepEqual(store.get("o", "d"), { ...before, version: 1 });
    await upload(store, "new");
    assert.deepEqual(numbers(store), [1, 2]);
  });

  it("keep the latest until the dataset is removed", async () => {
    const store = createDatasetStore(folder());
    for (const text of ["one", "two", "three"]) await upload(store, text);
    for (const version of [1, 3, 4]) store.remove("o", "d", version);
    assert.deepEqual(numbers(store), [2, 3]);
    store.remove("o", "d");
    assert.deepEqual([numbers(store), store.list("o")], [[], []]);
  });
});

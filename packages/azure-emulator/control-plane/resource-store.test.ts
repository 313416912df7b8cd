import assert from "node:assert/strict";
import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ArmResource, ResourceChange } from "./resource";
import { openResourceStore } from "./resource-store";

describe("resource store", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "store-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const thing = (name: string, size = 1): ArmResource => ({
    id: `/subscriptions/s/resourceGroups/rg/providers/Microsoft.Test/things/${name}`,
    type: "Microsoft.Test/things",
    name,
    properties: { size },
  });
  /** Without the times that the store adds. */
  const bare = ({ systemData: _, ...resource }: ArmResource) => resource;
  const journal = () => join(folder, "resources.jsonl");

  it("finds stored resources after it is opened again, whatever the case of the id", async () => {
    const store = await openResourceStore(folder);
    await Promise.all([store.set(thing("a")), store.set(thing("b")), store.set(thing("b", 2))]);
    await store.remove(thing("a").id);
    await store.close();
    const again = await openResourceStore(folder);
    assert.deepEqual(again.list().map(bare), [thing("b", 2)]);
    const found = again.get(thing("b").id.toUpperCase());
    assert.deepEqual(found && bare(found), thing("b", 2));
    await again.close();
  });

  it("keeps when a resource was made, and when it last changed, over a restart", async () => {
    const store = await openResourceStore(folder);
    await store.set(thing("a"));
    const made = store.get(thing("a").id)?.systemData;
    await store.set(thing("a", 2));
    const changed = store.get(thing("a").id)?.systemData;
    await store.close();
    assert.equal(made?.createdAt, made?.lastModifiedAt);
    assert.equal(changed?.createdAt, made?.createdAt);
    assert.ok(String(changed?.lastModifiedAt) > String(made?.lastModifiedAt));
    const again = await openResourceStore(folder);
    assert.deepEqual(again.get(thing("a").id)?.systemData, changed);
    await again.close();
  });

  it("lists by type and at or under an id", async () => {
    const store = await openResourceStore(folder);
    const part = { ...thing("p"), id: `${thing("a").id}/parts/p`, type: "Microsoft.Test/things/parts" };
    await Promise.all([store.set(thing("a")), store.set(thing("ab")), store.set(part)]);
    assert.deepEqual(store.list({ type: "microsoft.test/THINGS" }).map(bare), [thing("a"), thing("ab")]);
    assert.deepEqual(store.list({ under: thing("a").id }).map(bare), [thing("a"), part]);
    await store.close();
  });

  it("drops a last line that a kill cut off, and continues to write", async () => {
    const store = await openResourceStore(folder);
    await store.set(thing("a"));
    await store.close();
    await appendFile(journal(), '{"set":{"id":"/subscr');
    const again = await openResourceStore(folder);
    assert.deepEqual(again.list().map(bare), [thing("a")]);
    await again.set(thing("b"));
    await again.close();
    const third = await openResourceStore(folder);
    assert.deepEqual(third.list().map(bare), [thing("a"), thing("b")]);
    await third.close();
  });

  it("names file and line of a journal that cannot be read, and does not change it", async () => {
    const content = `${JSON.stringify({ set: thing("a") })}\nnot json\n${JSON.stringify({ set: thing("b") })}\n`;
    await writeFile(journal(), content);
    await assert.rejects(openResourceStore(folder), (error: Error & { code?: string }) => {
      return error.code === "QT6002" && error.message.includes("line 2");
    });
    assert.equal(await readFile(journal(), "utf8"), content);
  });

  it("drops the history when it opens and while it grows", async () => {
    const store = await openResourceStore(folder);
    for (let batch = 0; batch < 3; batch++) {
      await Promise.all(Array.from({ length: 1500 }, (_, size) => store.set(thing("a", size))));
    }
    const lines = (await readFile(journal(), "utf8")).split("\n").length;
    assert.ok(lines < 3500, `${lines} lines`);
    await store.close();
    await (await openResourceStore(folder)).close();
    assert.equal((await readFile(journal(), "utf8")).split("\n").length, 2);
  });

  it("notifies listeners after the change is visible", async () => {
    const store = await openResourceStore(folder);
    const changes: [ResourceChange["kind"], boolean][] = [];
    const end = store.subscribe(({ kind, resource }) => {
      changes.push([kind, store.get(resource.id) !== undefined]);
    });
    await store.set(thing("a"));
    await store.remove(thing("a").id);
    await store.remove(thing("never there").id);
    end();
    await store.set(thing("b"));
    assert.deepEqual(changes, [
      ["set", true],
      ["removed", false],
    ]);
    await store.close();
  });

  it("is readable by the owner only, and refuses writes once closed", async () => {
    const store = await openResourceStore(folder);
    await store.set(thing("a"));
    if (process.platform !== "win32") assert.equal((await stat(journal())).mode & 0o777, 0o600);
    await store.close();
    await assert.rejects(store.set(thing("b")), { code: "QT6003" });
  });
});

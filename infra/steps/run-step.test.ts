import assert from "node:assert/strict";
import { check, diff } from "./run-step";

const state = (inputs: Record<string, unknown>, result: unknown = {}) => ({
  step: "webhook-uri" as const,
  inputs,
  result,
});

describe("a step's diff", () => {
  it("is empty for equal inputs, whatever the outcome and the order of the keys", async () => {
    const olds = state({ accountId: "/a", expiry: "", nested: { x: 1, y: [1, 2] } }, { name: "n" });
    const news = state({ nested: { y: [1, 2], x: 1 }, expiry: "", accountId: "/a" });
    assert.deepEqual(await diff(olds, news), { changes: false, replaces: [], deleteBeforeReplace: false });
  });

  it("replaces, new before old, if the step cannot change in place", async () => {
    const found = await diff(
      state({ accountId: "/a", expiry: "" }),
      state({ accountId: "/a", expiry: "2027-01-01" }),
    );
    assert.deepEqual(found, { changes: true, replaces: ["inputs"], deleteBeforeReplace: false });
  });

  it("updates if the step can change in place", async () => {
    const trigger = (definition: string) => ({
      ...state({ factoryId: "/f", definition }),
      step: "trigger-started" as const,
    });
    assert.deepEqual((await diff(trigger("a"), trigger("b"))).replaces, []);
    assert.equal((await diff(trigger("a"), trigger("b"))).changes, true);
  });

  it("sees added and removed keys", async () => {
    assert.equal((await diff(state({}), state({ accountId: "/a" }))).changes, true);
    assert.equal((await diff(state({ accountId: "/a" }), state({}))).changes, true);
  });
});

describe("a step's check", () => {
  const files = { "migrations/0001-a.sql": "a", "migrations/0002-b.sql": "b", "repeatable/p.sql": "p" };
  const premium = { id: "d-1", table: "premium", keyColumns: ["Policy Ref"] };
  const base = {
    serverId: "/s",
    database: "db",
    files,
    datasets: [premium],
    unknownDatasets: "ignore",
    users: [],
  };
  const migration = (inputs: Record<string, unknown>) => ({
    step: "database-migration" as const,
    inputs: { ...base, ...inputs },
    result: {},
  });
  const reasons = async (news: Record<string, unknown>, olds: Record<string, unknown> = {}) => {
    const { inputs, failures } = await check(migration(olds), migration(news));
    assert.deepEqual(inputs, migration(news));
    return failures.map(({ reason }) => reason.slice(0, 6));
  };
  const { "migrations/0001-a.sql": first, ...others } = files;

  it("refuses what the migrator would: a changed file, a missing file, a number in the middle", async () => {
    assert.deepEqual(await reasons({ files: { ...files, "migrations/0001-a.sql": "other" } }), ["QT4040"]);
    assert.deepEqual(await reasons({ files: others }), ["QT4041"]);
    assert.deepEqual(await reasons({ files: { ...files, "migrations/0000-late.sql": "l" } }), ["QT4042"]);
    const more = { "migrations/0003-c.sql": first, ...files, "repeatable/p.sql": "other" };
    assert.deepEqual(await reasons({ files: more }), []);
  });

  it("reports what happened, what is safe and what to do", async () => {
    const changed = migration({ files: { ...files, "migrations/0002-b.sql": "other" } });
    const { failures } = await check(migration({}), changed);
    const [failure] = failures;
    assert.match(
      failure?.reason ?? "",
      /^QT4040: Migration migrations\/0002-b.sql changed after .*\n.*Nothing was run/,
    );
    assert.match(failure?.reason ?? "", /Next: Restore the file/);
  });

  it("refuses what qt.configure would: another key in the same table, a table of another dataset", async () => {
    const datasets = (...list: object[]) => reasons({ datasets: list });
    assert.deepEqual(await datasets({ ...premium, keyColumns: ["Line"] }), ["QT4021"]);
    assert.deepEqual(await datasets({ ...premium, keyColumns: [] }), ["QT4021"]);
    assert.deepEqual(await datasets({ ...premium, id: "d-2" }), ["QT4022"]);
    assert.deepEqual(await datasets({ ...premium, keyColumns: ["policy_ref"] }), [], "the same column");
    assert.deepEqual(await datasets({ ...premium, keyColumns: ["Línea"] }), [], "left to the database");
    assert.deepEqual(await datasets({ ...premium, table: "premium_2", keyColumns: ["Line"] }), []);
    assert.deepEqual(await datasets(), []);
  });

  it("refuses nothing if the step is new, is replaced, or comes from another version", async () => {
    const news = { files: others, datasets: [{ ...premium, id: "d-2" }] };
    assert.deepEqual((await check(undefined, migration(news))).failures, []);
    assert.deepEqual((await check({}, migration(news))).failures, []);
    const unknown = { ...migration(news), step: "of-another-version" } as unknown as Parameters<
      typeof check
    >[1];
    assert.deepEqual((await check({}, unknown)).failures, []);
    assert.deepEqual(await reasons({ ...news, serverId: "/other" }), []);
    assert.deepEqual(await reasons(news, { files: undefined, datasets: undefined }), []);
  });
});

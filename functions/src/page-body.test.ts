import assert from "node:assert/strict";
import { ByteSink } from "./byte-sink";
import type { Entry } from "./entries";
import { envelopeBytes, pageBody } from "./page-body";
import type { Cursor, SyncState } from "./state";

const rows = (text: string) => {
  const sink = new ByteSink();
  sink.write(text);
  return sink;
};
const state: SyncState = { cursors: new Map([["claims", { epoch: "e", version: 7 }]]), turn: "claims" };
const stateJson = '{"format":1,"datasets":{"claims":{"epoch":"e","version":7}},"turn":"claims"}';
const table = (name: string) => ({ name, primaryKey: [`${name}_id`], softDelete: false });

describe("the body of a page", () => {
  it("names every table in the schema, and leaves out what is empty", () => {
    const tables = [table("a"), { ...table("b"), inserts: new ByteSink(), deletes: new ByteSink() }];
    assert.equal(
      String(pageBody({ state, tables, hasMore: false })),
      `{"state":${stateJson},"insert":{},` +
        '"schema":{"a":{"primary_key":["a_id"]},"b":{"primary_key":["b_id"]}},"hasMore":false}',
    );
  });

  it("has the rows, deleted keys and emptied tables of each table that has any", () => {
    const tables = [
      { ...table("a"), inserts: rows('{"a_id":1},{"a_id":2}'), softDelete: true },
      table("b"),
      { ...table("c"), inserts: rows('{"c_id":1}'), deletes: rows('{"c_id":2}'), softDelete: true },
      { ...table("d"), columns: { d_id: "text" }, deletes: rows('{"d_id":"x"}') },
    ];
    assert.equal(
      String(pageBody({ state, tables, hasMore: true })),
      `{"state":${stateJson},"insert":{"a":[{"a_id":1},{"a_id":2}],"c":[{"c_id":1}]},` +
        '"delete":{"c":[{"c_id":2}],"d":[{"d_id":"x"}]},' +
        '"schema":{"a":{"primary_key":["a_id"]},"b":{"primary_key":["b_id"]},"c":{"primary_key":["c_id"]},' +
        '"d":{"primary_key":["d_id"],"columns":{"d_id":"text"}}},"hasMore":true,"softDelete":["a","c"]}',
    );
  });
});

describe("the room for what stands beside the rows", () => {
  const entry = (id: string, table: string, primaryKey: string[]): Entry => ({
    dataset: {
      id,
      table,
      status: "active",
      epoch: "",
      publishedVersion: 1,
      purgedThrough: 0,
      keyColumns: primaryKey,
      columns: [],
    },
    table,
    primaryKey,
  });
  const most = Number.MAX_SAFE_INTEGER;
  const cursor: Cursor = { epoch: "e".repeat(36), version: most, row: most, upto: most, initial: true };
  const kept: SyncState = { cursors: new Map([["é".repeat(400), cursor]]), turn: undefined };

  for (const [what, entries] of [
    ["no dataset", []],
    ["short names", [entry("a", "a", ["k"]), entry("b", "b", ["k"])]],
    ["a long id", [entry("ø".repeat(400), "a", ["k"])]],
    ["a long table name", [entry("a", "t".repeat(400), ["k"])]],
    [
      "a long key",
      [
        entry(
          "a",
          "a",
          Array.from({ length: 100 }, (_, index) => `key column ${index}`),
        ),
      ],
    ],
  ] as const)
    it(`is enough for the largest page, with little to spare: ${what}`, () => {
      const cursors = new Map([
        ...kept.cursors,
        ...entries.map(({ dataset }) => [dataset.id, cursor] as const),
      ]);
      const tables = entries.map(({ table: name, primaryKey }) => ({
        name,
        primaryKey,
        inserts: rows("1"),
        deletes: rows("2"),
        softDelete: true,
      }));
      const turn = entries[0]?.dataset.id;
      const body = pageBody({ state: { cursors, turn }, tables, hasMore: false });
      const spare = envelopeBytes(entries, kept) - (body.length - 2 * entries.length);
      assert.ok(spare >= 0 && spare <= 100 * (1 + entries.length), `${spare} bytes to spare`);
    });
});

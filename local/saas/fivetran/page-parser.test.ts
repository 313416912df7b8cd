import assert from "node:assert/strict";
import { isErrorPage, type KnownKeys, parsePage } from "./page-parser";
import { rules } from "./protocol-rules";

const schema = { t: { primary_key: ["id"] } };
const good = { state: { cursor: 1 }, insert: { t: [{ id: 1, v: "a" }] }, schema, hasMore: false };

function parse(page: unknown, known?: KnownKeys) {
  return parsePage(typeof page === "string" ? page : JSON.stringify(page), known);
}

function data(page: unknown, known?: KnownKeys) {
  const parsed = parse(page, known);
  assert.ok(!isErrorPage(parsed));
  return parsed;
}

describe("a page that follows the protocol", () => {
  it("is read with its values' text unchanged", () => {
    const text =
      '{"state":{ "n": 1.0 },"insert":{"t":[{"id": 1.50,"s":"\\u00e9"}]},"schema":{"t":{"primary_key":["id"]}},"hasMore":false}';
    const { state, tables } = data(text);
    assert.equal(state, '{ "n": 1.0 }');
    assert.deepEqual(tables[0]?.inserts, [{ key: "1.5", text: '{"id": 1.50,"s":"\\u00e9"}' }]);
    assert.deepEqual(
      [...(tables[0]?.columns ?? [])],
      [
        ["id", new Set(["number"])],
        ["s", new Set(["string"])],
      ],
    );
  });

  it("may be the example of Fivetran's documentation", () => {
    const page = data({
      state: { transaction: "2020-01-02T00:00:00Z" },
      insert: {
        transaction: [
          { id: 1, amount: 100 },
          { id: 3, amount: 50 },
        ],
      },
      delete: { transaction: [{ id: 2 }] },
      schema: { transaction: { primary_key: ["id"] } },
      hasMore: false,
      softDelete: ["transaction"],
    });
    const [table] = page.tables;
    assert.deepEqual([table?.inserts.length, table?.deletes.length, table?.softDelete], [2, 1, true]);
  });

  it("may leave out insert, delete, softDelete and, for a table without key, its schema", () => {
    assert.deepEqual(data({ state: {}, hasMore: false }).tables, []);
    assert.equal(
      data({ state: {}, insert: { log: [{ a: 1 }] }, hasMore: true }).tables[0]?.primaryKey,
      undefined,
    );
  });

  it("has composite keys whose values cannot be confused", () => {
    const keys = { t: { primary_key: ["a", "b"] } };
    const page = data({
      ...good,
      schema: keys,
      insert: {
        t: [
          { a: "x,", b: "y" },
          { a: "x", b: ",y" },
          { a: "1", b: null },
          { a: 1, b: null },
        ],
      },
    });
    assert.equal(new Set(page.tables[0]?.inserts.map(({ key }) => key)).size, 4);
  });

  it("may report an error instead", () => {
    const page = parse({ errorMessage: "no", errorType: "T", stackTrace: [["f", 1]] });
    assert.ok(isErrorPage(page));
    assert.deepEqual(page, { errorMessage: "no", errorType: "T", stackTrace: '[["f",1]]' });
  });
});

describe("a page that breaks the protocol", () => {
  const known: KnownKeys = new Map([
    ["t", ["id"]],
    ["two", ["a", "b"]],
  ]);
  const breaches: [what: string, rule: keyof typeof rules, page: unknown][] = [
    ["no JSON", "json", "<html>"],
    ["trailing commas, as in the documentation's own example", "json", '{"state":{},"hasMore":false,}'],
    ["an array", "json", []],
    ["a name twice", "json", '{"state":{},"state":{},"hasMore":false}'],
    [
      "a cell twice",
      "json",
      '{"state":{},"insert":{"t":[{"id":1,"id":2}]},"schema":{"t":{"primary_key":["id"]}},"hasMore":false}',
    ],
    ["no state", "state", { ...good, state: undefined }],
    ["a state that is text", "state", { ...good, state: "cursor" }],
    ["no hasMore", "hasMore", { ...good, hasMore: undefined }],
    ["hasMore as text", "hasMore", { ...good, hasMore: "false" }],
    ["hasMore as a number", "hasMore", { ...good, hasMore: 1 }],
    ["records outside a list", "sections", { ...good, insert: { t: { id: 1 } } }],
    ["a list of no records", "sections", { ...good, insert: { t: [1] } }],
    ["tables in a list", "sections", { ...good, insert: [] }],
    ["a schema without primary key", "schema", { ...good, schema: { t: {} } }],
    ["an empty primary key", "schema", { ...good, schema: { t: { primary_key: [] } } }],
    [
      "another primary key than before",
      "consistentKey",
      { ...good, insert: {}, schema: { t: { primary_key: ["v"] } } },
    ],
    [
      "the primary key in another order",
      "consistentKey",
      { ...good, insert: {}, schema: { two: { primary_key: ["b", "a"] } } },
    ],
    ["no schema for a table that has had one", "consistentKey", { ...good, schema: {} }],
    ["a record without its key", "consistentKey", { ...good, insert: { t: [{ v: 1 }] } }],
    [
      "deletes without schema",
      "deleteNeedsSchema",
      { ...good, insert: {}, schema: undefined, delete: { other: [{ id: 1 }] } },
    ],
    [
      "deletes of a table outside the schema",
      "deleteNeedsSchema",
      { ...good, delete: { other: [{ id: 1 }] } },
    ],
    ["a boolean softDelete", "softDelete", { ...good, softDelete: true }],
    ["a key twice", "oneOperationPerKey", { ...good, insert: { t: [{ id: 1 }, { id: 2 }, { id: 1 }] } }],
    [
      "a key twice in two spellings",
      "oneOperationPerKey",
      '{"state":{},"insert":{"t":[{"id":"a"},{"id":"\\u0061"}]},"schema":{"t":{"primary_key":["id"]}},"hasMore":false}',
    ],
    ["a key in insert and delete", "oneOperationPerKey", { ...good, delete: { t: [{ id: 1 }] } }],
    [
      "a number beyond 2^53",
      "wholeNumbers",
      '{"state":{},"insert":{"t":[{"id":9007199254740993}]},"schema":{"t":{"primary_key":["id"]}},"hasMore":false}',
    ],
    ["a system column", "systemColumns", { ...good, insert: { t: [{ id: 1, _fivetran_deleted: true }] } }],
    [
      "columns that merge",
      "names",
      { ...good, insert: { t: [{ id: 1, "Net Premium": 1, net_premium: 2 }] } },
    ],
    ["tables that merge", "names", { ...good, schema: { ...schema, T: { primary_key: ["id"] } } }],
    ["an errorType alone", "errors", { ...good, errorType: "T" }],
    ["an errorMessage that is not text", "errors", { errorMessage: 1 }],
  ];
  for (const [what, rule, page] of breaches) {
    it(`is refused: ${what}`, () => {
      assert.throws(
        () => parse(page, known),
        (error: Error & { code?: string }) => error.code === "QT8505" && error.message.includes(rules[rule]),
      );
    });
  }

  it("is refused without showing a cell's content", () => {
    const page = { ...good, insert: { t: [{ id: "secret" }, { id: "secret" }] } };
    assert.throws(
      () => parse(page),
      (error: Error) => !error.message.includes("secret"),
    );
  });
});

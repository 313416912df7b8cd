import assert from "node:assert/strict";
import { mock } from "node:test";
import { setImmediate } from "node:timers/promises";
import type { QtError } from "../../errors/qt-error";
import type { ChangeRow } from "./feed";
import type { SqlConnection } from "./sql-connection";
import { SqlFeed } from "./sql-feed";

type Listener = (value: unknown) => void;
type Set_ = readonly Readonly<Record<string, unknown>>[];

/** A connection whose only request answers with recordsets, then perhaps with errors. `hangs`: it answers nothing and never ends. */
function answering(sets: readonly Set_[] | "hangs", ...errors: readonly Error[]) {
  const inputs: Record<string, unknown> = {};
  const calls: string[] = [];
  const listeners: Record<string, Listener> = {};
  const request = {
    stream: false,
    arrayRowMode: false,
    on: (event: string, listener: Listener) => {
      listeners[event] = listener;
    },
    input: (name: string, _type: unknown, value: unknown) => {
      inputs[name] = value;
    },
    cancel: () => {
      calls.push("cancel");
      listeners.error?.(new Error("Canceled."));
    },
    execute: async (procedure: string) => {
      calls.push(procedure);
      assert.ok(request.stream && request.arrayRowMode, "rows are streamed as arrays");
      if (sets === "hangs") return new Promise(() => {});
      for (const set of sets) {
        listeners.recordset?.(Object.keys(set[0] ?? {}).map((name) => ({ name })));
        for (const row of set) listeners.row?.(Object.values(row));
      }
      for (const error of errors) listeners.error?.(error);
      return undefined;
    },
  };
  const connection = { pool: async () => ({ request: () => request }) } as unknown as SqlConnection;
  return { feed: new SqlFeed(connection), inputs, calls };
}

const signal = () => new AbortController().signal;
/** Nothing came in time; here no time has passed. */
const late = { code: "QT5012", details: { seconds: 0 } };
const refusal = (procedure: string, reason: string) => ({ code: "QT5011", details: { procedure, reason } });

describe("the list of datasets", () => {
  const row = {
    dataset_id: "d",
    table_name: "t",
    status: "active",
    epoch: "ABC-1",
    published_version: "7",
    purged_through: "3",
    key_columns: '["k"]',
    columns: '[{"name":"k","type":"text","more":1}]',
  };
  const read = (fields: object) => answering([[{ ...row, ...fields }]]).feed.listDatasets(signal());

  it("has every field, with the epoch in lower case and the versions as numbers", async () => {
    const { feed, calls } = answering([[row], [{ other: 1 }]]);
    assert.deepEqual(await feed.listDatasets(signal()), [
      {
        id: "d",
        table: "t",
        status: "active",
        epoch: "abc-1",
        publishedVersion: 7,
        purgedThrough: 3,
        keyColumns: ["k"],
        columns: [{ name: "k", type: "text" }],
      },
    ]);
    assert.deepEqual(calls, ["qt.list_datasets"]);
  });

  it("takes NULL as empty or 0", async () => {
    for (const nothing of [null, undefined]) {
      const [dataset] = await read({
        epoch: nothing,
        published_version: nothing,
        purged_through: nothing,
        key_columns: nothing,
        columns: nothing,
      });
      assert.equal(dataset?.epoch, "");
      assert.deepEqual([dataset?.publishedVersion, dataset?.purgedThrough], [0, 0]);
      assert.deepEqual([dataset?.keyColumns, dataset?.columns], [[], []]);
    }
    assert.deepEqual((await read({ key_columns: "" }))[0]?.keyColumns, []);
  });

  it("fails, rather than be cut short, if its time is up", async () => {
    const { feed, calls } = answering([[row]]);
    await assert.rejects(feed.listDatasets(AbortSignal.abort()), late);
    assert.deepEqual(calls, []);
  });

  it("is empty if the database has none", async () =>
    assert.deepEqual(await answering([]).feed.listDatasets(signal()), []));

  for (const [field, value, reason] of [
    ["published_version", "x", "published_version is not a whole number"],
    ["purged_through", "1.5", "purged_through is not a whole number"],
    ["key_columns", "{}", "key_columns is not a JSON array"],
    ["key_columns", "[", "key_columns is not a JSON array"],
    ["key_columns", '["k",1]', "key_columns is not a list of names"],
    ["columns", "7", "columns is not a JSON array"],
    ["columns", "[null]", "columns is not a list of names and types"],
    ["columns", '[{"name":"k"}]', "columns is not a list of names and types"],
    ["columns", '[{"type":"text"}]', "columns is not a list of names and types"],
  ] as const)
    it(`is refused if ${field} is ${value}`, () =>
      assert.rejects(read({ [field]: value }), refusal("qt.list_datasets", reason)));
});

describe("the changes", () => {
  const query = { datasetId: "d", epoch: "e", afterVersion: 1, afterRow: 2, upto: 3, limit: 4 };
  const head = {
    status: "ok",
    epoch: "ABC",
    upto: "9",
    purged_through: "1",
    key_columns: '["k"]',
    columns: '[{"name":"k","type":"text"}]',
  };
  const rows = [
    { v: "1", r: "1", d: false, k: "a" },
    { v: "1", r: "2", d: true, k: null },
  ];
  async function read(
    from: ReturnType<typeof answering>,
    accept = (_row: ChangeRow) => true,
    until: AbortSignal = signal(),
  ) {
    const heads: unknown[] = [];
    const seen: ChangeRow[] = [];
    const row = (each: ChangeRow) => {
      seen.push(each);
      return accept(each);
    };
    const end = await from.feed.changes(query, { head: (each) => heads.push(each), row }, until);
    return { end, heads, seen };
  }

  it("are asked for after the cursor, and arrive as head and rows", async () => {
    const from = answering([[head], rows]);
    assert.deepEqual(await read(from), {
      end: "end",
      heads: [
        {
          status: "ok",
          epoch: "abc",
          upto: 9,
          purgedThrough: 1,
          keyColumns: ["k"],
          columns: [{ name: "k", type: "text" }],
        },
      ],
      seen: rows.map((row) => Object.values(row)),
    });
    assert.deepEqual(from.calls, ["qt.changes"]);
    assert.deepEqual(from.inputs, {
      dataset_id: "d",
      epoch: "e",
      after_version: 1,
      after_row: 2,
      upto: 3,
      limit: 4,
    });
  });

  for (const status of ["resync", "unknown"])
    it(`have a head without columns if the status is ${status}`, async () => {
      const { heads } = await read(answering([[{ status, epoch: null, key_columns: "x", columns: "x" }]]));
      assert.deepEqual(heads, [
        { status, epoch: "", upto: 0, purgedThrough: 0, keyColumns: [], columns: [] },
      ]);
    });

  it("end when the reader has enough: one cancellation, no further row, no error", async () => {
    const from = answering([[head], rows]);
    const { end, seen } = await read(from, () => false);
    assert.deepEqual([end, seen.length, from.calls], ["stopped", 1, ["qt.changes", "cancel"]]);
  });

  for (const [when, more] of [
    ["the signal fires", true],
    ["the signal fires and the reader has enough", false],
  ] as const)
    it(`end when ${when}: one cancellation, no further row, no error`, async () => {
      const controller = new AbortController();
      const from = answering([[head], rows]);
      const accept = () => {
        controller.abort();
        return more;
      };
      const { end, seen } = await read(from, accept, controller.signal);
      assert.deepEqual([end, seen.length, from.calls], ["stopped", 1, ["qt.changes", "cancel"]]);
    });

  it("are not cancelled by a signal after their end", async () => {
    const controller = new AbortController();
    const from = answering([[head], rows]);
    await read(from, undefined, controller.signal);
    controller.abort();
    assert.deepEqual(from.calls, ["qt.changes"]);
  });

  it("are not asked for, and fail, if the signal has fired", async () => {
    const from = answering([[head], rows]);
    await assert.rejects(read(from, undefined, AbortSignal.abort()), late);
    assert.deepEqual(from.calls, []);
  });

  it("are given up five seconds after the signal if the call does not end, as one that still logs in", async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    try {
      const controller = new AbortController();
      const from = answering("hangs");
      const given = read(from, undefined, controller.signal);
      let ended = false;
      const end = given.catch((error: unknown) => error).finally(() => (ended = true));
      await setImmediate();
      controller.abort();
      mock.timers.tick(4_999);
      await setImmediate();
      assert.equal(ended, false);
      mock.timers.tick(1);
      assert.equal(((await end) as QtError).code, "QT5012");
      assert.deepEqual(from.calls, ["qt.changes", "cancel"]);
    } finally {
      mock.timers.reset();
    }
  });

  it("end with the reader's own error, not that of the cancellation", async () => {
    const from = answering([[head], rows], new Error("later"));
    const fail = () => {
      throw new Error("malformed");
    };
    await assert.rejects(read(from, fail), { message: "malformed" });
    assert.deepEqual(from.calls, ["qt.changes", "cancel"]);
  });

  it("fail with the driver's first error", () =>
    assert.rejects(read(answering([[head]], new Error("broken"), new Error("closed"))), {
      message: "broken",
    }));

  for (const field of ["upto", "purged_through"])
    it(`are refused if ${field} is not a whole number`, () =>
      assert.rejects(
        read(answering([[{ ...head, [field]: "x" }]])),
        refusal("qt.changes", `${field} is not a whole number`),
      ));

  it("are refused without a head or with a status that is not agreed", async () => {
    await assert.rejects(read(answering([])), refusal("qt.changes", "it returned no status"));
    const odd = answering([[{ ...head, status: "odd" }]]);
    await assert.rejects(read(odd), refusal("qt.changes", "it returned the status odd"));
    const none = answering([[{ ...head, status: null }]]);
    await assert.rejects(read(none), refusal("qt.changes", "it returned the status "));
  });
});

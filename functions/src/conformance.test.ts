import assert from "node:assert/strict";
import { HttpRequest, type HttpResponseInit, InvocationContext } from "@azure/functions";
import { type CheckedPage, checkPage, Destination } from "../test-support/destination";
import { ModelDataset, ModelFeed } from "../test-support/model-feed";
import { createHandler } from "./handler";

/**
 * The rules of other vendors' connector tests, each with its source: Singer (SPEC, CONFIG_AND_STATE, BEST_PRACTICES,
 * singer-check-tap), Airbyte (Connector Acceptance Tests), Fivetran (Connector SDK's tools and reviews, Partner SDK). They are
 * checked on whole HTTP answers of the function. The rules for the destination are tested in local/saas/fivetran/.
 */
const POLICY_COLUMNS = [
  { name: "policy", type: "text" },
  { name: "bound", type: "datetime2" },
  { name: "premium", type: "decimal(38,6)" },
];
const NOTE_COLUMNS = [{ name: "note", type: "text" }];
const PAGE_ROWS = 7;
const SECRET = "hunter2-hunter2";

function policies(count: number, premium = "1.500000"): Map<string, (string | null)[]> {
  return new Map(
    Array.from({ length: count }, (_, index) => [`P${index}`, [`P${index}`, "2026-01-02T03:04:05", premium]]),
  );
}

interface Answer {
  readonly page: CheckedPage;
  /** The whole answer as text. */
  readonly text: string;
}

class World {
  readonly policies = new ModelDataset({ id: "policies", keyColumns: ["policy"], columns: POLICY_COLUMNS });
  readonly notes = new ModelDataset({ id: "Loss Notes", columns: NOTE_COLUMNS });
  readonly empty = new ModelDataset({ id: "empty", keyColumns: ["policy"], columns: POLICY_COLUMNS });
  readonly feed = new ModelFeed([this.policies, this.notes, this.empty]);
  readonly logs: string[] = [];
  rowsRead = 0;
  readonly #handler = createHandler({
    feed: () => this.feed,
    checkQuantemplate: async () => {},
    database: () => ({ server: "sql-x", database: "quantemplate" }),
    secrets: () => [],
    now: () => 0,
    sleep: async () => {},
    pageBytesLimit: () => 50_000_000,
    limits: { soft: 60_000, hard: 200_000 },
  });

  constructor() {
    this.policies.publish(policies(30));
    this.notes.publish(
      new Map([
        ["a", ["same"]],
        ["b", ["same"]],
        ["c", ["other"]],
      ]),
    );
    this.empty.publish(new Map());
    this.feed.beforeRow = () => {
      this.rowsRead++;
    };
  }

  async send(request: object): Promise<{ text: string; json: Record<string, unknown> }> {
    const body = { string: JSON.stringify({ secrets: { apiKey: SECRET }, sync_id: "s-1", ...request }) };
    const http = new HttpRequest({ method: "POST", url: "http://localhost/api/fivetran", body });
    const context = new InvocationContext({
      functionName: "fivetran",
      logHandler: (level, ...data) => this.logs.push(`${level} ${data.join(" ")}`),
    });
    const answer = (await this.#handler(http, context)) as HttpResponseInit;
    const text = Buffer.from(answer.body as Uint8Array).toString("utf8");
    return { text, json: JSON.parse(text) };
  }

  async page(state: unknown): Promise<Answer> {
    const { text } = await this.send({ state, customPayload: { pageRows: String(PAGE_ROWS) } });
    return { text, page: checkPage(text) };
  }

  /** All pages that follow a state. */
  async read(state: unknown): Promise<Answer[]> {
    const answers: Answer[] = [];
    for (let from = state, more = true; more; ) {
      const answer = await this.page(from);
      answers.push(answer);
      assert.ok(answers.length < 100, "a sync ends");
      from = answer.page.state;
      more = answer.page.hasMore;
    }
    return answers;
  }
}

const stateOf = (answers: readonly Answer[]) => answers.at(-1)?.page.state;
const rowsOf = (answers: readonly Answer[]) => answers.reduce((rows, { page }) => rows + page.rows, 0);
const texts = (answers: readonly Answer[]) => answers.map(({ text }) => text);

function applied(answers: readonly Answer[], onto = new Destination()): Destination {
  for (const { page } of answers) onto.apply(page);
  return onto;
}

/** The records of all tables. */
const contents = (destination: Destination) =>
  ["policies", "loss_notes", "empty"].map((table) => destination.records(table));

describe("the rules of other vendors' conformance tools", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });

  describe("Singer", () => {
    it("SPEC: a first run describes every stream in every answer, before or with its records", async () => {
      for (const { page } of await world.read({})) {
        assert.deepEqual(page.schema, {
          policies: { primary_key: ["policy"] },
          loss_notes: { primary_key: ["qt_row_id"] },
          empty: { primary_key: ["policy"] },
        });
      }
    });

    it("singer-check-tap: each record matches its stream, and dates follow RFC 3339", async () => {
      for (const { page } of await world.read({})) {
        for (const record of page.insert.policies ?? []) {
          assert.deepEqual(Object.keys(record), ["policy", "bound", "premium"]);
          assert.match(String(record.bound), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
          assert.equal(typeof record.premium, "string");
        }
      }
    });

    it("singer-check-tap: a run without a state and a run with the final state both succeed", async () => {
      const state = stateOf(await world.read({}));
      assert.equal((await world.read(state)).length, 1);
    });

    it("CONFIG_AND_STATE: the state is a JSON object, and records sent before it are not sent again", async () => {
      const answers = await world.read({});
      const sent = answers.flatMap(({ page }) => page.insert.policies ?? []).map(({ policy }) => policy);
      assert.equal(new Set(sent).size, sent.length);
      assert.equal(sent.length, 30);
      for (const { page } of answers)
        assert.equal(Object.prototype.toString.call(page.state), "[object Object]");
    });

    it("CONFIG_AND_STATE: the state does not advance if the run fails", async () => {
      const [first] = await world.read({});
      world.feed.beforeChanges = () => {
        throw new Error("broken");
      };
      const { json } = await world.send({ state: first?.page.state });
      assert.deepEqual(Object.keys(json), ["errorMessage", "errorType", "stackTrace"]);
    });

    it("BEST_PRACTICES (signpost): the upper bound is fixed when the pass starts", async () => {
      const { page: first } = await world.page({});
      const sent = first.insert.policies?.map(({ policy }) => String(policy)) ?? [];
      assert.ok(sent.length > 0);
      // Records that have been sent change: the current pass must not see that, the next one must.
      const next = policies(30);
      for (const policy of sent) next.set(policy, [policy, "2026-01-02T03:04:05", "9.000000"]);
      world.policies.publish(next);
      const again: unknown[] = [];
      let rest = 30 - sent.length;
      for (const { page } of await world.read(first.state)) {
        const records = page.insert.policies ?? [];
        const old = records.filter(({ premium }) => premium === "1.500000").length;
        assert.ok(old === 0 || old === records.length, "a page holds records of only one pass");
        assert.ok(old === 0 || again.length === 0, "the current pass ends first");
        rest -= old;
        again.push(...records.slice(old).map(({ policy }) => policy));
      }
      assert.equal(rest, 0);
      assert.deepEqual(again.sort(), sent.sort());
    });
  });

  describe("Airbyte", () => {
    it("TestSequentialReads: two full reads are the same, byte for byte", async () => {
      assert.deepEqual(texts(await world.read({})), texts(await world.read({})));
    });

    it("TestTwoSequentialReads: a second read from the final state has no records", async () => {
      const state = stateOf(await world.read({}));
      const second = await world.read(state);
      assert.deepEqual([rowsOf(second), second.length], [0, 1]);
      assert.deepEqual(stateOf(second), state);
    });

    it("TestReadSequentialSlices: from each intermediate state, exactly the rest is read", async () => {
      const answers = await world.read({});
      assert.ok(answers.length > 4, `${answers.length} pages`);
      for (const [index, { page }] of answers.entries()) {
        const rest = await world.read(page.state);
        const expected = answers.slice(index + 1);
        if (expected.length > 0) assert.deepEqual(texts(rest), texts(expected));
        const whole = applied(rest, applied(answers.slice(0, index + 1)));
        assert.deepEqual(contents(whole), contents(applied(answers)));
      }
    });

    it("TestReadSequentialSlices: from each intermediate state, the rest completes the table even after records changed", async () => {
      const answers = await world.read({});
      const next = policies(25, "2.000000");
      next.delete("P3");
      world.policies.publish(next);
      for (const [index, { page }] of answers.entries()) {
        const whole = applied(await world.read(page.state), applied(answers.slice(0, index + 1)));
        assert.deepEqual(contents(whole), contents(applied(await world.read({}))));
      }
    });

    it("TestStateWithAbnormallyLargeValues: a state from the future reads no records", async () => {
      const { format, datasets } = stateOf(await world.read({})) as {
        format: number;
        datasets: Record<string, object>;
      };
      const version = Number.MAX_SAFE_INTEGER;
      const future = Object.fromEntries(
        Object.entries(datasets).map(([id, cursor]) => [id, { ...cursor, version }]),
      );
      const answers = await world.read({ format, datasets: future });
      assert.equal(rowsOf(answers), 0);
      assert.deepEqual(stateOf(answers), { format, datasets: future });
    });

    it("basic_read: every stream with records is read", async () => {
      assert.deepEqual(
        contents(applied(await world.read({}))).map(({ length }) => length),
        [30, 3, 0],
      );
    });

    it("basic_read: a crash leaves a trace message", async () => {
      world.feed.listDatasets = async () => {
        throw new TypeError("x is not a function");
      };
      const { json } = await world.send({ state: {} });
      assert.deepEqual([json.errorMessage, json.errorType], ["x is not a function", "TypeError"]);
      assert.match(String(json.stackTrace), /conformance\.test/);
      assert.equal(world.logs.filter((line) => line.startsWith("error ")).length, 1);
    });

    it("check: the connection test succeeds or fails clearly, and reads at most one row", async () => {
      checkPage((await world.send({ setup_test: true, sync_id: "setup-test" })).text);
      assert.equal(world.feed.statements, 1);
      assert.ok(world.rowsRead <= 1);
      world.feed.listDatasets = async () => {
        throw new Error("no");
      };
      assert.equal((await world.send({ setup_test: true })).json.errorMessage, "no");
    });
  });

  describe("Fivetran", () => {
    it("evaluate-connector: an answer holds the records up to its cursor", async () => {
      const destination = new Destination();
      for (const { page } of await world.read({})) {
        destination.apply(page);
        // With this answer's state, every record up to it has arrived, so the rest completes the table.
        const rest = applied(await world.read(page.state), destination.copy());
        assert.equal(rest.records("policies").length, 30);
      }
    });

    it("python-review: an answer without records does not set hasMore", async () => {
      for (const { page } of await world.read({})) assert.ok(page.rows > 0 || !page.hasMore);
    });

    it("python-review: an empty first page and a single page are handled", async () => {
      for (const dataset of [world.policies, world.notes]) dataset.publish(new Map());
      const empty = await world.read({});
      assert.deepEqual([empty.length, rowsOf(empty)], [1, 0]);
      world.policies.publish(policies(1));
      const single = await world.read(stateOf(empty));
      assert.deepEqual([single.length, rowsOf(single)], [1, 1]);
    });

    it("python-review: a page reads only what it sends, not the whole table", async () => {
      world.policies.publish(policies(20_000));
      const state = stateOf([await world.page({})]);
      world.rowsRead = 0;
      await world.page(state);
      // A first pass asks for at least a thousand rows, and the reader stops it.
      assert.ok(world.rowsRead <= PAGE_ROWS + 2, `${world.rowsRead} rows were read`);
    });

    it("connector_sdk_tools: no secret in state or logs", async () => {
      const answers = await world.read({});
      for (const text of [...texts(answers), ...world.logs]) assert.ok(!text.includes(SECRET));
    });

    it("connector_sdk_tools: the schema contains only primary keys", async () => {
      for (const { page } of await world.read({})) {
        for (const entry of Object.values(page.schema)) assert.deepEqual(Object.keys(entry), ["primary_key"]);
      }
    });

    it("sdk-reference: the state stays far below 10 MB", async () => {
      for (let index = 0; index < 1000; index++) {
        const dataset = new ModelDataset({
          id: `d-${index}`,
          keyColumns: ["policy"],
          columns: POLICY_COLUMNS,
        });
        dataset.publish(policies(1));
        world.feed.datasets.push(dataset);
      }
      const { json } = await world.send({ state: {} });
      assert.ok(Buffer.byteLength(JSON.stringify(json.state)) < 300_000);
    });

    it("Partner SDK: a truncation comes once, before the records of its table", async () => {
      const answers = await world.read({});
      const truncations = answers.flatMap(({ page }) => page.softDelete);
      assert.deepEqual(truncations.sort(), ["empty", "loss_notes", "policies"]);
      const [first] = answers;
      assert.deepEqual([...(first?.page.softDelete ?? [])].sort(), truncations);
    });

    it("its JSON is strict: no number beyond a double's precision, no extra comma", async () => {
      world.policies.publish(new Map([["P", ["P", null, "12345678901234567890.123456"]]]));
      const answers = await world.read({});
      assert.equal(answers.at(0)?.page.insert.policies?.[0]?.premium, "12345678901234567890.123456");
    });
  });

  it("a page takes one statement for each dataset with changes", async () => {
    const answers = await world.read({});
    // The row sizes are known now.
    world.feed.statements = 0;
    world.policies.publish(policies(30, "3.000000"));
    const pages = await world.read(stateOf(answers));
    assert.equal(pages.length, Math.ceil(30 / PAGE_ROWS));
    assert.equal(world.feed.statements, pages.length);
  });
});

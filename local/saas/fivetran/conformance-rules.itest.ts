import assert from "node:assert/strict";
import { type CheckedPage, checkPage, Destination } from "../../../functions/test-support/destination";
import { FunctionWorld, policyLine } from "./function-world";

const SECRET = "hunter2-hunter2";
/** The connection test of Airbyte's suite may take so long. */
const CHECK_LIMIT_MS = 30_000;

/**
 * The rules of other vendors' connector tests that concern what the database answers, on the real function and database. The others, and
 * these on a feed in memory, are in functions/src/conformance.test.ts; those of the destination in fivetran.itest.ts.
 */
describe("the rules of conformance tools, from the database to the destination", () => {
  let world: FunctionWorld;
  const texts: string[] = [];

  async function send(request: object): Promise<string> {
    const body = JSON.stringify({ secrets: { apiKey: SECRET }, sync_id: "s-1", ...request });
    const text = await (await fetch(world.functionUrl, { method: "POST", body })).text();
    texts.push(text);
    return text;
  }

  const page = async (state: unknown, pageRows = 7) =>
    checkPage(await send({ state, customPayload: { pageRows: String(pageRows) } }));

  /** All pages that follow a state. */
  async function read(state: unknown): Promise<CheckedPage[]> {
    const pages = [await page(state)];
    for (let last = pages.at(-1); last?.hasMore === true; last = pages.at(-1))
      pages.push(await page(last.state));
    return pages;
  }

  function applied(pages: readonly CheckedPage[], onto = new Destination()): Destination {
    for (const each of pages) onto.apply(each);
    return onto;
  }

  const stateOf = (pages: readonly CheckedPage[]) => pages.at(-1)?.state;
  const contents = (destination: Destination) =>
    ["policies", "notes"].map((table) => destination.records(table));
  const policies = (count: number, mark = "") =>
    world.loadPolicies(Array.from({ length: count }, (_, index) => policyLine(index, mark)));
  const live = async () =>
    (await world.query("select policy_no from data.policies where not _deleted"))
      .map((row) => row.policy_no)
      .sort();

  const scenarios: Readonly<Record<string, () => Promise<void>>> = {
    "check: the connection test answers within 30 s, and sends no row": async () => {
      const start = performance.now();
      assert.equal(checkPage(await send({ setup_test: true, state: {}, secrets: {} })).rows, 0);
      assert.ok(performance.now() - start < CHECK_LIMIT_MS);
    },
    "SPEC: every answer of a first run describes every stream": async () => {
      for (const { schema } of await read({}))
        assert.deepEqual(schema, {
          policies: { primary_key: ["policy_no"] },
          notes: { primary_key: ["qt_row_id"] },
        });
    },
    "TestSequentialReads: two full reads are the same": async () => {
      assert.deepEqual(await read({}), await read({}));
    },
    "TestTwoSequentialReads: a second read from the final state has no records and keeps the state":
      async () => {
        const state = stateOf(await read({}));
        const second = await read(state);
        assert.deepEqual([second.length, second[0]?.rows, stateOf(second)], [1, 0, state]);
      },
    "TestReadSequentialSlices: from each intermediate state, exactly the rest is read": async () => {
      const pages = await read({});
      assert.ok(pages.length > 4, `${pages.length} pages`);
      for (const [index, { state, hasMore }] of pages.entries())
        if (hasMore) assert.deepEqual(await read(state), pages.slice(index + 1));
    },
    "evaluate-connector: a page's state lies after its rows, so that a lost answer loses none": async () => {
      for (const pages = await read({}); pages.length > 0; pages.pop()) {
        const lost = pages.slice(0, -1);
        assert.deepEqual(
          contents(applied(await read(stateOf(lost)), applied(lost))),
          contents(applied(await read({}))),
        );
      }
    },
    "TestStateWithAbnormallyLargeValues: a state from the future reads no records": async () => {
      const state = stateOf(await read({})) as { datasets: Record<string, object> };
      const cursors = Object.entries(state.datasets).map(([id, cursor]) => [
        id,
        { ...cursor, version: 2 ** 52 },
      ]);
      const future = { ...state, datasets: Object.fromEntries(cursors) };
      const [answer, ...more] = await read(future);
      assert.deepEqual([answer?.rows, answer?.softDelete, answer?.state, more], [0, [], future, []]);
    },
    "python-review: a page of exactly the rows that are left is the last one with rows, and the sync ends":
      async () => {
        const rows = (await read({})).reduce((sum, each) => sum + each.rows, 0);
        const whole = await page({}, rows);
        assert.equal(whole.rows, rows);
        const rest = whole.hasMore ? await read(whole.state) : [];
        assert.ok(rest.every((each) => each.rows === 0) && rest.length <= 1);
      },
    "TestReadSequentialSlices: from each intermediate state, the rest completes a table that changed meanwhile":
      async () => {
        const pages = await read({});
        await policies(25, "changed");
        const now = contents(applied(await read({})));
        for (const index of pages.keys()) {
          const until = pages.slice(0, index + 1);
          assert.deepEqual(contents(applied(await read(stateOf(until)), applied(until))), now);
        }
      },
    "Partner SDK: a delete or a truncation of what the destination does not have changes nothing else":
      async () => {
        const before = await read({});
        await policies(20, "changed");
        // A destination that lost its tables gets keys that it never had.
        const late = new Destination();
        const rest = await read(stateOf(before));
        assert.equal(rest.flatMap((each) => each.delete.policies ?? []).length, 5);
        assert.equal(applied(rest, late).records("policies").length, 0);
        assert.deepEqual(contents(applied(await read({}), late)), contents(applied(await read({}))));
      },
    "Partner SDK: a truncation comes with a table's first page only, and what was deleted before it comes back":
      async () => {
        const destination = applied(await read({}));
        await policies(30, "again");
        const pages = await read({});
        assert.deepEqual(pages.flatMap(({ softDelete }) => softDelete).sort(), ["notes", "policies"]);
        assert.deepEqual(pages[0]?.softDelete.length, 2);
        const keys = applied(pages, destination)
          .records("policies")
          .map(({ policy_no }) => policy_no);
        assert.deepEqual(keys.sort(), await live());
      },
    "python-review: an empty first page is handled": async () => {
      await world.load("notes", "x,y\n");
      await world.loadPolicies([]);
      const pages = await read({});
      assert.deepEqual([pages.length, pages[0]?.rows, pages[0]?.hasMore], [1, 0, false]);
      await policies(1);
      const single = await read(stateOf(pages));
      assert.deepEqual([single.length, single[0]?.rows], [1, 1]);
    },
    "sdk-reference: the state stays small": async () => {
      assert.ok(Buffer.byteLength(JSON.stringify(stateOf(await read({})))) < 1000);
    },
    "connector_sdk_tools: no secret in any answer": async () => {
      assert.ok(texts.length > 100);
      for (const text of texts) assert.ok(!text.includes(SECRET));
    },
  };

  before(async () => {
    world = await FunctionWorld.start();
    await policies(30);
    await world.load("notes", "x,y\nsame,1\nsame,1\nother,");
  });
  after(() => world?.stop());

  for (const [rule, scenario] of Object.entries(scenarios)) it(rule, scenario);
});

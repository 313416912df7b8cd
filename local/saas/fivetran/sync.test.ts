import assert from "node:assert/strict";
import { createFlowLog } from "../../../packages/azure-emulator/control-plane/flow-log";
import type { ConnectionStore } from "./connection-store";
import type { DataPage } from "./page";
import { noChanges } from "./report";
import { ScriptedFunction } from "./scripted-function";
import { SyncFailure, syncConnection } from "./sync";

/** An in-memory store with the methods that a sync uses. */
class MemoryStore {
  stored = "{}";
  readonly applied: DataPage[] = [];
  constructor(readonly functionUrl: string) {}
  config = async () => ({ functionUrl: this.functionUrl, functionKey: "k", secrets: {}, customPayload: {} });
  state = async () => this.stored;
  knownKeys = async () => new Map<string, readonly string[]>();
  monthlyActiveRows = async () => 0;
  apply = async (_name: string, page: DataPage) => {
    this.stored = page.state;
    this.applied.push(page);
    return { changes: noChanges(), warnings: [] };
  };
}

describe("a sync", () => {
  let scripted: ScriptedFunction;
  const flow = createFlowLog();
  const page = (n: number, hasMore: boolean, rows = 1) => ({
    body: {
      state: { n },
      insert: { t: Array.from({ length: rows }, (_, id) => ({ id })) },
      schema: { t: { primary_key: ["id"] } },
      hasMore,
    },
  });

  async function sync() {
    const store = new MemoryStore(scripted.url);
    const outcome = await syncConnection("c", { store: store as unknown as ConnectionStore, flow }).catch(
      (error: unknown) => error,
    );
    return { store, outcome };
  }

  const failure = (outcome: unknown): string => {
    assert.ok(outcome instanceof SyncFailure, String(outcome));
    return outcome.message;
  };

  before(async () => {
    scripted = await ScriptedFunction.start();
  });
  after(() => scripted.stop());

  it("applies each page before it requests the next", async () => {
    scripted.answers = [page(1, true), page(2, true), page(3, false)];
    const { store } = await sync();
    assert.equal(store.applied.length, 3);
    assert.deepEqual(
      scripted.calls.slice(-3).map(({ body }) => body.state),
      [{}, { n: 1 }, { n: 2 }],
    );
  });

  it("accepts ten empty answers in a row, and no more", async () => {
    const empty = (count: number) => Array.from({ length: count }, (_, n) => page(n, true, 0));
    scripted.answers = [...empty(10), page(11, true), ...empty(10), page(22, false)];
    const { outcome } = await sync();
    assert.ok(!(outcome instanceof Error));
    scripted.answers = [...empty(11), page(12, false)];
    assert.match(failure((await sync()).outcome), /10 consecutive empty responses/);
  });

  it("fails if the function reports an error, and keeps the state of the last page", async () => {
    scripted.answers = [page(1, true), { body: { errorMessage: "asleep" } }];
    const { store, outcome } = await sync();
    assert.match(failure(outcome), /asleep/);
    assert.equal(store.stored, '{"n":1}');
  });

  it("refuses other content types, other statuses, cut answers and broken UTF-8", async () => {
    scripted.answers = [{ ...page(1, false), contentType: "text/plain" }];
    assert.match(failure((await sync()).outcome), /application\/json.*text\/plain/);
    scripted.answers = [{ ...page(1, false), status: 401 }];
    assert.match(failure((await sync()).outcome), /status 401/);
    scripted.answers = [{ cut: true }];
    assert.match(failure((await sync()).outcome), /could not be called/);
    scripted.answers = [{ body: Buffer.from([0x7b, 0xff, 0x7d]) }];
    assert.match(failure((await sync()).outcome), /UTF-8/);
    scripted.answers = [{ ...page(1, false), contentType: "application/json; charset=utf-8" }];
    assert.ok(!((await sync()).outcome instanceof Error));
  });

  it("logs its steps in the flow, without a cell", async () => {
    scripted.answers = [page(1, true), page(2, false)];
    await sync();
    const steps = flow.recent(4);
    assert.deepEqual(
      steps.map(({ name, status }) => `${name} ${status}`),
      ["sync started", "page succeeded", "page succeeded", "sync succeeded"],
    );
    assert.ok(steps.every(({ hop }) => hop === "fivetran"));
    assert.equal(steps[1]?.parent, steps[0]?.id);
  });
});

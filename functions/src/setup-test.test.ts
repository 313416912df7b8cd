import assert from "node:assert/strict";
import { checkPage } from "../test-support/destination";
import { driverError, SECRET, world } from "../test-support/function-world";
import { ModelDataset } from "../test-support/model-feed";

describe("the connection test", () => {
  it("sends no row, keeps the state and sets hasMore to false", async () => {
    const { call, feed } = world();
    const state = { format: 1, datasets: { claims: { epoch: "e", version: 1 } } };
    for (const sync of [{ sync_id: "setup-test" }, {}]) {
      const page = checkPage((await call({ state, setup_test: true, ...sync })).text);
      assert.deepEqual([page.rows, page.hasMore, page.softDelete], [0, false, []]);
      assert.deepEqual(page.state, state);
    }
    assert.equal(feed.statements, 2);
  });

  it("reads one row of the first dataset that is wanted, from its beginning and to the end", async () => {
    const { addNotes, call, feed } = world();
    addNotes();
    const reads: unknown[] = [];
    const changes = feed.changes.bind(feed);
    feed.changes = async (query, reader, signal) => {
      const end = await changes(query, reader, signal);
      reads.push({ query, end });
      return end;
    };
    await call({ setup_test: true, customPayload: { datasets: "notes" } });
    const query = { datasetId: "notes", epoch: null, afterVersion: 0, afterRow: 0, upto: null, limit: 1 };
    assert.deepEqual(reads, [{ query, end: "end" }]);
  });

  it("succeeds before anything has been published", async () => {
    const { call, feed } = world();
    feed.datasets.splice(0);
    const { schema, hasMore } = checkPage((await call({ setup_test: true })).text);
    assert.deepEqual([schema, hasMore, feed.statements], [{}, false, 0]);
  });

  it("is logged with its size and time", async () => {
    const { call, clock, feed, logged } = world();
    feed.beforeChanges = () => {
      clock.time += 250;
    };
    const { text } = await call({ setup_test: true, sync_id: "setup-test" });
    const shared = { sync_id: "setup-test", setup_test: true };
    const line = { level: "information", event: "setup_test", bytes: text.length, duration_ms: 250 };
    assert.deepEqual(logged(), [{ ...line, ...shared }]);
  });

  it("includes the columns' types only if the caller asks for them", async () => {
    const { call, feed } = world();
    const notes = new ModelDataset({ id: "notes", columns: [{ name: "rate", type: "decimal(18,2)" }] });
    notes.publish(new Map([["1", ["1.00"]]]));
    feed.datasets.push(notes);
    const schemaOf = async (request: object) => (await call(request)).json.schema;
    assert.deepEqual(await schemaOf({ setup_test: true, describe_columns: true }), {
      claims: { primary_key: ["policy"], columns: { policy: "text" } },
      notes: { primary_key: ["qt_row_id"], columns: { qt_row_id: "bigint", rate: "decimal(18,2)" } },
    });
    const plain = { claims: { primary_key: ["policy"] }, notes: { primary_key: ["qt_row_id"] } };
    assert.deepEqual(await schemaOf({ setup_test: true }), plain);
    assert.deepEqual(await schemaOf({ describe_columns: true }), plain);
  });

  it("checks the secrets against Quantemplate if the connection has any, whatever their names", async () => {
    const checked: unknown[] = [];
    const { call } = world({ checkQuantemplate: async (secrets) => void checked.push(secrets) });
    await call({ setup_test: true, secrets: { clientId: "c", clientSecret: SECRET } });
    await call({ setup_test: true, secrets: { other: "x" } });
    await call({ setup_test: true, secrets: {} });
    assert.deepEqual(checked, [{ clientId: "c", clientSecret: SECRET }, { other: "x" }]);
  });

  it("fails if a procedure may not be called or an option is wrong", async () => {
    const { call, feed } = world();
    assert.equal(
      (await call({ setup_test: true, customPayload: { datasets: "nope" } })).json.errorType,
      "QT5004",
    );
    feed.changes = async () => {
      throw driverError({ number: 229 }, "The EXECUTE permission was denied on the object 'changes'");
    };
    assert.match(
      String((await call({ setup_test: true })).json.errorMessage),
      /denied on the object 'changes'/,
    );
  });
});

import assert from "node:assert/strict";
import { startTestEmulator, type TestEmulator, testType } from "./testing/test-emulator";

describe("entity tags", () => {
  let emulator: TestEmulator;
  let id: string;
  before(async () => {
    const types = ["Microsoft.Test/things", "Microsoft.Test/plain"];
    emulator = await startTestEmulator(
      () => [{ name: "test", resourceTypes: types.map((type) => ({ type })) }],
      undefined,
      [
        testType("Microsoft.Test/things", {
          etag: "eTag",
          systemData: true,
          times: { created: "madeAt", changed: "changedAt" },
          writeOnly: ["secret"],
        }),
        testType("Microsoft.Test/plain"),
      ],
    );
    id = `${emulator.group}/providers/Microsoft.Test/things/Box`;
  });
  after(() => emulator.stop());

  const call = (method: string, body?: unknown, headers?: Record<string, string>, path = id) =>
    emulator.arm(method, path, body, undefined, headers);
  const put = (size: number, headers?: Record<string, string>) =>
    call("PUT", { properties: { size } }, headers);

  it("change with each change, of hidden values too, and are shown in body and header", async () => {
    const first = await put(1);
    assert.match(first.json.eTag, /^[0-9a-f-]{36}$/);
    assert.equal(first.headers.etag, `"${first.json.eTag}"`);
    assert.equal((await call("GET")).json.eTag, first.json.eTag);
    const second = await call("PUT", { properties: { size: 1, secret: "a" } });
    assert.equal(second.json.properties.secret, undefined);
    assert.notEqual(second.json.eTag, first.json.eTag);
    const third = await call("PATCH", { properties: { secret: "b" } });
    assert.notEqual(third.json.eTag, second.json.eTag);
    const plain = await call("PUT", {}, {}, id.replace("things", "plain"));
    assert.equal(plain.headers.etag, undefined);
    assert.equal(plain.json.systemData, undefined);
  });

  it("refuses a change of another version than the current one", async () => {
    const { json } = await put(2);
    for (const method of ["PUT", "PATCH", "DELETE"]) {
      const body = method === "DELETE" ? undefined : { properties: { size: 9 } };
      const refused = await call(method, body, { "if-match": '"other"' });
      assert.equal(refused.status, 412, method);
      assert.equal(refused.json.error.code, "PreconditionFailed");
    }
    assert.equal((await call("GET")).json.properties.size, 2);
    assert.equal((await put(3, { "if-match": json.eTag })).status, 200);
    assert.equal((await put(4, { "if-match": json.eTag })).status, 412);
    assert.equal((await put(4, { "if-match": '"x", *' })).status, 200);
    const missing = id.replace("Box", "missing");
    assert.equal((await call("PUT", {}, { "if-match": "*" }, missing)).status, 412);
    assert.equal((await call("GET", undefined, {}, missing)).status, 404);
  });

  it("makes a new resource only, if asked so", async () => {
    await put(5);
    assert.equal((await put(6, { "if-none-match": "*" })).status, 412);
    assert.equal((await call("GET")).json.properties.size, 5);
    assert.equal((await call("PUT", {}, { "if-none-match": "*" }, id.replace("Box", "New"))).status, 201);
  });

  it("answers a reader who has the current version without a body", async () => {
    const { json } = await put(7);
    const same = await call("GET", undefined, { "if-none-match": `W/"${json.eTag}"` });
    assert.equal(same.status, 304);
    assert.equal(same.text, "");
    assert.equal((await call("GET", undefined, { "if-none-match": '"other"' })).status, 200);
  });

  it("come with systemData: by whom and when the resource was made and changed", async () => {
    const name = id.replace("Box", "Dated");
    const { json: made } = await call("PUT", { systemData: { createdBy: "me" } }, {}, name);
    const { clientId } = emulator.context.principals.deployer;
    assert.equal(made.systemData.createdBy, clientId);
    assert.equal(made.systemData.createdByType, "Application");
    const { createdAt, lastModifiedAt } = made.systemData;
    assert.deepEqual(made.properties, { madeAt: createdAt, changedAt: lastModifiedAt });
    const { json: again } = await call("PUT", {}, {}, name);
    assert.deepEqual(again, made);
    const { json: changed } = await call("PUT", { tags: { a: "b" } }, {}, name);
    assert.equal(changed.systemData.createdAt, made.systemData.createdAt);
    assert.ok(changed.systemData.lastModifiedAt > made.systemData.lastModifiedAt);
  });
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { withInheritedNames } from "../../../packages/kit/testing/inherited-names";
import type { JsonObject } from "./json-value";
import { holdsSecret, maskPair, maskText, plaintextsIn } from "./mask";
import { MASK } from "./model";
import { secret } from "./testing/preview";

const masked = (inputs: JsonObject) => maskPair("a:b:C", inputs, {}, new Set())[0];

describe("What is secret in a summary", () => {
  const secrets: Record<string, [JsonObject, JsonObject]> = {
    "a number": [{ password: 123456 }, { password: MASK }],
    "a list": [{ tokens: ["abcdefg"] }, { tokens: MASK }],
    "an object": [{ a: { secrets: { a: "bbbbbb" } } }, { a: { secrets: MASK } }],
    "the value of a name": [
      { name: "DB_PASSWORD", value: "hunter2", slot: true },
      { name: "DB_PASSWORD", value: MASK, slot: true },
    ],
    "the value of a key": [
      { Key: "access-token", Value: 7 },
      { Key: "access-token", Value: MASK },
    ],
    "a list with such a pair": [{ appSettings: [{ name: "API_KEY", value: "x" }] }, { appSettings: MASK }],
    "a value in JSON in a text": [
      { template: '{"user":"sa", "password":"hunter2"}' },
      { template: `{"user":"sa","password":"${MASK}"}` },
    ],
    "a value in JSON in JSON": [
      { a: JSON.stringify({ b: JSON.stringify({ token: ["x"] }) }) },
      { a: JSON.stringify({ b: JSON.stringify({ token: MASK }) }) },
    ],
    "a value in JSON that is quoted once more": [
      { a: JSON.stringify('{"secret":1}') },
      { a: `{"secret":"${MASK}"}` },
    ],
    "a value in JSON in a list": [{ a: ['{"secret":1}'] }, { a: [`{"secret":"${MASK}"}`] }],
    "basic credentials": [
      { headers: "Authorization: Basic c2E6aHVudGVyMg==" },
      { headers: `Authorization: Basic ${MASK}` },
    ],
  };
  for (const [name, [inputs, expected]] of Object.entries(secrets)) {
    it(`is ${name}`, () => assert.deepEqual(masked(inputs), expected));
  }

  it("is not what an object inherits: a member that only one state has stays missing in the other", () => {
    const tags = withInheritedNames((name) => name);
    assert.deepEqual(maskPair("a:b:C", { tags }, { tags: {} }, new Set()), [{ tags }, { tags: {} }]);
    assert.deepEqual(maskPair("a:b:C", { tags: {} }, { tags }, new Set()), [{ tags: {} }, { tags }]);
  });

  it("is masked in both states if it is secret in one, also in JSON in a text", () => {
    const [before, after] = maskPair(
      "a:b:C",
      { one: { name: "PORT", value: "1" }, text: '{"name":"PORT","value":"1"}' },
      { one: { name: "PASSWORD", value: "hunter2" }, text: '{"name":"PASSWORD","value":"hunter2"}' },
      new Set(),
    );
    assert.deepEqual(before, {
      one: { name: "PORT", value: MASK },
      text: `{"name":"PORT","value":"${MASK}"}`,
    });
    assert.doesNotMatch(JSON.stringify(after), /hunter2/);
  });

  it("is found at any depth, in any form", () => {
    const name = fc.constantFrom("password", "clientSecret", "DB_PASSWORD", "accessTokens", "api-key");
    const marker = fc.constantFrom("hunter2", ["hunter2"], { a: { b: "hunter2" } });
    const held = fc
      .tuple(name, marker)
      .chain(([key, value]) =>
        fc.constantFrom<JsonObject>({ [key]: value }, { name: key, value }, { key, value }),
      );
    const wrap = fc.array(fc.constantFrom("object", "list", "text"), { maxLength: 4 });
    fc.assert(
      fc.property(held, wrap, (inner, wraps) => {
        const value = wraps.reduce<unknown>((below, how) => {
          if (how === "object") return { some: below, other: 1 };
          return how === "list" ? [1, below] : JSON.stringify(below);
        }, inner);
        assert.doesNotMatch(JSON.stringify(masked({ value })), /hunter2/);
      }),
    );
  });

  it("does not include harmless values with similar names, which stay unchanged", () => {
    const harmless = {
      keyColumns: ["Policy Reference"],
      primaryKeyColumns: ["Policy Reference"],
      isPrimaryKey: true,
      tokenUrl: "https://t/oauth",
      secretName: "quantemplate-client-secret",
      isSecret: true,
      password: "",
      tokens: [],
      useAccessToken: false,
      sku: { name: "Basic", tier: "Basic" },
      setting: { name: "KEY_COLUMNS", value: "a" },
      activity: { name: "GetSecret", type: "WebActivity", typeProperties: { method: "GET" } },
      text: '{ "keyColumns": [1.0],\n "b": {} }',
      note: "Basic authentication is off, Basic Authentication too",
    };
    assert.deepEqual(masked(harmless), harmless);
    assert.deepEqual(maskPair("a:b:C", { t: '{"a":1,"b":2}' }, { t: '{"b":2,"a":1}' }, new Set()), [
      { t: '{"a":1,"b":2}' },
      { t: '{"b":2,"a":1}' },
    ]);
    assert.equal(holdsSecret(harmless), false);
  });

  it("is reported by holdsSecret if it is masked", () => {
    for (const inputs of [{ password: 1 }, { tokens: ["a"] }, { name: "DB_PASSWORD", value: "x" }])
      assert.equal(holdsSecret(inputs), true);
  });

  it("includes key vault secrets, in every version of the type, and values named like a service's keys", () => {
    const type = "azure-native:keyvault/v20230701:Secret";
    const value = { properties: { value: "hunter2" } };
    assert.deepEqual(maskPair(type, value, {}, new Set())[0], { properties: { value: MASK } });
    for (const key of ["primaryKey", "secondaryKey", "secretText", "clientSecretValue"])
      assert.deepEqual(masked({ [key]: "hunter2" }), { [key]: MASK });
  });

  it("includes the credentials in a message", () => {
    assert.equal(maskText("with basic c2E6aHVudGVyMg== and more"), `with basic ${MASK} and more`);
  });

  it("includes the value next to the type SecureString", () => {
    const parameter = { type: "SecureString", value: "hunter2", default: "x" };
    assert.deepEqual(masked({ a: parameter }), { a: { ...parameter, value: MASK } });
    assert.deepEqual([holdsSecret(parameter), holdsSecret({ ...parameter, type: "String" })], [true, false]);
    assert.equal(holdsSecret({ type: "SecureString" }), true);
  });

  it("is named by a name or key only, not by a longer word or another kind of value", () => {
    for (const other of [
      { username: "PASSWORD", value: "x" },
      { keys: "PASSWORD", value: "x" },
      { note: "PASSWORD", value: "x" },
      { name: 1, value: "x" },
    ])
      assert.deepEqual(masked(other), other);
    assert.deepEqual(masked({ password: {}, secret: false, token: null }), {
      password: {},
      secret: false,
      token: null,
    });
    assert.equal(holdsSecret({ password: {} }), false);
  });

  it("leaves no trace of a value that is absent", () => {
    assert.deepEqual(maskPair("a:b:C", { password: "x" }, { a: 1 }, new Set()), [
      { password: MASK },
      { a: 1 },
    ]);
    assert.deepEqual(maskPair("a:b:C", { password: null }, { password: "x" }, new Set()), [
      {},
      { password: MASK },
    ]);
  });

  it("is in plain text what the engine shows of it: every text of six characters or more", () => {
    const found = (...values: unknown[]) => [...plaintextsIn(values)];
    assert.deepEqual(found(secret("123456"), secret("12345"), secret(MASK)), ["123456"]);
    assert.deepEqual(found({ a: [{ b: secret("hidden-1") }], c: "visible" }), ["hidden-1"]);
    const [marker] = Object.entries(secret());
    assert.ok(marker);
    const marked = (more: object) => ({ [marker[0]]: marker[1], ...more });
    const nested = { a: ["hidden-2", 7, { b: "hidden-3" }] };
    assert.deepEqual(found(marked({ plaintext: JSON.stringify(nested) })), ["hidden-2", "hidden-3"]);
    assert.deepEqual(found(marked({ plaintext: "not JSON" })), ["not JSON"]);
    assert.deepEqual(found(marked({ value: "hidden-4" })), ["hidden-4"]);
    assert.equal(maskText("a hidden-1 b hidden-1", new Set(["hidden-1"])), `a ${MASK} b ${MASK}`);
  });
});

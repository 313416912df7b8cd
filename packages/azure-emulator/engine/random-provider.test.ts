import assert from "node:assert/strict";
import * as fc from "fast-check";
import { CodedError } from "../../kit/errors/coded-error";
import { replacePaths } from "./input-diff";
import { createRandomProvider } from "./random-provider";
import { addressOf } from "./resource-provider";
import { isSecret, type WireProperties } from "./wire-values";

const provider = createRandomProvider();
const stringType = addressOf("urn:pulumi:dev::p::random:index/randomString:RandomString::suffix");
const passwordType = addressOf("urn:pulumi:dev::p::random:index/randomPassword:RandomPassword::secret");

async function randomString(inputs: WireProperties): Promise<string> {
  const { outputs } = await provider.create(stringType, inputs, false);
  return String(outputs.result);
}

describe("engine: random provider", () => {
  it("generates a string of the requested length and characters", async () => {
    assert.match(await randomString({ length: 200, special: false, upper: false }), /^[a-z0-9]{200}$/);
    assert.match(
      await randomString({ length: 200, lower: false, upper: false, special: false }),
      /^[0-9]{200}$/,
    );
    assert.match(
      await randomString({ length: 50, lower: false, upper: false, numeric: false, overrideSpecial: "-_" }),
      /^[-_]{50}$/,
    );
    assert.match(await randomString({ length: 50, number: false, special: false }), /^[a-zA-Z]{50}$/);
  });

  it("includes at least the required number of each class", async () => {
    const least = fc.integer({ min: 0, max: 5 });
    await fc.assert(
      fc.asyncProperty(least, least, least, least, async (minLower, minUpper, minNumeric, minSpecial) => {
        const text = await randomString({ length: 20, minLower, minUpper, minNumeric, minSpecial });
        const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0;
        assert.equal(text.length, 20);
        assert.ok(count(/[a-z]/g) >= minLower && count(/[A-Z]/g) >= minUpper);
        assert.ok(count(/[0-9]/g) >= minNumeric && count(/[^a-zA-Z0-9]/g) >= minSpecial);
      }),
    );
  });

  it("puts the required characters anywhere", async () => {
    const made = await Promise.all(
      Array.from({ length: 60 }, () => randomString({ length: 8, minLower: 1 })),
    );
    assert.ok(made.some((text) => !/^[a-z]/.test(text)));
  });

  it("is random", async () => {
    const made = await Promise.all(Array.from({ length: 20 }, () => randomString({ length: 16 })));
    assert.equal(new Set(made).size, 20);
  });

  it("keeps a password secret", async () => {
    const { id, outputs } = await provider.create(passwordType, { length: 12 }, false);
    assert.equal(id, "none");
    assert.ok(isSecret(outputs.result) && String(outputs.result.value).length === 12);
  });

  it("generates ids and GUIDs", async () => {
    const id = addressOf("urn:pulumi:dev::p::random:index/randomId:RandomId::id");
    const uuid = addressOf("urn:pulumi:dev::p::random:index/randomUuid:RandomUuid::uuid");
    const made = await provider.create(id, { byteLength: 4, prefix: "p-" }, false);
    assert.match(String(made.outputs.hex), /^p-[0-9a-f]{8}$/);
    assert.equal(made.outputs.dec, `p-${Number.parseInt(String(made.outputs.hex).slice(2), 16)}`);
    assert.match(String((await provider.create(uuid, {}, false)).outputs.result), /^[0-9a-f-]{36}$/);
  });

  it("generates no value in a preview", async () => {
    const { id, outputs } = await provider.create(stringType, { length: 6 }, true);
    assert.deepEqual({ id, outputs }, { id: "", outputs: { length: 6 } });
  });

  it("replaces the value only when an input changes, keepers included", async () => {
    const diff = (olds: WireProperties, news: WireProperties) =>
      provider.diff(stringType, "x", olds, {}, news);
    const same = await diff({ length: 6, keepers: { a: "1" } }, { length: 6, keepers: { a: "1" } });
    assert.deepEqual(same.differences, {});
    assert.deepEqual(replacePaths(await diff({ length: 6 }, { length: 7 })), ["length"]);
    assert.deepEqual(replacePaths(await diff({ keepers: { a: "1" } }, { keepers: { a: "2" } })), [
      "keepers.a",
    ]);
  });

  const refusals: readonly (readonly [what: string, inputs: WireProperties, code: string])[] = [
    ["a length that is not a number", { length: "6" }, "QT7005"],
    ["more required characters than fit", { length: 2, minLower: 3 }, "QT7004"],
    [
      "no class of characters",
      { length: 2, lower: false, upper: false, numeric: false, special: false },
      "QT7004",
    ],
  ];
  for (const [what, inputs, code] of refusals) {
    it(`refuses ${what}`, () =>
      assert.rejects(randomString(inputs), (error) => error instanceof CodedError && error.code === code));
  }

  it("refuses an unsupported type by name", () =>
    assert.rejects(
      provider.check(addressOf("urn:pulumi:dev::p::random:index/randomPet:RandomPet::pet"), undefined, {}),
      /randomPet:RandomPet/,
    ));
});

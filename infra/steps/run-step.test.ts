import assert from "node:assert/strict";
import { diff } from "./run-step";

const state = (inputs: Record<string, unknown>, result: unknown = {}) => ({
  step: "webhook-uri" as const,
  inputs,
  result,
});

describe("a step's diff", () => {
  it("is empty for equal inputs, whatever the outcome was and in whatever order the keys stand", async () => {
    const olds = state({ accountId: "/a", expiry: "", nested: { x: 1, y: [1, 2] } }, { name: "n" });
    const news = state({ nested: { y: [1, 2], x: 1 }, expiry: "", accountId: "/a" });
    assert.deepEqual(await diff(olds, news), { changes: false, replaces: [], deleteBeforeReplace: false });
  });

  it("replaces, new before old, where the step cannot change in place", async () => {
    const found = await diff(
      state({ accountId: "/a", expiry: "" }),
      state({ accountId: "/a", expiry: "2027-01-01" }),
    );
    assert.deepEqual(found, { changes: true, replaces: ["inputs"], deleteBeforeReplace: false });
  });

  it("updates where it can", async () => {
    const trigger = (definition: string) => ({
      ...state({ factoryId: "/f", definition }),
      step: "trigger-started" as const,
    });
    assert.deepEqual((await diff(trigger("a"), trigger("b"))).replaces, []);
    assert.equal((await diff(trigger("a"), trigger("b"))).changes, true);
  });

  it("sees keys that came or went", async () => {
    assert.equal((await diff(state({}), state({ accountId: "/a" }))).changes, true);
    assert.equal((await diff(state({ accountId: "/a" }), state({}))).changes, true);
  });
});

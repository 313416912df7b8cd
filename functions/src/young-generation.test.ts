import assert from "node:assert/strict";
import { mock } from "node:test";
import v8 from "node:v8";
import { boundYoungGeneration } from "./young-generation";

describe("V8's young generation", () => {
  afterEach(() => mock.restoreAll());

  const flags = (spaces: Readonly<Record<string, number>>) => {
    const sizes = Object.entries(spaces).map(([space_name, space_size]) => ({ space_name, space_size }));
    mock.method(v8, "getHeapSpaceStatistics", () => sizes);
    const set = mock.method(v8, "setFlagsFromString", () => {});
    boundYoungGeneration();
    return set.mock.calls.map(({ arguments: [flag] }) => flag);
  };

  it("grows no more once it is large enough for pages", () => {
    assert.deepEqual(flags({ old_space: 1, new_space: 16_000_000 }), ["--semi-space-growth-factor=1"]);
  });

  it("may grow until then, however large the other spaces are", () => {
    assert.deepEqual(flags({ old_space: 99_000_000, new_space: 15_999_999 }), []);
    assert.deepEqual(flags({ old_space: 99_000_000 }), []);
  });
});

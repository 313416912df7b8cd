import assert from "node:assert/strict";
import type { Place, Shape } from "./shape";
import { moveWords } from "./words";

describe("the words of a move", () => {
  const shared = "/subscriptions/s/resourceGroups/rg/providers/x/y/one";
  const own: Place = { at: "own", generation: 1 };
  const moving: Place = { at: shared, generation: 2, from: "own" };
  const moved: Place = { at: shared, generation: 2 };
  const without: Place = { at: shared, generation: 1 };
  const still: Shape = { automationAccount: own, database: own, network: "public" };
  const words = (before: Partial<Shape>, now: Partial<Shape>) =>
    moveWords({ ...still, ...before }, { ...still, ...now });

  it("are none if nothing moves", () => {
    for (const place of [own, moving, moved])
      assert.deepEqual(
        words({ database: place, automationAccount: place }, { database: place, automationAccount: place }),
        [],
      );
    assert.deepEqual(words({ network: "both" }, { network: "both" }), []);
  });

  it("say what is unreachable and what to do, for each way of each part", () => {
    for (const [before, now, severe, says] of [
      [
        own,
        moving,
        true,
        /as a copy .* fail for seconds.*npm run load.*once more.*move\.database\.from is removed/,
      ],
      [moving, moved, true, /the tenant's own SQL server, is deleted with its server/],
      [moving, own, true, /moves back .* the copy at .* is deleted.*once more/],
      [own, without, true, /an empty one .* history .* lost.*some minutes/],
    ] as const) {
      const [found, ...others] = words({ database: before }, { database: now });
      assert.deepEqual(others, []);
      assert.equal(found?.severe, severe);
      assert.match(found?.text ?? "", says);
    }
    for (const [before, now, severe, says] of [
      [
        own,
        moving,
        false,
        /works too until .* Nothing is unreachable. Give Quantemplate .*stack output webhookUrl/,
      ],
      [moving, moved, true, /former address.* ends with its account.*reconciliation/],
      [moving, own, true, /moves back .*ends with the deployment.*former address again/],
      [own, without, true, /lost from this deployment until Quantemplate has the new address.*within a day/],
    ] as const) {
      const [found, ...others] = words({ automationAccount: before }, { automationAccount: now });
      assert.deepEqual(others, []);
      assert.equal(found?.severe, severe);
      assert.match(found?.text ?? "", says);
    }
    for (const [before, now, severe, says] of [
      ["public", "both", false, /stay open.*for seconds/],
      ["both", "public", false, /private ways go.*for seconds/],
      ["private", "both", false, /open again/],
      ["both", "private", false, /close.*run it from inside/],
      ["public", "private", true, /fail in between, some minutes.*keepPublic/],
      ["private", "public", true, /fail in between, some minutes.*keepPublic/],
    ] as const) {
      const [found, ...others] = words({ network: before }, { network: now });
      assert.deepEqual(others, []);
      assert.equal(found?.severe, severe);
      assert.match(found?.text ?? "", says);
    }
  });
});

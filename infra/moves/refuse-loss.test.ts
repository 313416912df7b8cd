import assert from "node:assert/strict";
import { QtError } from "../../errors/qt-error";
import { refuseLossyMove } from "./refuse-loss";
import type { Place, Shape } from "./shape";

describe("a move", () => {
  const shared = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Sql/servers/one";
  const own: Place = { at: "own", generation: 1 };
  const moving: Place = { at: shared, generation: 2, from: "own" };
  const moved: Place = { at: shared, generation: 2 };

  const shape = (kind: "database" | "automationAccount", place: Place): Shape => ({
    ...{ automationAccount: own, database: own, network: "public" },
    [kind]: place,
  });
  const refusal = (
    kind: "database" | "automationAccount",
    before: Place,
    now: Place,
    protect = true,
  ): QtError | undefined => {
    try {
      refuseLossyMove(shape(kind, now), shape(kind, before), protect);
      return undefined;
    } catch (error) {
      assert.ok(error instanceof QtError);
      return error;
    }
  };

  it("goes on to the next generation, is finished, and goes back", () => {
    for (const kind of ["database", "automationAccount"] as const)
      for (const [before, now] of [
        [own, own],
        [own, moving],
        [moving, { ...moving, at: shared.toUpperCase() }],
        [moving, moved],
        [moving, own],
        [moved, { at: "own", generation: 3, from: shared.toUpperCase() }],
      ] as const)
        assert.equal(refusal(kind, before, now), undefined, JSON.stringify([kind, before, now]));
  });

  it("without its data is refused for a database that is protected, with what to do", () => {
    for (const now of [{ at: shared, generation: 1 }, moved]) {
      const refused = refusal("database", own, now);
      assert.equal(refused?.code, "QT1295");
      assert.match(refused?.format() ?? "", /move\.database\.generation 2` .*move\.database\.from own`/);
      assert.equal(refusal("database", own, now, false), undefined);
      assert.equal(refusal("automationAccount", own, now), undefined);
    }
  });

  it("that cannot follow what is deployed is refused", () => {
    for (const kind of ["database", "automationAccount"] as const)
      for (const [code, before, now] of [
        ["QT1296", own, { ...moving, generation: 3 }],
        ["QT1296", own, { ...moving, from: shared }],
        ["QT1296", own, { at: "own", generation: 2, from: "own" }],
        ["QT1296", moved, own],
        ["QT1297", moved, moving],
        ["QT1298", moving, { at: "own", generation: 3, from: shared }],
      ] as const)
        assert.equal(refusal(kind, before, now)?.code, code, JSON.stringify([kind, before, now]));
  });

  it("is not judged against a version that did not remember it", () => {
    refuseLossyMove(shape("database", moving), undefined, true);
  });
});

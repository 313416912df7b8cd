import assert from "node:assert/strict";
import type { Place } from "../../../infra/moves/shape";
import { changesFromEvents } from "./read";
import { stepType } from "./step-files";
import { summarise } from "./summarise";
import { renderTerminal } from "./terminal";
import { events, type TestStep } from "./testing/preview";

describe("the effects of a tenant's move", () => {
  const own: Place = { at: "own", generation: 1 };
  const placement = (shape: object | undefined) => ({
    inputs: { step: "placement", inputs: { location: "westeurope", salt: "", ...(shape && { shape }) } },
  });
  const shape = (more: object) => ({ automationAccount: own, database: own, network: "public", ...more });
  const shown = (before: object | undefined, after: object) => {
    const step: TestStep = {
      op: "update",
      type: stepType.placement,
      name: "placement",
      before: placement(before),
      after: placement(after),
    };
    return renderTerminal(summarise([changesFromEvents(events("acme", [step]))]));
  };

  it("are in the summary of a preview, the severest first", () => {
    const account = { at: "/account", generation: 2, from: "own" };
    const database = { at: "/server", generation: 2, from: "own" };
    const text = shown(shape({}), shape({ automationAccount: account, database }));
    assert.match(
      text,
      /The database moves from .*Fivetran is sent every dataset once more[\s\S]*The webhook gets another address/,
    );
  });

  it("are none of a step of an earlier version, which did not remember the shape", () => {
    assert.doesNotMatch(shown(undefined, shape({ network: "private" })), /public ways/);
  });
});

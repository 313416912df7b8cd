import assert from "node:assert/strict";
import { createTurns } from "./turns";

const never = new AbortController().signal;

describe("turns", () => {
  it("gives the allowed number of turns at once, and the others in order", async () => {
    const turns = createTurns(2);
    const through: number[] = [];
    const takes = [0, 1, 2, 3].map(async (number) => {
      const done = await turns.take(never);
      through.push(number);
      return done;
    });
    const [first, second] = await Promise.all(takes.slice(0, 2));
    await new Promise(setImmediate);
    assert.deepEqual(through, [0, 1]);
    first?.();
    (await takes[2])?.();
    await takes[3];
    assert.deepEqual(through, [0, 1, 2, 3]);
    second?.();
  });

  it("gives no turn to a waiter that was aborted", async () => {
    const turns = createTurns(1);
    const done = await turns.take(never);
    const leaving = new AbortController();
    const left = assert.rejects(turns.take(leaving.signal), { name: "AbortError" });
    const next = turns.take(never);
    leaving.abort();
    await left;
    done();
    await next;
    await assert.rejects(turns.take(leaving.signal), { name: "AbortError" });
  });
});

import assert from "node:assert/strict";
import { Interruption } from "./interruption";

describe("an interruption", () => {
  it("is repeated until the request has ended, because one between two statements is lost", async () => {
    let sent = 0;
    let interruption: Interruption | undefined;
    await new Promise<void>((resolve) => {
      interruption = new Interruption(async () => {
        if (++sent === 3) resolve();
        throw new Error("PostgreSQL is busy");
      }, 0);
    });
    await interruption?.end();
    assert.equal(sent, 3);
  });

  it("ends only when no cancellation is under way", async () => {
    const events: string[] = [];
    let arrive = (): void => {};
    const interruption = new Interruption(
      () =>
        new Promise<void>((resolve) => {
          arrive = resolve;
        }),
    );
    const ended = interruption.end().then(() => events.push("ended"));
    await new Promise(setImmediate);
    events.push("arrived");
    arrive();
    await ended;
    assert.deepEqual(events, ["arrived", "ended"]);
  });
});

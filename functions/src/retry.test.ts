import assert from "node:assert/strict";
import { type RetryOptions, withRetry } from "./retry";

const errorOf = (fields: object) => Object.assign(new Error("failed"), fields);

describe("retrying", () => {
  function world(deadline = 200_000) {
    const waits: number[] = [];
    let time = 0;
    const options: RetryOptions = {
      deadline,
      now: () => time,
      sleep: async (ms) => {
        waits.push(ms);
        time += ms;
      },
      onRetry: () => {},
    };
    return { waits, options };
  }

  it("continues while the database wakes up, until no time is left", async () => {
    const { waits, options } = world(60_000);
    let attempts = 0;
    const work = async () => {
      attempts++;
      throw errorOf({ number: 40613 });
    };
    await assert.rejects(withRetry(work, options), { number: 40613 });
    assert.ok(attempts > 10, `${attempts} attempts`);
    assert.ok(waits.reduce((sum, wait) => sum + wait, 0) < 60_000);
  });

  it("makes a few attempts at a passing error", async () => {
    const { waits, options } = world();
    await assert.rejects(
      withRetry(async () => {
        throw errorOf({ number: 1205 });
      }, options),
      { number: 1205 },
    );
    assert.deepEqual(waits, [500, 1000, 2000]);
  });

  it("does not retry a lasting error", async () => {
    const { waits, options } = world();
    await assert.rejects(
      withRetry(async () => {
        throw errorOf({ number: 229 });
      }, options),
    );
    assert.deepEqual(waits, []);
  });

  it("returns the result of the first attempt that succeeds", async () => {
    let attempts = 0;
    const work = async () => {
      if (++attempts < 3) throw errorOf({ code: "ESOCKET" });
      return "page";
    };
    assert.equal(await withRetry(work, world().options), "page");
  });
});

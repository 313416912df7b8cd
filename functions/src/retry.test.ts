import assert from "node:assert/strict";
import { type RetryOptions, withRetry } from "./retry";

const errorOf = (fields: object) => Object.assign(new Error("failed"), fields);

describe("retrying", () => {
  function world(deadline = 200_000) {
    const waits: number[] = [];
    const reported: unknown[] = [];
    let time = 0;
    const options: RetryOptions = {
      deadline,
      now: () => time,
      sleep: async (ms) => {
        waits.push(ms);
        time += ms;
      },
      onRetry: (...retry) => reported.push(retry),
    };
    return { waits, reported, options };
  }

  it("continues while the database wakes up, until no time is left", async () => {
    for (const [deadline, attempts] of [
      [22_500, 7],
      [22_501, 8],
    ] as const) {
      const { waits, reported, options } = world(deadline);
      const errors: Error[] = [];
      const work = async () => {
        errors.push(errorOf({ number: 40613 }));
        throw errors.at(-1);
      };
      await assert.rejects(withRetry(work, options), { number: 40613 });
      assert.equal(errors.length, attempts);
      assert.deepEqual(waits, [500, 1000, 2000, 4000, 5000, 5000, 5000].slice(0, attempts - 1));
      assert.deepEqual(
        reported,
        errors.slice(0, -1).map((error, index) => [error, index + 1]),
      );
    }
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

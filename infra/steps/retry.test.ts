import assert from "node:assert/strict";
import { retry } from "./retry";

describe("a step's retry", () => {
  /** Fails the given number of times; the failures are numbered from 1. */
  async function run(failures: number, attempts: number, when: (error: unknown) => boolean = () => true) {
    const pauses: number[] = [];
    let runs = 0;
    const outcome = await retry(
      async () => {
        runs++;
        if (runs <= failures) throw new Error(`failure ${runs}`);
        return "done";
      },
      { attempts, pauseMs: 7, pause: async (ms) => void pauses.push(ms), when },
    ).catch((error: Error) => error.message);
    return { outcome, runs, pauses };
  }

  it("runs once if that succeeds", async () => {
    assert.deepEqual(await run(0, 3), { outcome: "done", runs: 1, pauses: [] });
  });

  it("succeeds with the last attempt, with a pause before each new one", async () => {
    assert.deepEqual(await run(2, 3), { outcome: "done", runs: 3, pauses: [7, 7] });
  });

  it("throws the last error after the last attempt, without another pause", async () => {
    assert.deepEqual(await run(3, 3), { outcome: "failure 3", runs: 3, pauses: [7, 7] });
  });

  it("throws an error that no attempt can mend at once", async () => {
    const isFirst = (error: unknown) => (error as Error).message === "failure 1";
    assert.deepEqual(await run(5, 5, isFirst), { outcome: "failure 2", runs: 2, pauses: [7] });
  });
});

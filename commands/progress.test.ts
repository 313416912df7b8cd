import assert from "node:assert/strict";
import { count, megabytes, runSteps, seconds } from "./progress";

/** The standard output of a run. */
async function written(run: () => Promise<void>): Promise<string> {
  const original = process.stdout.write;
  let text = "";
  process.stdout.write = (chunk: string | Uint8Array) => {
    text += chunk;
    return true;
  };
  try {
    await run();
  } catch {
    // Only the output up to the failure matters.
  } finally {
    process.stdout.write = original;
  }
  return text;
}

describe("Progress", () => {
  const good = { title: "One", run: async () => "done" };
  const bad = {
    title: "Two",
    run: async () => {
      throw new Error("no");
    },
  };
  const never = { title: "Three", run: async () => "never" };

  it("prints one line for each step, with its time, and ends at the first failure", async () => {
    const text = await written(() => runSteps([good, bad, never], "plain"));
    assert.match(text, /^✓ One: done \(0\.0 s\)\n✗ Two \(0\.0 s\)\n$/);
  });

  it("is silent with --json, and throws what the step threw", async () => {
    assert.equal(await written(() => runSteps([good], "json")), "");
    await assert.rejects(runSteps([bad], "json"), /^Error: no$/);
  });

  it("formats numbers for people", () => {
    assert.deepEqual([seconds(40), seconds(12_345), seconds(185_000)], ["0.0 s", "12 s", "3 min 5 s"]);
    assert.deepEqual([count(20_000), megabytes(5_905_737)], ["20,000", "5.9 MB"]);
  });
});

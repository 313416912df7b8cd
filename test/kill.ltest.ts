import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tearDown } from "../local/commands/bring-up";
import { compareDestinationWithTable, compareTableWithCsv } from "../local/commands/compare";
import { findDataset } from "../local/commands/demo";
import { putDataset, query, sync } from "../local/commands/emulator-client";
import { followFlow } from "../local/commands/flow-client";
import { type Environment, findEnvironment } from "../local/environment";
import { sampleSnapshot } from "../local/sample-data";
import { keyed, land } from "./support/emulator";
import { spawnServe } from "./support/serve-process";

/** When to kill the process, in steps of the flow after the event. */
const moments = [0, 2, 4, 6, 8];

describe("A kill of the local process", () => {
  let folder: string;
  let child: ChildProcess;
  let environment: Environment;

  /** Starts the emulator; resolves when it is up, or after this many lines of progress. */
  async function startProcess(lines = Number.POSITIVE_INFINITY) {
    child = spawnServe(folder, "auto", "inherit");
    for (let seen = 0; seen < lines; seen++) {
      const [message] = (await once(child, "message")) as [{ kind: string; line: string }];
      assert.notEqual(message.kind, "failed", message.line);
      if (message.kind === "up") break;
    }
    const found = await findEnvironment(folder);
    if (found !== undefined) environment = found;
    return found !== undefined;
  }

  async function killProcess() {
    const exit = once(child, "exit");
    child.kill("SIGKILL");
    await exit;
  }

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "qt-kill-"));
  });
  after(async () => {
    if (child.exitCode === null && child.signalCode === null) await killProcess();
    await tearDown({ folder, stack: "dev", pulumi: "auto" });
    await rm(folder, { recursive: true, force: true });
  });

  it("in the middle of the first deployment leaves a start that finishes it", async () => {
    for (const lines of [10, 60]) {
      assert.equal(await startProcess(lines), false, "the deployment was over before the kill");
      await killProcess();
    }
    assert.ok(await startProcess());
  });

  it("at any moment of a load loses nothing that was published, and the next event repairs the rest", async () => {
    const first = await land(environment, keyed, 0);
    assert.equal(first.status, "succeeded", first.error);
    await sync(environment);
    let generation = 0;
    for (const moment of moments) {
      const [before] = await query(
        environment,
        "select max(_version) as version from data.premium_bordereau",
      );
      generation += 1;
      const { csv } = sampleSnapshot(keyed, 300, generation);
      await putDataset(environment, keyed, csv());
      await afterSteps(environment, moment);
      await killProcess();
      await startProcess();
      const [after] = await query(environment, "select max(_version) as version from data.premium_bordereau");
      assert.ok(Number(after?.version) >= Number(before?.version), "a published version was lost");
      const good = await land(environment, keyed, generation);
      assert.equal(good.status, "succeeded", good.error);
      await sync(environment);
      const dataset = findDataset(environment, keyed);
      const expected = sampleSnapshot(keyed, 300, generation);
      assert.equal(await compareTableWithCsv(environment, dataset, expected.csv()), expected.manifest.rows);
      assert.equal(await compareDestinationWithTable(environment, dataset), expected.manifest.rows);
    }
  });
});

/** Resolves after this many further steps of the flow, or when the flow has ended. */
async function afterSteps(environment: Environment, steps: number): Promise<void> {
  const stop = new AbortController();
  let seen = 0;
  const since = new Date().toISOString();
  try {
    for await (const step of followFlow(environment, stop.signal)) {
      if (step.at < since) continue;
      seen += 1;
      if (seen >= steps || (step.name.startsWith("pipeline ") && step.status !== "started")) return;
    }
  } finally {
    stop.abort();
  }
}

import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openResourceStore } from "./resource-store";

/** Writes resources in order, several at a time, and reports each acknowledged one. */
const WRITER = `
  const { openResourceStore } = require(process.argv[1]);
  openResourceStore(process.argv[2]).then(async (store) => {
    for (let number = 0; ; number++) {
      const id = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Test/things/" + (number % 50);
      const one = store.set({ id, type: "Microsoft.Test/things", name: String(number % 50), properties: { number, text: "x".repeat(number % 3000) } });
      await one;
      process.send(number);
    }
  });
`;

describe("resource store under kill -9", () => {
  it("loses nothing that was acknowledged, whenever the process is killed", async () => {
    const folder = await mkdtemp(join(tmpdir(), "store-kill-"));
    try {
      let last = -1;
      for (const afterAcknowledged of [1, 60, 200]) {
        const child = startWriter(folder);
        const acknowledged = await killAfter(child, afterAcknowledged);
        const store = await openResourceStore(folder);
        const found = store.list().map(({ properties }) => Number(properties.number));
        await store.close();
        assert.ok(
          Math.max(...found) >= acknowledged,
          `acknowledged ${acknowledged}, found ${Math.max(...found)}`,
        );
        for (const number of found) assert.ok(Number.isInteger(number));
        assert.ok(found.length >= Math.min(50, acknowledged + 1));
        last = acknowledged;
      }
      assert.ok(last >= 200);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

function startWriter(folder: string): ChildProcess {
  const args = ["--require", "tsx/cjs", "--eval", WRITER, join(__dirname, "resource-store.ts"), folder];
  return fork("", [], { execArgv: args, cwd: join(__dirname, "..", "..", "..") });
}

async function killAfter(child: ChildProcess, count: number): Promise<number> {
  let acknowledged = -1;
  await new Promise<void>((resolve, reject) => {
    child.on("message", (number: number) => {
      acknowledged = number;
      if (number >= count) resolve();
    });
    child.once("exit", (code) => reject(new Error(`the writer ended with ${code}`)));
  });
  // The writer has not stopped: the kill comes in the middle of some write.
  child.removeAllListeners("exit");
  child.kill("SIGKILL");
  await once(child, "close");
  return acknowledged;
}

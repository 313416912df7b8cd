import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { onceEnded } from "./once-ended";

describe("The end of a child process", () => {
  it("comes after its last message, however large that is", async () => {
    const script = 'process.send("x".repeat(5e6), undefined, undefined, () => process.exit(3))';
    const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "ignore", "ignore", "ipc"] });
    const said: string[] = [];
    child.on("message", (message) => said.push(`message of ${String(message).length}`));
    await new Promise<void>((resolve) => {
      onceEnded(child, (code) => {
        said.push(`ended with ${code}`);
        resolve();
      });
    });
    assert.deepEqual(said, ["message of 5000000", "ended with 3"]);
  });
});

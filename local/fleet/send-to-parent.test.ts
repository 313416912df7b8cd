import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { onceEnded } from "../../packages/kit/once-ended";

describe("A message to the process that started this one", () => {
  it("arrives whole before the connection ends, while that process is busy", async () => {
    const script = `
      const { sendToParent, leaveParent } = require(${JSON.stringify(join(__dirname, "send-to-parent"))});
      sendToParent({ text: "x".repeat(5e6) });
      void leaveParent();`;
    const child = spawn(process.execPath, ["--require", "tsx/cjs", "-e", script], {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    let length = 0;
    child.on("message", ({ text }: { text: string }) => {
      length = text.length;
    });
    await new Promise<void>((resolve) => onceEnded(child, () => resolve()));
    assert.equal(length, 5_000_000);
  });
});

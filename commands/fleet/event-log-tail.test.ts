import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventLogReader } from "./event-log-tail";

describe("The tail of an event log", () => {
  const folder = mkdtempSync(join(tmpdir(), "qt-tail-"));
  const file = join(folder, "events.json");
  after(() => rmSync(folder, { recursive: true, force: true }));

  const line = (name: string, planning?: boolean) => {
    const metadata = { op: "update", urn: `urn:pulumi:a::b::c::${name}` };
    return `${JSON.stringify({ resourcePreEvent: { planning, metadata } })}\n`;
  };

  it("reads each event once, wherever the log is cut, and starts again if the log does", () => {
    const steps: string[] = [];
    const look = eventLogReader(file, (text) => steps.push(text));
    look();
    writeFileSync(file, "");
    for (const byte of Buffer.from(line("größe-日本", true) + line("second"))) {
      appendFileSync(file, Buffer.of(byte));
      look();
    }
    assert.deepEqual(steps, ["preview update größe-日本", "update second"]);
    writeFileSync(file, line("ü"));
    look();
    look();
    assert.deepEqual(steps.slice(2), ["update ü"]);
  });
});

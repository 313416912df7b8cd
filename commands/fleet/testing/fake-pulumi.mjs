// A fake Pulumi CLI. A stack's name determines what it does, and each call is recorded in the file FAKE_PULUMI_CALLS.
import { spawn } from "node:child_process";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";

const args = process.argv.slice(2);
const after = (flag) => args[args.indexOf(flag) + 1];
const stack = after("--stack");
const noteCall = (rest = {}) =>
  appendFileSync(
    process.env.FAKE_PULUMI_CALLS,
    `${JSON.stringify({ stack, args, secret: process.env.QUANTEMPLATE_CLIENT_SECRET, ...rest })}\n`,
  );
// Before each `up` and `destroy` the fleet looks for what a killed one left: nothing here.
if (args[1] === "export") {
  process.stdout.write('{"deployment":{}}');
  process.exit(0);
}
// Whose version it is does not matter to any stack.
if (args[0] === "version") {
  process.stdout.write("v3.0.0\n");
  process.exit(0);
}
// The backend's stacks, if a test says which.
if (args[1] === "ls") {
  const list = `${process.env.FAKE_PULUMI_CALLS}.stacks`;
  process.stdout.write(existsSync(list) ? readFileSync(list, "utf8") : "[]");
  process.exit(0);
}
const waits = /hangs|deaf|stubborn/.test(stack);
// A stack that waits records its call only once it listens for signals.
if (!waits) noteCall();

if (args.includes("--event-log") && process.env.PULUMI_DEBUG_COMMANDS !== "true") {
  process.stderr.write("error: unknown flag: --event-log\n");
  process.exit(255);
}
if (args[0] === "stack") {
  const url = "https://x/api?code=PLAINSECRET";
  process.stdout.write(
    JSON.stringify({ webhookUrl: "[secret]", name: stack, nested: { url }, "a\u001b[2J": "b\u001b[2J" }),
  );
  process.exit(0);
}

const log = after("--event-log");
let sequence = 0;
const tell = (event) => appendFileSync(log, `${JSON.stringify({ sequence: sequence++, ...event })}\n`);
const urn = `urn:pulumi:${stack}::quantemplate::azure-native:resources:ResourceGroup::group`;
const step = (op, rest) =>
  tell({
    resourcePreEvent: {
      metadata: { op, urn, old: { custom: true, inputs: { a: 1 } }, new: { custom: true, inputs: { a: 2 } } },
      ...rest,
    },
  });
const error = (message) => tell({ diagnosticEvent: { severity: "error", message } });
const op = stack.includes("same") ? "same" : "update";

// `up` and `destroy` run a preview first; the log starts again after it.
if (/^(up|destroy)$/.test(args[0]) && !args.includes("--skip-preview")) {
  step(op, { planning: true });
  if (stack.includes("protected")) {
    error("Preview failed: it cannot be deleted because it is protected");
    tell({ summaryEvent: { isPreview: true } });
    process.exit(255);
  }
  tell({ summaryEvent: { isPreview: true } });
  writeFileSync(log, "");
  sequence = 0;
}

step(op);
if (stack.includes("silent")) {
  process.stderr.write("error: could not read the state\n");
  process.exit(255);
}
if (stack.includes("fails") && !existsSync(`${process.env.FAKE_PULUMI_CALLS}.mended`)) {
  error(`<{%fg 1%}>No quota in ${stack}<{%reset%}>`);
  process.exit(255);
}
if (stack.includes("killed")) {
  appendFileSync(log, '{"sequence":7,"resourcePreEv');
  process.kill(process.pid, "SIGKILL");
}
if (stack.includes("garbled")) appendFileSync(log, "what is this\n");
if (waits) {
  let asked = 0;
  process.on("SIGINT", () => {
    asked++;
    noteCall({ signal: "SIGINT" });
    if (stack === "deaf") return;
    // Pulumi takes a second signal as "now".
    if (asked > 1) process.exit(99);
    if (stack === "hangs") setTimeout(() => process.exit(1), 300);
    else appendFileSync(log, '{"sequence":7,"resourcePreEv');
  });
  // A child in the same process group.
  const child = stack === "deaf" && spawn("sleep", ["600"], { stdio: "ignore" });
  noteCall({ child: child.pid });
  setInterval(() => {}, 1000);
} else {
  tell({ summaryEvent: { isPreview: false } });
}

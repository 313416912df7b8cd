// Stands in for the Pulumi CLI: what a stack does follows from its name; each call is noted in FAKE_PULUMI_CALLS.
import { appendFileSync } from "node:fs";

const args = process.argv.slice(2);
const after = (flag) => args[args.indexOf(flag) + 1];
const stack = after("--stack");
const noteCall = () =>
  appendFileSync(
    process.env.FAKE_PULUMI_CALLS,
    `${JSON.stringify({ stack, args, secret: process.env.QUANTEMPLATE_CLIENT_SECRET })}\n`,
  );
// One that waits notes its call only when it hears signals.
if (!/hangs|deaf/.test(stack)) noteCall();

if (args.includes("--event-log") && process.env.PULUMI_DEBUG_COMMANDS !== "true") {
  process.stderr.write("error: unknown flag: --event-log\n");
  process.exit(255);
}
if (args[0] === "stack") {
  process.stdout.write(JSON.stringify({ webhookUrl: "[secret]", name: stack }));
  process.exit(0);
}

let sequence = 0;
const tell = (event) =>
  appendFileSync(after("--event-log"), `${JSON.stringify({ sequence: sequence++, ...event })}\n`);
const urn = `urn:pulumi:${stack}::quantemplate::azure-native:resources:ResourceGroup::group`;
const step = (op) =>
  tell({
    resourcePreEvent: {
      metadata: { op, urn, old: { custom: true, inputs: { a: 1 } }, new: { custom: true, inputs: { a: 2 } } },
    },
  });

step(stack.includes("same") ? "same" : "update");
if (stack.includes("silent")) {
  process.stderr.write("error: could not read the state\n");
  process.exit(255);
}
if (stack.includes("fails")) {
  tell({ diagnosticEvent: { severity: "error", message: `<{%fg 1%}>No quota in ${stack}<{%reset%}>` } });
  process.exit(255);
}
if (/hangs|deaf/.test(stack)) {
  let isAsked = false;
  process.on("SIGINT", () => {
    if (stack === "deaf") return;
    // A second one would make Pulumi leave at once.
    if (isAsked) process.exit(99);
    isAsked = true;
    setTimeout(() => process.exit(1), 300);
  });
  noteCall();
  setInterval(() => {}, 1000);
} else {
  tell({ summaryEvent: {} });
}

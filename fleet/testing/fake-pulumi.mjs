// Stands in for the Pulumi CLI: what a stack does follows from its name; each call is noted in FAKE_PULUMI_CALLS.
import { appendFileSync } from "node:fs";

const args = process.argv.slice(2);
const after = (flag) => args[args.indexOf(flag) + 1];
const stack = after("--stack");
appendFileSync(
  process.env.FAKE_PULUMI_CALLS,
  `${JSON.stringify({ stack, args, secret: process.env.QUANTEMPLATE_CLIENT_SECRET })}\n`,
);

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
if (stack.includes("hangs")) {
  let asked = false;
  process.on("SIGINT", () => {
    // A second one would make Pulumi leave at once.
    if (asked) process.exit(99);
    asked = true;
    setTimeout(() => process.exit(1), 300);
  });
  setInterval(() => {}, 1000);
} else {
  tell({ summaryEvent: {} });
}

// The stand-in's side of `npm run fleet -- … --local`: fleet/local-runner.ts starts it and listens on Node's channel.
import { parseArgs } from "node:util";
import { exitCodes, type Verb } from "../../fleet/outcome";
import type { RunEvent } from "../../fleet/run";
import { describeError } from "../engine/describe-error";
import { previewAll } from "./preview-all";

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { tenant: { type: "string", default: "" }, base: { type: "string", default: "HEAD" } },
  });
  const [verb] = positionals as [Verb];
  const tenants = values.tenant.split(",");
  let isStopped = false;
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      isStopped = true;
    });
  }
  const onEvent = (event: RunEvent) => void process.send?.(event);
  const shared = { root: process.cwd(), tenants, isStopped: () => isStopped, onEvent };
  if (verb === "preview") {
    // The SDK takes a stack trace for every value that it awaits, and mapping them to TypeScript costs more than all the rest.
    Error.stackTraceLimit = 0;
    process.setSourceMapsEnabled(false);
    await previewAll({ ...shared, base: values.base });
  } else {
    throw new Error(`${verb} is not there yet`);
  }
}

main()
  .catch((error: unknown) => {
    process.stderr.write(`${describeError(error)}\n`);
    // Read by fleet/local-runner.ts; after the first tenant was begun it counts as a failure like any other.
    process.exitCode = exitCodes.notBegun;
  })
  .finally(() => process.disconnect?.());

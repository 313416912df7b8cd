// The emulator's side of `npm run fleet -- … --local`: commands/fleet/local-runner.ts starts it and listens on Node's channel.
import { parseArgs } from "node:util";
import { exitCodes } from "../../commands/fleet/outcome";
import { describeError } from "../../packages/azure-emulator/engine/describe-error";
import { CodedError } from "../../packages/kit/errors/coded-error";
import { nameThisProject } from "../emulator-phrases";
import { defaultFolder } from "../places";
import type { EmulatorVerb } from "./emulator-work";
import { leaveParent, sendToParent } from "./send-to-parent";

async function main(): Promise<void> {
  nameThisProject();
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      root: { type: "string", default: process.cwd() },
      tenant: { type: "string", default: "" },
      base: { type: "string", default: "HEAD" },
      refresh: { type: "boolean", default: false },
    },
  });
  const [verb, work] = positionals;
  const { root, refresh } = values;
  const stop = new AbortController();
  const request = {
    ...{ root, refresh, folder: defaultFolder, onEvent: sendToParent, stop: stop.signal },
    tenants: values.tenant.split(","),
  };
  // The emulator handles signals itself.
  if (verb === "serve") {
    const { serveTenants } = require("./serve-tenants") as typeof import("./serve-tenants");
    return serveTenants(work as EmulatorVerb, request);
  }
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => stop.abort());
  process.once("disconnect", () => stop.abort());
  if (verb === "preview") {
    const { previewAll } = require("./preview-all") as typeof import("./preview-all");
    // The SDK takes a stack trace for every value that it awaits; mapping them to TypeScript costs more than everything else.
    Error.stackTraceLimit = 0;
    process.setSourceMapsEnabled(false);
    return previewAll({ ...request, base: values.base });
  }
  if (verb === "outputs") return (require("./outputs") as typeof import("./outputs")).outputs(request);
  const { workInBackground } = require("./serve-tenants") as typeof import("./serve-tenants");
  return workInBackground(verb as EmulatorVerb, request);
}

main()
  .catch((error: unknown) => {
    // commands/fleet/local-runner.ts reads this; once the first tenant has begun it counts as an ordinary failure.
    if (error instanceof CodedError) sendToParent({ kind: "refused", error: error.toJSON() });
    process.stderr.write(`${describeError(error)}\n`);
    process.exitCode = exitCodes.notBegun;
  })
  .finally(leaveParent);

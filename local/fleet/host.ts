// The stand-in's side of `npm run fleet -- … --local`: fleet/local-runner.ts starts it and listens on Node's channel.
import { parseArgs } from "node:util";
import { exitCodes } from "../../fleet/outcome";
import type { RunEvent } from "../../fleet/run";
import { defaultFolder } from "../commands/places";
import { describeError } from "../engine/describe-error";

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      root: { type: "string", default: process.cwd() },
      tenant: { type: "string", default: "" },
      base: { type: "string", default: "HEAD" },
    },
  });
  const [verb] = positionals;
  let isStopped = false;
  const stop = () => {
    isStopped = true;
  };
  const onEvent = (event: RunEvent) => void (process.connected && process.send?.(event));
  const { root } = values;
  const request = {
    ...{ root, folder: defaultFolder, onEvent },
    tenants: values.tenant.split(","),
    isStopped: () => isStopped,
  };
  // The stand-in has its own way with signals.
  if (verb === "serve") {
    const { serveTenants } = require("./serve-tenants") as typeof import("./serve-tenants");
    return serveTenants(request);
  }
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, stop);
  process.once("disconnect", stop);
  if (verb === "preview") {
    const { previewAll } = require("./preview-all") as typeof import("./preview-all");
    // The SDK takes a stack trace for every value that it awaits, and mapping them to TypeScript costs more than all the rest.
    Error.stackTraceLimit = 0;
    process.setSourceMapsEnabled(false);
    return previewAll({ ...request, base: values.base });
  }
  const commands = require("./tenant-commands") as typeof import("./tenant-commands");
  if (verb === "up") return commands.up(request);
  if (verb === "drift") return commands.drift(request);
  if (verb === "outputs") return commands.outputs(request);
  if (verb === "destroy") return commands.destroy(request);
  throw new Error(`The stand-in knows no ${verb}.`);
}

main()
  .catch((error: unknown) => {
    process.stderr.write(`${describeError(error)}\n`);
    // Read by fleet/local-runner.ts; after the first tenant was begun it counts as a failure like any other.
    process.exitCode = exitCodes.notBegun;
  })
  .finally(() => {
    if (process.connected) process.disconnect();
  });

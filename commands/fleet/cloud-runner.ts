import { inParallel } from "./in-parallel";
import { runPulumiStack } from "./pulumi-stack";
import type { Runner } from "./run";

/** Runs the Pulumi CLI for each stack, with the backend that it is logged in to. */
export function cloudRunner(binary: string, root: string): Runner {
  return ({ verb, tenants, parallel, refresh, stop, onEvent }) =>
    inParallel(
      tenants,
      parallel,
      () => stop.how !== undefined,
      async (tenant) => {
        onEvent({ kind: "started", tenant });
        const onProgress = (text: string) => onEvent({ kind: "progress", tenant, text });
        const outcome = await runPulumiStack(verb, tenant, { binary, root, refresh, stop, onProgress });
        onEvent({ kind: "ended", outcome });
      },
    );
}

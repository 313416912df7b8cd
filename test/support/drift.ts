import { runChanges } from "../../local/fleet/run-changes";
import type { Engine, StackRequest } from "../../packages/azure-emulator/engine";

/** What `fleet drift` finds: without what is known to differ. */
export async function driftOf(engine: Engine, request: StackRequest): Promise<string[]> {
  const events: object[] = [];
  await engine.refreshPreview(request, { onEvent: (event) => events.push(event) });
  const { steps } = runChanges(request.name, events);
  return steps.map(({ op, name }) => `${op} ${name}`).sort();
}

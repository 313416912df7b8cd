import { changesFromEvents, type StackChanges } from "../../commands/fleet/summary";

/**
 * What a run did, or would do.
 * @param events as the engine told them, whichever it is
 * @param errors why it is not whole
 */
export function runChanges(
  stack: string,
  events: readonly object[],
  errors: readonly string[] = [],
): StackChanges {
  const told: object[] = [
    ...events,
    ...errors.map((message) => ({ diagnosticEvent: { severity: "error", message } })),
    { summaryEvent: {} },
  ];
  return changesFromEvents(
    told.map((event, sequence) => ({ ...event, sequence })),
    { stack },
  );
}

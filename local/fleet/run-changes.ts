import { changesFromEvents, type StackChanges } from "../../commands/fleet/summary";

/**
 * Turns a run's events into its changes, made or planned.
 * @param events as either engine reported them
 * @param errors why the result is incomplete
 */
export function runChanges(
  stack: string,
  events: readonly object[],
  errors: readonly string[] = [],
): StackChanges {
  const all: object[] = [
    ...events,
    ...errors.map((message) => ({ diagnosticEvent: { severity: "error", message } })),
    { summaryEvent: {} },
  ];
  return changesFromEvents(
    all.map((event, sequence) => ({ ...event, sequence })),
    { stack },
  );
}

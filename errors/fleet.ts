import type { ErrorEntry } from "./error-entry";

export const fleetErrors = {
  QT9501: {
    what: "{source} is not the output of pulumi preview --json: {reason}",
    safe: "Nothing was deployed and nothing was summarised.",
    next: "Make it again with: pulumi preview --json --non-interactive -s <stack> > <file>",
  },
  QT9502: {
    what: "{source} is not an event log of Pulumi's engine: line {line}: {reason}",
    safe: "Nothing was deployed and nothing was summarised.",
    next: "Make it again with: pulumi preview --event-log <file> -s <stack>",
  },
  QT9503: {
    what: "{source} does not tell one stack: it names {found}.",
    safe: "Nothing was deployed and nothing was summarised.",
    next: "Give one file a stack, and the stack's name with it where the preview holds no resource.",
  },
} satisfies Record<string, ErrorEntry>;

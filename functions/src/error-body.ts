import { QtError } from "../../errors/qt-error";
import { redact } from "./redact";

/** What Fivetran shows on its dashboard (Fivetran: "Custom error handling"). It has no state, so Fivetran keeps its own. */
export interface ErrorBody {
  readonly errorMessage: string;
  readonly errorType: string;
  readonly stackTrace: string;
}

/** How many lines of a stack trace are useful. */
const STACK_LINES = 12;

/** Describes an error without any of the secrets. */
export function errorBody(error: unknown, secrets: readonly string[]): ErrorBody {
  const failure = error instanceof Error ? error : new Error(String(error));
  const known = failure instanceof QtError;
  const message = known
    ? `${failure.code}: ${failure.message} ${failure.safe} Next: ${failure.next}`
    : failure.message;
  return {
    errorMessage: redact(message || "The function failed without a message.", secrets),
    errorType: known ? failure.code : redact(failure.name, secrets),
    // Redacted before it is cut, because half a secret would not be found. The message stands beside it.
    stackTrace: redact(failure.stack ?? "", secrets)
      .split("\n")
      .filter((line) => /^\s*at /.test(line))
      .slice(0, STACK_LINES)
      .join("\n"),
  };
}

import { CommanderError } from "commander";
import { CodedError, type ErrorTexts } from "../packages/kit/errors/coded-error";
import { messageOf } from "../packages/kit/reason-of";
import { QtError } from "./qt-error";

/** What a failing command prints on standard output with `--json`. */
export interface Failure {
  readonly error: ErrorTexts;
}

/** What a command threw, for machines: always an error with a code. */
export function failureOf(thrown: unknown): Failure {
  return { error: catalogued(thrown).toJSON() };
}

/** What a command threw, for people; undefined if commander has already printed it. */
export function failureText(thrown: unknown): string | undefined {
  if (thrown instanceof CommanderError) return undefined;
  if (thrown instanceof CodedError) return thrown.format();
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}

export interface ReportOptions {
  /** Exit code of a failure. */
  readonly exitCode?: number;
  /** The raw arguments: a mistake in them may have stopped commander before it reached `--json`. */
  readonly args?: readonly string[];
}

/**
 * Ends a command that failed: sets the exit code, and prints the failure for people on standard error and, with `--json`, for
 * machines on standard output. A request for help is not a failure.
 */
export function reportFailure(
  thrown: unknown,
  { exitCode = 1, args = process.argv }: ReportOptions = {},
): void {
  if (thrown instanceof CommanderError && thrown.exitCode === 0) return;
  process.exitCode = exitCode;
  const text = failureText(thrown);
  if (text !== undefined) process.stderr.write(`${text}\n`);
  if (args.includes("--json")) process.stdout.write(`${JSON.stringify(failureOf(thrown), null, 2)}\n`);
}

function catalogued(thrown: unknown): CodedError {
  if (thrown instanceof CodedError) return thrown;
  const message = messageOf(thrown);
  if (thrown instanceof CommanderError)
    return new QtError("QT9018", { reason: message.replace(/^error: /, "") });
  return new QtError("QT9019", { reason: message });
}

import { CommanderError } from "commander";
import { CodedError, type ErrorTexts } from "../packages/kit/errors/coded-error";
import { QtError } from "./qt-error";

/** What a command prints on standard output with `--json` where it fails. */
export interface Failure {
  readonly error: ErrorTexts;
}

/** Whatever a command threw, for machines: always an error with a code. */
export function failureOf(thrown: unknown): Failure {
  return { error: catalogued(thrown).toJSON() };
}

/** Whatever a command threw, for people; undefined where commander has said it already. */
export function failureText(thrown: unknown): string | undefined {
  if (thrown instanceof CommanderError) return undefined;
  if (thrown instanceof CodedError) return thrown.format();
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}

export interface ReportOptions {
  /** Exit code of a failure. */
  readonly exitCode?: number;
  /** The arguments as they came: a mistake in them may have stopped commander before the option `--json`. */
  readonly args?: readonly string[];
}

/**
 * Ends a command that failed: the exit code, the failure for people on standard error and, where `--json` was asked for, for
 * machines on standard output. Help that was asked for is none.
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
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (thrown instanceof CommanderError)
    return new QtError("QT9018", { reason: message.replace(/^error: /, "") });
  return new QtError("QT9019", { reason: message });
}

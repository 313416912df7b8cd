import pg from "pg";
import { constraintError } from "./constraint-error";
import { type ErrorPlace, toSqlServerError } from "./postgres-error";
import { SqlServerError } from "./sql-server-error";

/** An error of PostgreSQL as SQL Server reports it; any other is returned as it is. */
export async function explainError(error: unknown, pool: pg.Pool, place: ErrorPlace): Promise<unknown> {
  if (!(error instanceof pg.DatabaseError)) return error;
  return (await constraintError(error, pool, place.database)) ?? toSqlServerError(error, place);
}

/** Deadlocks, snapshot conflicts and failed conversions. */
const endingTransactions: ReadonlySet<number> = new Set([1205, 3960, 241, 245, 8114]);

/**
 * Whether an error ends the transaction also without XACT_ABORT.
 * @see https://www.sommarskog.se/error_handling/Part2.html
 */
export function endsTransaction(error: unknown): boolean {
  return error instanceof SqlServerError && (endingTransactions.has(error.number) || error.class >= 20);
}

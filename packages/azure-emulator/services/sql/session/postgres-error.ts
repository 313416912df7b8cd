import pg from "pg";
import { CodedError } from "../../../../kit/errors/coded-error";
import { messageOf } from "../../../../kit/reason-of";
import { fromCodedError, SqlServerError } from "./sql-server-error";

/** SQLSTATEs that clients know by SQL Server's number, because they retry or explain them. */
const sqlState = {
  deadlock: "40P01",
  insufficientPrivilege: "42501",
  tooManyConnections: "53300",
  cancelled: "57014",
} as const;

/**
 * Any failure with SQL Server's number: a message that begins with a code of the database's own, such as
 * `AB4021`, is 54021 (THROW takes numbers from 50000), a deadlock 1205, a missing
 * grant 229; every other error is 50000 with PostgreSQL's message.
 */
export function toSqlServerError(error: unknown, database = ""): SqlServerError {
  if (error instanceof SqlServerError) return error;
  if (error instanceof CodedError) return fromCodedError(error);
  if (!(error instanceof pg.DatabaseError)) {
    const message = messageOf(error);
    return new SqlServerError(50_000, `The connection to PostgreSQL failed: ${message}`, {
      class: 20,
      cause: error,
    });
  }
  const place = { ...raisedIn(error.where), cause: error };
  const own = /^[A-Z]{2,}(\d{4})\b/.exec(error.message);
  if (own) return new SqlServerError(50_000 + Number(own[1]), error.message, place);
  switch (error.code) {
    case sqlState.deadlock:
      return new SqlServerError(
        1205,
        "Transaction was deadlocked on lock resources with another process and has been chosen as the deadlock victim. " +
          "Rerun the transaction.",
        { ...place, class: 13, state: 45 },
      );
    case sqlState.insufficientPrivilege:
      return new SqlServerError(229, permissionText(error.message, database), {
        ...place,
        class: 14,
        state: 5,
      });
    case sqlState.tooManyConnections:
      return new SqlServerError(
        10928,
        "Resource ID : 2. The session limit for the database has been reached.",
        place,
      );
    case sqlState.cancelled:
      return new SqlServerError(3617, "The query was canceled.", place);
    default:
      return new SqlServerError(50_000, error.message, place);
  }
}

/** `PL/pgSQL function shop.publish(text,boolean) line 23 at RAISE` → the procedure and line that a client shows. */
function raisedIn(where: string | undefined): { procedure?: string; line?: number } {
  const match = /PL\/pgSQL function ([\w.]+)\(.*?\) line (\d+)/.exec(where ?? "");
  if (match?.[1] === undefined) return {};
  return { procedure: match[1], line: Number(match[2]) };
}

function permissionText(message: string, database: string): string {
  const match = /^permission denied for (function|procedure|schema|table|view|sequence) (.+)$/.exec(message);
  if (match === null) return message;
  const permission = match[1] === "table" || match[1] === "view" ? "SELECT" : "EXECUTE";
  return `The ${permission} permission was denied on the object '${match[2]}', database '${database}'. (${message})`;
}

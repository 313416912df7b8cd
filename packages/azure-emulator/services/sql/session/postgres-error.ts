import pg from "pg";
import { CodedError } from "../../../../kit/errors/coded-error";
import { messageOf } from "../../../../kit/reason-of";
import { fromCodedError, SqlServerError } from "./sql-server-error";

/** Where an error of PostgreSQL happened. */
export interface ErrorPlace {
  readonly database: string;
  /** In a transaction of the level SNAPSHOT, whose conflicts have a number of their own. */
  readonly snapshot: boolean;
}

/**
 * Any failure with SQL Server's number: a message that begins with a code of the database's own, such as
 * `AB4021`, is 54021 (THROW takes numbers from 50000); what clients branch on, because they retry or explain it, has
 * SQL Server's own number and words; every other error is 50000 with PostgreSQL's message.
 * @see https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-events-and-errors
 */
export function toSqlServerError(error: unknown, place: Partial<ErrorPlace> = {}): SqlServerError {
  if (error instanceof SqlServerError) return error;
  if (error instanceof CodedError) return fromCodedError(error);
  if (!(error instanceof pg.DatabaseError)) {
    const message = messageOf(error);
    return new SqlServerError(50_000, `The connection to PostgreSQL failed: ${message}`, {
      class: 20,
      cause: error,
    });
  }
  const where = { ...raisedIn(error.where), cause: error };
  const own = /^[A-Z]{2,}(\d{4})\b/.exec(error.message);
  if (own) return new SqlServerError(50_000 + Number(own[1]), error.message, where);
  const known = wordings.get(error.code ?? "")?.(error.message, place);
  if (known !== undefined) {
    const { number, message, severity = 16, state = 1 } = known;
    return new SqlServerError(number, message, { ...where, class: severity, state });
  }
  if (error.severity === "FATAL" || error.severity === "PANIC") return killed(where);
  return new SqlServerError(50_000, error.message, where);
}

interface Wording {
  readonly number: number;
  readonly message: string;
  /** 16 if there is none. */
  readonly severity?: number;
  /** 1 if there is none. */
  readonly state?: number;
}

type ToWording = (message: string, place: Partial<ErrorPlace>) => Wording | undefined;

/** SQL Server's errors for PostgreSQL's SQLSTATEs. */
const wordings: ReadonlyMap<string, ToWording> = new Map<string, ToWording>([
  ["40P01", () => deadlock],
  ["40001", (_, { snapshot = false, database = "" }) => (snapshot ? updateConflict(database) : deadlock)],
  ["55P03", () => ({ number: 1222, message: "Lock request time out period exceeded.", state: 51 })],
  ["57014", () => ({ number: 3617, message: "The query was canceled." })],
  [
    "53300",
    () => ({
      number: 10928,
      message: "Resource ID : 2. The session limit for the database has been reached.",
    }),
  ],
  [
    "42501",
    (message, { database = "" }) => ({
      number: 229,
      message: permissionText(message, database),
      severity: 14,
      state: 5,
    }),
  ],
  ["42P01", (message) => ({ number: 208, message: `Invalid object name '${quoted(message)}'.` })],
  ["42703", (message) => ({ number: 207, message: `Invalid column name '${quoted(message)}'.` })],
  ["22012", () => ({ number: 8134, message: "Divide by zero error encountered." })],
  ["22003", (message) => ({ number: 8115, message: overflowText(message), state: 2 })],
  ["22P02", conversion],
  [
    "22007",
    () => ({
      number: 241,
      message: "Conversion failed when converting date and/or time from character string.",
    }),
  ],
  [
    "22008",
    () => ({
      number: 242,
      message:
        "The conversion of a nvarchar data type to a datetime2 data type resulted in an out-of-range value.",
      state: 3,
    }),
  ],
  ["22001", () => ({ number: 8152, message: "String or binary data would be truncated.", state: 10 })],
]);

const deadlock: Wording = {
  number: 1205,
  message:
    "Transaction was deadlocked on lock resources with another process and has been chosen as the deadlock victim. " +
    "Rerun the transaction.",
  severity: 13,
  state: 45,
};

/** PostgreSQL does not name the table. */
function updateConflict(database: string): Wording {
  const message =
    "Snapshot isolation transaction aborted due to update conflict. You cannot use snapshot isolation to access a table " +
    `directly or indirectly in database '${database}' to update, delete, or insert the row that has been modified or deleted ` +
    "by another transaction. Retry the transaction or change the isolation level for the update/delete statement.";
  return { number: 3960, message, state: 2 };
}

/** The session is over: clients must close the connection (class 20 and above). */
function killed(where: object): SqlServerError {
  const text = "Cannot continue the execution because the session is in the kill state.";
  return new SqlServerError(596, text, { ...where, class: 21 });
}

/** `relation "shop.x" does not exist`, `column x of relation "y" does not exist` → the name. */
function quoted(message: string): string {
  const match = /(?:relation|column) (?:"([^"]+)"|(\S+))/.exec(message);
  return match?.[1] ?? match?.[2] ?? "";
}

const typeNames: ReadonlyMap<string, string> = new Map([
  ["smallint", "smallint"],
  ["integer", "int"],
  ["bigint", "bigint"],
  ["numeric", "numeric"],
  ["double precision", "float"],
  ["real", "real"],
  ["boolean", "bit"],
]);

function overflowText(message: string): string {
  const type = /(smallint|integer|bigint)/.exec(message)?.[1] ?? "numeric";
  return `Arithmetic overflow error converting expression to data type ${typeNames.get(type)}.`;
}

/** `invalid input syntax for type integer: "x"`: SQL Server names the value for int, bit and uniqueidentifier, the types for the others. */
function conversion(message: string): Wording | undefined {
  const [, type = "", value = ""] = /for type ([a-z ]+): "([\s\S]*)"$/.exec(message) ?? [];
  if (type === "uuid")
    return {
      number: 8169,
      message: "Conversion failed when converting from a character string to uniqueidentifier.",
      state: 2,
    };
  const name = typeNames.get(type);
  if (name === undefined) return undefined;
  if (name === "int" || name === "bit")
    return {
      number: 245,
      message: `Conversion failed when converting the nvarchar value '${value}' to data type ${name}.`,
    };
  return { number: 8114, message: `Error converting data type nvarchar to ${name}.`, state: 5 };
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

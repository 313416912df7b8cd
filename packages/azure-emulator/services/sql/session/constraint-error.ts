import type pg from "pg";
import type { DatabaseError } from "pg";
import { SqlServerError } from "./sql-server-error";

/** SQLSTATEs of class 23: a constraint is violated. */
const violation = { notNull: "23502", foreignKey: "23503", unique: "23505", check: "23514" } as const;

const findKind = `
  select contype as kind from pg_constraint c join pg_namespace n on n.oid = c.connamespace
   where c.conname = $1 and n.nspname = $2`;

/**
 * The violation of a constraint in SQL Server's numbers and words; undefined for any other error. PostgreSQL does not say which
 * statement failed, so that of a row without its own key is told as an INSERT.
 * @param pool of the database
 * @see https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-events-and-errors
 */
export async function constraintError(
  error: DatabaseError,
  pool: pg.Pool,
  database: string,
): Promise<SqlServerError | undefined> {
  switch (error.code) {
    case violation.notNull:
      return notNull(error, database);
    case violation.unique:
      return unique(error, await kindOf(error, pool));
    case violation.foreignKey:
      return foreignKey(error, database);
    case violation.check:
      return conflict(error, "INSERT statement conflicted with the CHECK", tableOf(error), database);
    default:
      return undefined;
  }
}

/** `p` of a primary key, `u` of a unique constraint; undefined for an index without a constraint, or if it cannot be found out. */
async function kindOf({ constraint, schema }: DatabaseError, pool: pg.Pool): Promise<string | undefined> {
  const found = await pool.query<{ kind: string }>(findKind, [constraint, schema]).catch(() => undefined);
  return found?.rows[0]?.kind;
}

function unique(error: DatabaseError, kind: string | undefined): SqlServerError {
  const key = `The duplicate key value is (${/=\((.*)\) already exists/s.exec(error.detail ?? "")?.[1] ?? ""}).`;
  const table = tableOf(error);
  const more = { ...place(error), class: 14 };
  if (kind === undefined) {
    const text = `Cannot insert duplicate key row in object '${table}' with unique index '${error.constraint}'. ${key}`;
    return new SqlServerError(2601, text, more);
  }
  const what = kind === "p" ? "PRIMARY" : "UNIQUE";
  const text = `Violation of ${what} KEY constraint '${error.constraint}'. Cannot insert duplicate key in object '${table}'. ${key}`;
  return new SqlServerError(2627, text, more);
}

function notNull(error: DatabaseError, database: string): SqlServerError {
  const text =
    `Cannot insert the value NULL into column '${error.column}', table '${database}.${tableOf(error)}'; ` +
    "column does not allow nulls. INSERT fails.";
  return new SqlServerError(515, text, { ...place(error), state: 2 });
}

/** `Key (a)=(1) is not present in table "p".`, or `… is still referenced from table "c".` */
function foreignKey(error: DatabaseError, database: string): SqlServerError {
  const [, column = "", fate = "", other = ""] =
    /^Key \((.*?)\)=.* is (not present in|still referenced from) table "(.*)"\.$/s.exec(error.detail ?? "") ??
    [];
  const referenced = fate.startsWith("still");
  const what = referenced
    ? "DELETE statement conflicted with the REFERENCE"
    : "INSERT statement conflicted with the FOREIGN KEY";
  const table = other === "" ? tableOf(error) : `${error.schema}.${other}`;
  return conflict(error, what, table, database, column);
}

function conflict(
  error: DatabaseError,
  what: string,
  table: string,
  database: string,
  column = "",
): SqlServerError {
  const where = column === "" ? "" : `, column '${column}'`;
  const text = `The ${what} constraint "${error.constraint}". The conflict occurred in database "${database}", table "${table}"${where}.`;
  return new SqlServerError(547, text, { ...place(error), state: 0 });
}

const tableOf = ({ schema, table }: DatabaseError): string => `${schema}.${table}`;

/** The procedure that SQL Server would name is not in PostgreSQL's place of an SQL function. */
function place(error: DatabaseError): { procedure?: string; cause: unknown } {
  const match = /(?:PL\/pgSQL|SQL) function "?([\w.]+)"?/.exec(error.where ?? "");
  return { cause: error, ...(match?.[1] === undefined ? {} : { procedure: match[1] }) };
}

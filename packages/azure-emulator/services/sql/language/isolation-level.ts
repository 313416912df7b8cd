/** SQL Server's levels. @see https://learn.microsoft.com/sql/t-sql/statements/set-transaction-isolation-level-transact-sql */
export type IsolationLevel =
  | "read uncommitted"
  | "read committed"
  | "repeatable read"
  | "serializable"
  | "snapshot";

/** PostgreSQL's level for one of SQL Server's. Its repeatable read is a snapshot, and it has no dirty reads. */
export const postgresLevel: Readonly<Record<IsolationLevel, string>> = {
  "read uncommitted": "read committed",
  "read committed": "read committed",
  "repeatable read": "repeatable read",
  serializable: "serializable",
  snapshot: "repeatable read",
};

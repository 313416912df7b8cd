/** The T-SQL that the endpoint understands without a file. */
export type Statement =
  /** `EXEC schema.procedure @p = literal, …` */
  | { readonly kind: "call"; readonly procedure: string; readonly arguments: readonly CallArgument[] }
  | { readonly kind: "begin" }
  /** `onlyIfOpen`: it follows `IF @@TRANCOUNT > 0`. */
  | { readonly kind: "commit" | "rollback"; readonly onlyIfOpen: boolean }
  /** `SET option …`: a session option of SQL Server, which has no effect here. */
  | { readonly kind: "set" }
  | { readonly kind: "use"; readonly database: string }
  /** `SELECT literal [AS name], …`: drivers send it to test whether a connection is alive. */
  | { readonly kind: "literals"; readonly columns: readonly LiteralColumn[] };

export interface CallArgument {
  /** With `@`; empty for a positional argument. */
  readonly name: string;
  /** A literal's value, or an `@variable` of sp_executesql. */
  readonly value: string | null | { readonly variable: string };
}

export interface LiteralColumn {
  readonly name: string;
  readonly type: "int" | "text";
  readonly value: string | null;
}

/** The T-SQL that the endpoint understands without a file. */
export type Statement =
  /** `EXEC schema.procedure @p = literal, …` */
  | { readonly kind: "call"; readonly procedure: string; readonly arguments: readonly CallArgument[] }
  | { readonly kind: "begin" }
  /** `onlyIfOpen`: behind `IF @@TRANCOUNT > 0`. */
  | { readonly kind: "commit" | "rollback"; readonly onlyIfOpen: boolean }
  /** `SET option …`: a session option of SQL Server, without a meaning here. */
  | { readonly kind: "set" }
  | { readonly kind: "use"; readonly database: string }
  /** `SELECT literal [AS name], …`: what drivers send to see whether a connection lives. */
  | { readonly kind: "literals"; readonly columns: readonly LiteralColumn[] };

export interface CallArgument {
  /** With `@`; empty where it goes by position. */
  readonly name: string;
  /** A literal's value, or the `@variable` of sp_executesql that stands there. */
  readonly value: string | null | { readonly variable: string };
}

export interface LiteralColumn {
  readonly name: string;
  readonly type: "int" | "text";
  readonly value: string | null;
}

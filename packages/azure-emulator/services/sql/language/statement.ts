import type { Expression } from "./expression";
import type { SetOption } from "./parse-set";

/** The T-SQL that the endpoint understands without a file. */
export type Statement =
  /** `EXEC schema.procedure @p = literal, …` */
  | { readonly kind: "call"; readonly procedure: string; readonly arguments: readonly CallArgument[] }
  | { readonly kind: "begin"; readonly name?: Name }
  | { readonly kind: "commit" }
  /** With the name of a savepoint or of the transaction, or of neither: then the whole transaction. */
  | { readonly kind: "rollback"; readonly name?: Name }
  | { readonly kind: "save"; readonly name: Name }
  /** `IF @@TRANCOUNT > 0 … ELSE …`, as drivers write it. */
  | {
      readonly kind: "if";
      readonly comparison: Comparison;
      readonly number: number;
      readonly whenTrue: readonly Statement[];
      readonly whenFalse: readonly Statement[];
    }
  | ({ readonly kind: "set" } & SetOption)
  | { readonly kind: "use"; readonly database: string }
  /** `SELECT expression [AS name], …` without a table: drivers test a connection by it, and ask who and where they are. */
  | { readonly kind: "select"; readonly columns: readonly SelectColumn[] };

export type Comparison = "=" | "<>" | ">" | "<";

/** A transaction's or savepoint's name, or the `@variable` that has it. */
export type Name = string | { readonly variable: string };

export interface CallArgument {
  /** With `@`; empty for a positional argument. */
  readonly name: string;
  /** A literal's value, or an `@variable` of sp_executesql. */
  readonly value: string | null | { readonly variable: string };
}

export interface SelectColumn {
  /** Empty if the text gives none. */
  readonly name: string;
  readonly value: Expression;
}

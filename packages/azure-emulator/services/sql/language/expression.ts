/** A value that needs no table. */
export type Expression =
  | Literal
  /** An `@variable` of sp_executesql. */
  | { readonly kind: "variable"; readonly name: string }
  /** `@@NAME`, `NAME()` or `NAME`: its name in lower case, and literal arguments. */
  | { readonly kind: "function"; readonly name: string; readonly arguments: readonly (string | null)[] }
  | { readonly kind: "cast"; readonly to: CastType; readonly of: Expression };

export interface Literal {
  readonly kind: "literal";
  readonly type: LiteralType;
  readonly value: string | null;
}

/**
 * A number without a point is `int` if it fits, else `numeric`, as one with a point; with an exponent it is `float`.
 * @see https://learn.microsoft.com/sql/t-sql/data-types/constants-transact-sql
 */
export type LiteralType = "int" | "numeric" | "float" | "text";

export const castTypes = ["int", "bigint", "bit", "nvarchar", "varchar", "sysname"] as const;
export type CastType = (typeof castTypes)[number];

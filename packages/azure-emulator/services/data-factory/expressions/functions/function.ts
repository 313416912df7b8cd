import type { ExpressionScope } from "../scope";
import type { Value } from "../value";

/** A function whose arguments are evaluated first. */
export interface EagerFunction {
  readonly name: string;
  readonly lazy?: false;
  readonly arity: readonly [fewest: number, most: number];
  evaluate(args: readonly Value[], scope: ExpressionScope): Value;
}

/** A function that decides itself which of its arguments it needs. */
export interface LazyFunction {
  readonly name: string;
  readonly lazy: true;
  readonly arity: readonly [fewest: number, most: number];
  evaluate(args: readonly (() => Value)[]): Value;
}

export type ExpressionFunction = EagerFunction | LazyFunction;

/** Functions by lower-case name: the language ignores the case of names. */
export type FunctionTable = ReadonlyMap<string, ExpressionFunction>;

export function eager(
  name: string,
  fewest: number,
  most: number,
  evaluate: EagerFunction["evaluate"],
): ExpressionFunction {
  return { name, arity: [fewest, most], evaluate };
}

export function lazy(
  name: string,
  fewest: number,
  most: number,
  evaluate: LazyFunction["evaluate"],
): ExpressionFunction {
  return { name, lazy: true, arity: [fewest, most], evaluate };
}

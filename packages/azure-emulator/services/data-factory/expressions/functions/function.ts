import type { ExpressionScope } from "../scope";
import type { Value } from "../value";

/** A function whose arguments are evaluated before the call. */
export interface EagerFunction {
  readonly name: string;
  readonly lazy?: false;
  readonly arity: readonly [min: number, max: number];
  evaluate(args: readonly Value[], scope: ExpressionScope): Value;
}

/** A function that evaluates only the arguments that it needs. */
export interface LazyFunction {
  readonly name: string;
  readonly lazy: true;
  readonly arity: readonly [min: number, max: number];
  evaluate(args: readonly (() => Value)[]): Value;
}

export type ExpressionFunction = EagerFunction | LazyFunction;

/** Functions by lower-case name: the language ignores the case of names. */
export type FunctionTable = ReadonlyMap<string, ExpressionFunction>;

export function eager(
  name: string,
  min: number,
  max: number,
  evaluate: EagerFunction["evaluate"],
): ExpressionFunction {
  return { name, arity: [min, max], evaluate };
}

export function lazy(
  name: string,
  min: number,
  max: number,
  evaluate: LazyFunction["evaluate"],
): ExpressionFunction {
  return { name, lazy: true, arity: [min, max], evaluate };
}

import { ExpressionError } from "./expression-error";
import type { FunctionTable } from "./functions/function";
import type { ExpressionScope } from "./scope";
import type { Expression } from "./syntax";
import { isArray, isObject, kindOf, property, type Value } from "./value";

/** Evaluates an expression. @param functions the functions that it may call @throws ExpressionError */
export function evaluate(expression: Expression, scope: ExpressionScope, functions: FunctionTable): Value {
  switch (expression.kind) {
    case "literal":
      return expression.value;
    case "call":
      return call(expression.name, expression.args, scope, functions);
    case "access":
      return access(
        evaluate(expression.base, scope, functions),
        evaluate(expression.key, scope, functions),
        expression.forgiving,
      );
  }
}

function call(
  name: string,
  args: readonly Expression[],
  scope: ExpressionScope,
  functions: FunctionTable,
): Value {
  const definition = functions.get(name.toLowerCase());
  if (definition === undefined) {
    throw new ExpressionError(`the template function '${name}' is not defined or not valid.`);
  }
  const [min, max] = definition.arity;
  if (args.length < min || args.length > max) {
    const wanted = min === max ? `${min}` : max === Infinity ? `at least ${min}` : `${min} to ${max}`;
    throw new ExpressionError(
      `the template function '${definition.name}' expects ${wanted} argument(s), ${args.length} given.`,
    );
  }
  if (definition.lazy) return definition.evaluate(args.map((arg) => () => evaluate(arg, scope, functions)));
  return definition.evaluate(
    args.map((arg) => evaluate(arg, scope, functions)),
    scope,
  );
}

function access(base: Value, key: Value, forgiving: boolean): Value {
  if (base === null) {
    if (forgiving) return null;
    throw new ExpressionError(
      `cannot be evaluated because ${keyText(key)} cannot be selected: the value is null.`,
    );
  }
  if (isObject(base)) return member(base, key, forgiving);
  if (isArray(base)) return element(base, key, forgiving);
  throw new ExpressionError(
    `cannot be evaluated because ${keyText(key)} cannot be selected: the value is of type '${kindOf(base)}'.`,
  );
}

function member(base: ReadonlyMap<string, Value>, key: Value, forgiving: boolean): Value {
  if (typeof key !== "string") {
    throw new ExpressionError(`a property name must be a string, not '${kindOf(key)}'.`);
  }
  const value = property(base, key);
  if (value !== undefined) return value;
  if (forgiving) return null;
  throw new ExpressionError(
    `cannot be evaluated because property '${key}' doesn't exist, available properties are '${[...base.keys()].join(", ")}'.`,
  );
}

function element(base: readonly Value[], key: Value, forgiving: boolean): Value {
  if (typeof key !== "bigint" || key < 0n) {
    throw new ExpressionError(`an array index must be a non-negative integer; ${keyText(key)} is not.`);
  }
  const value = base[Number(key)];
  if (value !== undefined) return value;
  if (forgiving) return null;
  throw new ExpressionError(
    `cannot be evaluated because array index '${key}' is outside bounds (0, ${base.length - 1}) of array.`,
  );
}

function keyText(key: Value): string {
  return typeof key === "string"
    ? `property '${key}'`
    : typeof key === "bigint"
      ? `index '${key}'`
      : "the selector";
}

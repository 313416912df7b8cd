import { ExpressionError } from "../expressions/expression-error";
import { dataFactoryFunctions } from "../expressions/functions";
import type { ExpressionScope } from "../expressions/scope";
import { evaluateTemplate } from "../expressions/template";
import { toText } from "../expressions/text";
import {
  fromJson,
  isArray,
  isObject,
  kindOf,
  objectOf,
  type Value,
  type ValueArray,
  type ValueObject,
} from "../expressions/value";
import { ActivityError } from "./activity-error";

/** Evaluates the expressions in a definition. Results are not evaluated again. */
export class Resolver {
  constructor(
    readonly scope: ExpressionScope,
    private readonly functions = dataFactoryFunctions,
  ) {}

  /** Evaluates strings and `{value, type: "Expression"}` objects, also inside arrays and objects. @throws ActivityError */
  value(definition: unknown): Value {
    if (typeof definition === "string") return this.evaluate(definition);
    if (Array.isArray(definition)) return definition.map((item) => this.value(item));
    if (typeof definition !== "object" || definition === null) return fromJson(definition);
    const expression = expressionOf(definition);
    if (expression !== undefined) return this.value(expression);
    return this.object(definition as Readonly<Record<string, unknown>>);
  }

  /** Evaluates every value of a record. */
  object(definitions: Readonly<Record<string, unknown>>): ValueObject {
    return objectOf(Object.entries(definitions).map(([key, item]) => [key, this.value(item)]));
  }

  /** Evaluates to a string; other values are converted. */
  text(definition: unknown): string {
    return toText(this.value(definition));
  }

  /** @param what the property's name for the message */
  bool(definition: unknown, what: string): boolean {
    const value = this.value(definition);
    if (typeof value === "boolean") return value;
    throw wrongType(what, "a boolean", value);
  }

  array(definition: unknown, what: string): ValueArray {
    const value = this.value(definition);
    if (isArray(value)) return value;
    throw wrongType(what, "an array", value);
  }

  number(definition: unknown, what: string): number {
    const value = this.value(definition);
    if (typeof value === "bigint" || typeof value === "number") return Number(value);
    throw wrongType(what, "a number", value);
  }

  private evaluate(text: string): Value {
    try {
      return evaluateTemplate(text, this.scope, this.functions);
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      const reason = error.message.startsWith("cannot")
        ? error.message
        : `cannot be evaluated: ${error.message}`;
      throw new ActivityError(
        "InvalidTemplate",
        `The template language expression '${text}' ${reason}`,
        "UserError",
        {
          cause: error,
        },
      );
    }
  }
}

/** The text of Studio's `{ "value": "@…", "type": "Expression" }`. */
function expressionOf(definition: object): unknown {
  const keys = Object.keys(definition);
  if (keys.length !== 2 || !("value" in definition) || !("type" in definition)) return undefined;
  return definition.type === "Expression" ? definition.value : undefined;
}

function wrongType(what: string, wanted: string, value: Value): ActivityError {
  const kind = isObject(value) ? "object" : kindOf(value);
  return new ActivityError(
    "InvalidTemplate",
    `${what} must be ${wanted}; the expression's value is of type '${kind}'.`,
  );
}

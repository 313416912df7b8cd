import { fromJson, isArray, kindOf, type Value } from "../expressions/value";
import type { Variable } from "../model/pipeline";
import type { Variables } from "./activity-context";
import { ActivityError } from "./activity-error";

const kinds = { String: "string", Bool: "bool", Array: "array" } as const;

/** Creates the variables of one run with their declared defaults. Names ignore case. */
export function createVariables(declared: Readonly<Record<string, Variable>>): Variables {
  const declarations = new Map(
    Object.entries(declared).map(([name, variable]) => [name.toLowerCase(), variable]),
  );
  const values = new Map([...declarations].map(([name, { defaultValue }]) => [name, fromJson(defaultValue)]));

  function declaration(name: string): Variable {
    const variable = declarations.get(name.toLowerCase());
    if (variable === undefined)
      throw new ActivityError("BadRequest", `The variable '${name}' is not declared.`);
    return variable;
  }

  function set(name: string, value: Value): Value {
    const wanted = kinds[declaration(name).type];
    if (value !== null && kindOf(value) !== wanted) {
      throw new ActivityError(
        "BadRequest",
        `The variable '${name}' is of type '${wanted}'; the value is of type '${kindOf(value)}'.`,
      );
    }
    values.set(name.toLowerCase(), value);
    return value;
  }

  return {
    get: (name) => values.get(name.toLowerCase()),
    set,
    append(name, value) {
      declaration(name);
      const present = values.get(name.toLowerCase()) ?? null;
      if (!isArray(present)) throw new ActivityError("BadRequest", `The variable '${name}' is not an array.`);
      return set(name, [...present, value]);
    },
  };
}

import type { Parameters } from "./parameters";
import { fieldOf, policyField } from "./policy-field";
import { type PolicyTarget, textOf } from "./policy-target";
import { UnsupportedPolicy } from "./unsupported-policy";

/** A value of a rule once it is known which resource it is asked for. It never throws. */
export interface PolicyValue {
  /** It is the same for every resource. */
  readonly constant: boolean;
  /** The members that an object has, in lower case, if they are known. */
  readonly members?: readonly string[];
  of(target: PolicyTarget): unknown;
}

/** A value that is made of others, and as constant as they are. */
export function derived(
  inputs: readonly PolicyValue[],
  make: (given: readonly unknown[]) => unknown,
): PolicyValue {
  const of = (target: PolicyTarget) => make(inputs.map((input) => input.of(target)));
  return { constant: inputs.every(({ constant }) => constant), of };
}

const NOTHING: PolicyTarget = {
  id: "",
  type: "",
  name: "",
  properties: {},
  resourceGroup: { id: "", name: "", location: "", tags: {} },
};

/** A constant's value, which can be checked before any resource is; undefined if the value depends on the resource. */
export function knownValue(value: PolicyValue): unknown {
  return value.constant ? value.of(NOTHING) : undefined;
}

interface PolicyFunction {
  /** How many values it takes. */
  readonly takes: readonly [least: number, most: number];
  make(inputs: readonly PolicyValue[], parameters: Parameters): PolicyValue;
}

const functions: ReadonlyMap<string, PolicyFunction> = new Map<string, PolicyFunction>([
  ["parameters", { takes: [1, 1], make: parameter }],
  ["field", { takes: [1, 1], make: field }],
  ["concat", { takes: [1, 100], make: (inputs) => derived(inputs, concat) }],
  ["tolower", { takes: [1, 1], make: (inputs) => derived(inputs, ([text]) => lower(text)) }],
  ["resourcegroup", { takes: [0, 0], make: resourceGroup }],
]);

/** @throws UnsupportedPolicy for another function, and for values that it does not take */
export function callOf(name: string, inputs: readonly PolicyValue[], parameters: Parameters): PolicyValue {
  const known = functions.get(name.toLowerCase());
  if (known === undefined)
    throw new UnsupportedPolicy(
      `the function ${name}() is not evaluated here; only parameters, field, concat, toLower and resourceGroup are`,
    );
  const [least, most] = known.takes;
  if (inputs.length < least || inputs.length > most)
    throw new UnsupportedPolicy(`the function ${name}() does not take ${inputs.length} values`);
  return known.make(inputs, parameters);
}

function parameter(inputs: readonly PolicyValue[], parameters: Parameters): PolicyValue {
  const name = nameIn("parameters", inputs);
  const key = name.toLowerCase();
  if (!parameters.has(key))
    throw new UnsupportedPolicy(`the parameter '${name}' is not declared; declare it in \`parameters\``);
  const value = parameters.get(key);
  return derived([], () => value);
}

function field(inputs: readonly PolicyValue[]): PolicyValue {
  const named = policyField(nameIn("field", inputs));
  return { constant: false, of: (target) => fieldOf(target, named) };
}

function resourceGroup(): PolicyValue {
  return {
    constant: false,
    members: ["id", "name", "location", "tags"],
    of: (target) => target.resourceGroup,
  };
}

function concat(given: readonly unknown[]): unknown {
  return given.every(Array.isArray) ? given.flat() : given.map((part) => textOf(part) ?? "").join("");
}

const lower = (text: unknown) => (textOf(text) ?? "").toLowerCase();

/** The one text that a function takes. */
function nameIn(of: string, [input]: readonly PolicyValue[]): string {
  const name = input && knownValue(input);
  if (typeof name === "string") return name;
  throw new UnsupportedPolicy(`the function ${of}() takes a text that does not depend on the resource`);
}

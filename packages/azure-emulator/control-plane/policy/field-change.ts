import { type Shape, shapeOf } from "../../../azure-resource-types";
import { isJsonObject, type JsonObject, ownMember } from "../../../kit/json-object";
import { BodyFault } from "../body-check/body-fault";
import { checkShape } from "../body-check/check-shape";
import type { PolicyCondition } from "./condition";
import { constantOf, policyValue } from "./expression";
import { knownValue, type PolicyValue } from "./functions";
import type { Parameters } from "./parameters";
import { type PolicyField, policyField } from "./policy-field";
import { textOf } from "./policy-target";
import { UnsupportedPolicy, within } from "./unsupported-policy";

/** One operation of `modify`, or one field of `append`. */
export interface FieldChange {
  readonly operation: Operation;
  /** A tag, or a property of the first level, spelled as the type does. */
  readonly field: Exclude<PolicyField, { readonly kind: "envelope" }>;
  readonly value: PolicyValue["of"];
  readonly when: PolicyCondition;
}

/** `append` refuses a request that has another value. */
type Operation = "add" | "addorreplace" | "remove" | "append";

/**
 * The changes of the effects `modify` (`details.operations`) and `append` (`details`).
 * Source: learn.microsoft.com/azure/governance/policy/concepts/effect-modify and effect-append.
 * @throws UnsupportedPolicy for a field that cannot be changed, a value that it does not take, and an operation that is not known
 */
export function fieldChanges(
  effect: "modify" | "append",
  details: unknown,
  parameters: Parameters,
): FieldChange[] {
  if (effect === "append") return within("details", () => changes(details, () => "append", parameters));
  if (!isJsonObject(details)) throw new UnsupportedPolicy("an object with operations is expected", "details");
  return within("details.operations", () => changes(details.operations, operationOf, parameters));
}

function changes(
  list: unknown,
  operation: (item: JsonObject) => Operation,
  parameters: Parameters,
): FieldChange[] {
  if (!Array.isArray(list) || list.length === 0)
    throw new UnsupportedPolicy("a list of fields to change is expected");
  return list.map((item: unknown, index) =>
    within(`[${index}]`, () => {
      if (!isJsonObject(item)) throw new UnsupportedPolicy("an object is expected");
      return change(item, operation(item), parameters);
    }),
  );
}

function operationOf({ operation }: JsonObject): Operation {
  const found = (["add", "addorreplace", "remove"] as const).find(
    (name) => name === textOf(operation)?.toLowerCase(),
  );
  if (found !== undefined) return found;
  throw new UnsupportedPolicy(
    `add, addOrReplace or remove is expected, not ${JSON.stringify(operation)}`,
    "operation",
  );
}

function change(item: JsonObject, operation: Operation, parameters: Parameters): FieldChange {
  const field = within("field", () => changeable(constantOf(item.field, parameters), operation));
  const when = item.condition === undefined ? () => true : conditionText(item.condition, parameters);
  if (operation === "remove") return { operation, field, value: () => undefined, when };
  const value = within("value", () => {
    if (item.value === undefined) throw new UnsupportedPolicy(`the value is missing; write "value": …`);
    const read = policyValue(item.value, parameters);
    if (read.constant) requireTaken(field, knownValue(read));
    return read;
  });
  // A tag that a group lacks is an empty text, as in a condition.
  return { operation, field, value: (target) => value.of(target) ?? "", when };
}

function changeable(name: unknown, operation: Operation): FieldChange["field"] {
  const field = policyField(name);
  if (field.kind === "tag") return field;
  if (field.kind === "envelope" || /[.[]/.test(field.path))
    throw new UnsupportedPolicy(
      `the emulator cannot change the field ${name}; write a tag, tags['<name>'], or a property of the first level, <type>/<property>`,
    );
  if (operation === "remove") throw new UnsupportedPolicy(`only tags can be removed, not ${name}`);
  const shape = propertiesOf(field.type);
  if (shape === undefined) return field;
  const path = Object.keys(shape).find((key) => key.toLowerCase() === field.path.toLowerCase());
  if (path === undefined || shape[path]?.readOnly)
    throw new UnsupportedPolicy(
      `the field ${name} cannot be changed: it is not below properties, or read-only`,
    );
  return { ...field, path };
}

function propertiesOf(type: string): Readonly<Record<string, Shape>> | undefined {
  const published = shapeOf(type);
  if (published === undefined) return undefined;
  const { properties } = published.body.properties;
  return properties?.kind === "object" ? properties.properties : {};
}

function requireTaken(field: FieldChange["field"], value: unknown): void {
  const shape: Shape | undefined =
    field.kind === "tag" ? { kind: "string" } : ownMember(propertiesOf(field.type) ?? {}, field.path);
  if (shape === undefined) return;
  const name = field.kind === "tag" ? `tags['${field.tag}']` : field.path;
  try {
    checkShape({ kind: "object", properties: { [name]: shape } }, { [name]: value }, { openEnums: true });
  } catch (error) {
    if (!(error instanceof BodyFault)) throw error;
    throw new UnsupportedPolicy(`${JSON.stringify(value)} is no value of ${name}: ${error.expected}`);
  }
}

/** `modify` takes a condition as an expression, which here must end in true or false. */
function conditionText(condition: unknown, parameters: Parameters): PolicyCondition {
  const value = within("condition", () => policyValue(condition, parameters));
  if (value.constant && !/^(true|false)$/i.test(textOf(knownValue(value)) ?? ""))
    throw new UnsupportedPolicy(`true or false is expected, not ${JSON.stringify(condition)}`, "condition");
  return (target) => textOf(value.of(target))?.toLowerCase() === "true";
}

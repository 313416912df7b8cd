import type { ObjectShape, Shape } from "../../../../azure-resource-types";
import { isJsonObject, type JsonObject } from "../../../../kit/json-object";

/** A body with one fault. */
export interface Fault {
  readonly kind: FaultKind;
  readonly path: string;
  readonly body: JsonObject;
}

export type FaultKind =
  | "missing-required"
  | "wrong-kind"
  | "wrong-enum"
  | "wrong-enum-open"
  | "too-long"
  | "too-short"
  | "wrong-pattern"
  | "out-of-range"
  | "unknown-property";

/** Those that every provider refuses. */
export const ALWAYS_REFUSED: ReadonlySet<FaultKind> = new Set([
  "missing-required",
  "wrong-kind",
  "wrong-enum",
  "too-long",
  "too-short",
  "wrong-pattern",
  "out-of-range",
]);

type Steps = readonly (string | number)[];

/** Every single fault that can be made in what the body has. */
export function faultsOf(shape: ObjectShape, body: JsonObject): Fault[] {
  const faults: Fault[] = [];
  const add = (kind: FaultKind, steps: Steps, value: unknown) =>
    faults.push({ kind, path: steps.join("."), body: replaced(body, steps, value) as JsonObject });

  const visit = (described: Shape, value: unknown, steps: Steps, around: readonly ObjectShape[]): void => {
    if (described.readOnly || value === undefined || value === null) return;
    const wrong = WRONG_KINDS[described.kind];
    if (wrong !== undefined && steps.length > 0) for (const other of wrong) add("wrong-kind", steps, other);
    if (described.kind === "string" && typeof value === "string") visitText(described, value, steps);
    if (described.kind === "number") {
      if (described.min !== undefined) add("out-of-range", steps, described.min - 1);
      if (described.max !== undefined) add("out-of-range", steps, described.max + 1);
    }
    if (described.kind === "array" && Array.isArray(value)) {
      if (described.minLength) add("too-short", steps, []);
      if (described.maxLength !== undefined)
        add(
          "too-long",
          steps,
          Array.from({ length: described.maxLength + 1 }, () => value[0] ?? "x"),
        );
      for (const [index, item] of value.entries()) visit(described.items, item, [...steps, index], around);
    }
    if (described.kind === "recursive") {
      const again = around.findLast(({ name }) => name === described.name);
      if (again !== undefined) visit(again, value, steps, around);
    }
    if (described.kind === "object" && isJsonObject(value))
      visitObject(described, value, steps, [...around, described]);
  };

  const visitText = (described: Extract<Shape, { kind: "string" }>, value: string, steps: Steps): void => {
    if (described.enum) add("wrong-enum", steps, "NotOneOfThem");
    if (described.openEnum) add("wrong-enum-open", steps, "NotOneOfThem");
    if (described.minLength) add("too-short", steps, value.slice(0, described.minLength - 1));
    if (described.maxLength !== undefined) add("too-long", steps, "x".repeat(described.maxLength + 1));
    if (described.pattern !== undefined) add("wrong-pattern", steps, "!".repeat(described.minLength ?? 1));
  };

  const visitObject = (
    described: ObjectShape,
    value: JsonObject,
    steps: Steps,
    around: readonly ObjectShape[],
  ) => {
    const { variants } = described;
    const variant =
      variants && variants.key !== "name" ? variants.of[String(value[variants.key])] : undefined;
    if (variants !== undefined && variant !== undefined) {
      add("missing-required", [...steps, variants.key], undefined);
      add("wrong-enum", [...steps, variants.key], "NotOneOfThem");
    }
    const known =
      variant?.kind === "object" ? { ...described.properties, ...variant.properties } : described.properties;
    const isOpen = described.others !== undefined || variant?.kind === "any" || variants?.key === "name";
    if (!isOpen) add("unknown-property", [...steps, "notAProperty"], "x");
    for (const [name, member] of Object.entries(known)) {
      if (member.required && !member.readOnly && value[name] !== undefined)
        add("missing-required", [...steps, name], undefined);
      visit(member, value[name], [...steps, name], around);
    }
    if (described.others)
      for (const [name, member] of Object.entries(value))
        if (known[name] === undefined && name !== variants?.key)
          visit(described.others, member, [...steps, name], around);
  };

  visit(shape, body, [], []);
  return faults;
}

const WRONG_KINDS: Readonly<Record<string, readonly unknown[]>> = {
  string: [1, { a: 1 }],
  number: ["text", [1]],
  bool: ["text", 1],
  array: ["text", { a: 1 }],
  object: ["text", [1]],
};

/** A copy with another value at a place; without the member if the value is undefined. */
function replaced(container: unknown, [step, ...rest]: Steps, value: unknown): unknown {
  if (step === undefined) return value;
  if (Array.isArray(container))
    return container.map((item, at) => (at === step ? replaced(item, rest, value) : item));
  const { [step]: old, ...others } = (container ?? {}) as Record<string | number, unknown>;
  const changed = replaced(old, rest, value);
  return changed === undefined ? others : { ...others, [step]: changed };
}

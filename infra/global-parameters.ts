import type * as pulumi from "@pulumi/pulumi";
import { QtError } from "../errors/qt-error";
import { ownMember } from "../packages/kit/json-object";
import type { Json } from "./studio-json";

/** Values of the factory's global parameters, by name. They differ from tenant to tenant. */
export type GlobalParameterValues = Readonly<Record<string, pulumi.Input<string>>>;

/** One global parameter as azure-native takes it. */
export interface GlobalParameter {
  readonly type: string;
  readonly value: pulumi.Input<string>;
}

/**
 * Gives the factory's global parameters their values. The values in the JSON are Studio's placeholders and are never deployed.
 * @param factory The factory's Studio JSON.
 * @throws QtError QT1106 if a declared parameter has no value, QT1110 if a value has no declaration.
 */
export function globalParameters(
  factory: Json,
  values: GlobalParameterValues,
  file: string,
): Record<string, GlobalParameter> {
  const declared = declaredGlobalParameters(factory);
  const unset = Object.keys(declared).filter((name) => ownMember(values, name) === undefined);
  if (unset.length > 0) {
    throw new QtError("QT1106", { file, names: unset.join(", "), known: Object.keys(values).join(", ") });
  }
  const undeclared = Object.keys(values).filter((name) => ownMember(declared, name) === undefined);
  if (undeclared.length > 0) throw new QtError("QT1110", { file, names: undeclared.join(", ") });
  return Object.fromEntries(
    Object.entries(declared).map(([name, { type }]) => [
      name,
      { type: typeName(type), value: values[name] ?? "" },
    ]),
  );
}

/** By name, as the factory's Studio JSON declares them. */
export function declaredGlobalParameters(factory: Json): Readonly<Record<string, { readonly type: string }>> {
  const properties = factory.properties as
    | { globalParameters?: Record<string, { type: string }> }
    | undefined;
  return properties?.globalParameters ?? {};
}

/** Studio writes `string`, the SDK knows `String`. */
function typeName(type: string): string {
  return type.charAt(0).toUpperCase() + type.slice(1);
}

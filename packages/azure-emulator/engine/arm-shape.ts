import { isDeepStrictEqual } from "node:util";
import { pathInputs, type Shape, shapeOf, type TokenDescriptor } from "../../azure-resource-types";
import { isJsonObject, ownMember } from "../../kit/json-object";
import type { ArmBody, ArmResource } from "../control-plane/resource";
import { flattenItems, nestItems } from "./flattened-items";
import { type Settable, settableOf, settablePart } from "./settable";
import { fromStudio, toStudio } from "./studio-shape";
import { isUnknown, unknown, type WireProperties } from "./wire-values";

/** Members of a resource's body next to `properties`. */
const envelopeKeys = [
  "location",
  "tags",
  "sku",
  "kind",
  "identity",
  "zones",
  "plan",
  "managedBy",
  "extendedLocation",
];

/** azure-native's flattened inputs → the body of ARM's PUT. The inputs must not contain unknown values. */
export function toArmBody(described: TokenDescriptor, inputs: WireProperties): ArmBody {
  const path = new Set(pathInputs(described));
  const given = Object.entries(inputs).filter(
    ([key, value]) => !path.has(key) && !key.startsWith("__") && key !== "name" && value !== undefined,
  );
  const renamed = rename(Object.fromEntries(given), armNames(described));
  const envelope = new Map<string, unknown>();
  const inside = new Map<string, unknown>();
  for (const [key, value] of Object.entries(renamed)) {
    if (key === "identity") envelope.set(key, toArmIdentity(value));
    else if (isEnvelope(described, key)) envelope.set(key, value);
    else if (described.container && key === "properties" && isJsonObject(value))
      for (const [name, member] of Object.entries(value)) inside.set(name, member);
    else inside.set(key, value);
  }
  const flat = Object.fromEntries(inside);
  const nested = described.flattensItems ? nestItems(flat, insideOf(described)) : flat;
  const properties = (described.studio ? toStudio(described.studio, flat) : nested) as WireProperties;
  return { ...Object.fromEntries(envelope), properties };
}

/** A resource as ARM shows it → azure-native's outputs. */
export function toOutputs(described: TokenDescriptor, resource: ArmResource): Record<string, unknown> {
  const { properties, id: _id, name, type, identity, ...envelope } = resource;
  const inside = described.studio ? fromStudio(described.studio, properties) : properties;
  const flat = described.flattensItems ? flattenItems(inside, insideOf(described)) : inside;
  const renamed = rename(flat as WireProperties, sdkNames(described));
  const hoisted = described.container ? { properties: renamed } : renamed;
  return {
    ...hoisted,
    ...envelope,
    ...(identity ? { identity } : {}),
    name,
    type,
    azureApiVersion: "local",
  };
}

/**
 * The outputs as far as azure-native knows them before the deployment: the program's inputs; of an existing resource also its name and its
 * region. Everything else is `unknown`, even if Azure filled it in before, and so is the name of a new resource, unless the input has that
 * very name, as that of a site (Create and Update in github.com/pulumi/pulumi-azure-native, provider/pkg/provider/provider.go, and
 * PreviewOutputs in provider/pkg/convert/previewOutputs.go). The engine treats every missing output as unknown anyway.
 * @param last The outputs of the existing resource; empty for a new one.
 */
export function predictOutputs(
  described: TokenDescriptor,
  inputs: WireProperties,
  last: WireProperties = {},
): Record<string, unknown> {
  const path = new Set(pathInputs(described).filter((key) => key !== "name"));
  const given = Object.entries(inputs).filter(([key]) => !path.has(key) && !key.startsWith("__"));
  const outputs: Record<string, unknown> = Object.fromEntries(given);
  for (const stable of ["name", "location"]) if (last[stable] !== undefined) outputs[stable] = last[stable];
  if (isJsonObject(inputs.identity)) outputs.identity = predictIdentity(inputs.identity);
  if (described.container && isJsonObject(outputs.properties)) {
    const filledIn = Object.keys(described.filledIn ?? {}).map((name) => [name, unknown]);
    outputs.properties = { ...Object.fromEntries(filledIn), ...outputs.properties };
  }
  return outputs;
}

/**
 * The inputs that would produce `outputs`: the program's inputs plus the changes in Azure since `lastOutputs`, among them what the program
 * does not set. A property that Azure never returns (write-only) or returns in another spelling keeps the program's value.
 * Source: Read and applyDiff in github.com/pulumi/pulumi-azure-native, provider/pkg/provider (provider.go, diff.go).
 */
export function projectInputs(
  described: TokenDescriptor,
  inputs: WireProperties,
  lastOutputs: WireProperties,
  outputs: WireProperties,
): Record<string, unknown> {
  const settable = settableOf(described, (key) => isEnvelope(described, key));
  return projectObject(inputs, lastOutputs, outputs, settable);
}

function projectObject(
  inputs: WireProperties,
  last: WireProperties,
  now: WireProperties,
  settable: Settable | undefined,
): Record<string, unknown> {
  const project = (key: string, input: unknown) =>
    projectValue(input, ownMember(last, key), ownMember(now, key), settable?.member(key));
  const projected = Object.entries(inputs).map(([key, input]) => [key, project(key, input)] as const);
  const known = projected.filter(([, value]) => value !== undefined);
  const missing = Object.keys(now).filter((key) => !Object.hasOwn(inputs, key));
  const added = missing.flatMap((key) => {
    const part = settable?.member(key);
    if (part === undefined) return [];
    const [was, is] = [settablePart(ownMember(last, key), part), settablePart(now[key], part)];
    return is === undefined || is === null || isDeepStrictEqual(was, is) ? [] : [[key, is] as const];
  });
  return Object.fromEntries([...known, ...added]);
}

function projectValue(input: unknown, last: unknown, now: unknown, settable: Settable | undefined): unknown {
  if (last === undefined || last === null || isDeepStrictEqual(last, now)) return input;
  if (Array.isArray(input) && isJsonObject(now)) return projectNames(input, now);
  if (isJsonObject(input) && isJsonObject(last) && isJsonObject(now))
    return projectObject(input, last, now, settable);
  if (Array.isArray(input) && Array.isArray(last) && Array.isArray(now) && input.length === now.length) {
    return input.map((item, index) => projectValue(item, last[index], now[index], undefined));
  }
  return now;
}

/** A list of names that Azure returns as a map: `identity.userAssignedIdentities`. */
function projectNames(input: readonly unknown[], now: Readonly<Record<string, unknown>>): unknown[] {
  const names = Object.keys(now);
  const spelling = new Map(input.map((name) => [String(name).toLowerCase(), name]));
  const known = input.filter((name) => names.some((key) => key.toLowerCase() === String(name).toLowerCase()));
  return [...known, ...names.filter((name) => !spelling.has(name.toLowerCase()))];
}

/** The shape of a resource's `properties`. */
function insideOf({ type }: TokenDescriptor): Shape | undefined {
  return shapeOf(type)?.body.properties.properties;
}

function isEnvelope(described: TokenDescriptor, key: string): boolean {
  return envelopeKeys.includes(key) && !described.inProperties?.includes(key);
}

function toArmIdentity(identity: unknown): unknown {
  if (!isJsonObject(identity) || !Array.isArray(identity.userAssignedIdentities)) return identity;
  const map = Object.fromEntries(identity.userAssignedIdentities.map((id) => [String(id), {}]));
  return { ...identity, userAssignedIdentities: map };
}

function predictIdentity(identity: WireProperties): Record<string, unknown> {
  const type = isUnknown(identity.type) ? "" : String(identity.type ?? "");
  return {
    ...identity,
    ...(type.includes("SystemAssigned") && { principalId: unknown, tenantId: unknown }),
    ...(Array.isArray(identity.userAssignedIdentities) && { userAssignedIdentities: unknown }),
  };
}

/** Path in the source spelling → new last segment. */
type Names = ReadonlyMap<string, string>;

function armNames(described: TokenDescriptor): Names {
  return new Map(Object.entries(described.renames ?? {}));
}

/** The inverse of {@link armNames}: its paths use ARM's spelling. */
function sdkNames(described: TokenDescriptor): Names {
  const renames = described.renames ?? {};
  return new Map(
    Object.entries(renames).map(([path, armName]) => {
      const segments = path.split(".");
      const parents = segments
        .slice(0, -1)
        .map((segment, index) => renames[segments.slice(0, index + 1).join(".")] ?? segment);
      return [[...parents, armName].join("."), segments.at(-1) ?? ""];
    }),
  );
}

function rename(properties: WireProperties, names: Names): Record<string, unknown> {
  return names.size === 0 ? { ...properties } : renameBelow("", properties, names);
}

function renameBelow(
  prefix: string,
  object: Readonly<Record<string, unknown>>,
  names: Names,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => {
      const path = prefix === "" ? key : `${prefix}.${key}`;
      return [names.get(path) ?? key, renameValue(path, value, names)];
    }),
  );
}

function renameValue(path: string, value: unknown, names: Names): unknown {
  if (Array.isArray(value)) return value.map((item) => renameValue(path, item, names));
  return isJsonObject(value) ? renameBelow(path, value, names) : value;
}

import { type Shape, shapeOf, type TokenDescriptor } from "../../azure-resource-types";
import { isJsonObject, ownMember } from "../../kit/json-object";
import { propertiesOf } from "./flattened-items";

/** What programs may set of a resource or of a part of it, in azure-native's spelling. What Azure alone fills in has no place in it. */
export interface Settable {
  /** @returns undefined if a program cannot set the member, or if the published type does not describe it. */
  member(name: string): Settable | undefined;
}

const nothing: Settable = { member: () => undefined };

/** By the type's published shape. Nothing for Data Factory's objects, whose members azure-native hoists, and for types without a shape. */
export function settableOf(described: TokenDescriptor, isEnvelope: (key: string) => boolean): Settable {
  const body = described.studio ? undefined : shapeOf(described.type)?.body;
  if (body === undefined) return nothing;
  const inside = body.properties.properties;
  const renames = described.renames ?? {};
  // The published types take some of these too: `vaultUri`, which differs only where the emulator served a vault at another port.
  const isFilledIn = (path: string) =>
    Object.hasOwn(described.filledIn ?? {}, described.container ? path.replace(/^properties\./, "") : path);
  const part = (shape: Shape | undefined, path: string): Settable | undefined => {
    if (shape === undefined || shape.readOnly) return undefined;
    return {
      member: (name) => {
        if (shape.kind !== "object") return undefined;
        const at = `${path}.${name}`;
        if (isFilledIn(at)) return undefined;
        const flattened = described.flattensItems ? propertiesOf(shape) : undefined;
        const member =
          ownMember(shape.properties, renames[at] ?? name) ?? ownMember(flattened?.properties ?? {}, name);
        return part(member ?? shape.others, at);
      },
    };
  };
  return {
    member: (name) => {
      if (isFilledIn(name)) return undefined;
      const armName = renames[name] ?? name;
      if (described.container || isEnvelope(name)) return part(ownMember(body.properties, armName), name);
      return inside?.kind === "object" ? part(ownMember(inside.properties, armName), name) : undefined;
    },
  };
}

/** `value` without what programs cannot set; lists as they are. */
export function settablePart(value: unknown, settable: Settable): unknown {
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value).flatMap(([name, member]) => {
    const part = settable.member(name);
    return part === undefined ? [] : [[name, settablePart(member, part)] as const];
  });
  return Object.fromEntries(members);
}

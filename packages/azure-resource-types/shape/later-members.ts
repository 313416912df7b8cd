import type { ObjectShape, Shape } from "./shape";

/** A member that a type has at its descriptor's API version, and that the newest published types do not have yet. */
interface LaterMember {
  readonly type: string;
  /** Names from the body's top. */
  readonly path: readonly string[];
  readonly shape: Shape;
}

const laterMembers: readonly LaterMember[] = [
  {
    // azure-rest-api-specs, Microsoft.Web 2025-05-01, FunctionAppConfig; the published types end with 2025-03-01.
    type: "Microsoft.Web/sites",
    path: ["properties", "functionAppConfig", "siteUpdateStrategy"],
    shape: {
      kind: "object",
      properties: { type: { kind: "string", openEnum: ["Recreate", "RollingUpdate"] } },
    },
  },
];

/** The body with the members that came later. */
export function withLaterMembers(type: string, body: ObjectShape): ObjectShape {
  return laterMembers
    .filter((member) => member.type === type)
    .reduce((shape, { path, shape: member }) => withMember(shape, path, member), body);
}

function withMember(
  around: ObjectShape,
  [name = "", ...rest]: readonly string[],
  member: Shape,
): ObjectShape {
  const next = rest.length === 0 ? member : withMember(around.properties[name] as ObjectShape, rest, member);
  return { ...around, properties: { ...around.properties, [name]: next } };
}

import { type ObjectShape, type ResourceTypeCatalogue, shapeOf } from "../../../azure-resource-types";
import { isJsonObject } from "../../../kit/json-object";
import type { ArmBody, ArmResource } from "../resource";
import type { ResourceId } from "../resource-id";
import { BodyFault } from "./body-fault";
import { bodyError } from "./body-rules";
import { checkShape, type Strictness } from "./check-shape";
import { checkLocation } from "./locations";
import { checkName } from "./names";
import { checkTags } from "./tags";

/** How a body is sent. */
export interface WriteForm {
  /** The API version of the request; without one, that which the descriptor names. */
  readonly apiVersion?: string;
  /** A PATCH: the body has what changes. */
  readonly isPatch?: boolean;
}

/**
 * The one check of everything that is written: name, location, tags, and the body by the published type. A type without a published
 * one is held to what all resources have in common.
 * @param existing the resource as it is stored
 * @returns the body of a PUT, without what is read-only: for a PATCH, what is there with the changes
 * @throws ArmError 400 with Azure's code, naming the property
 */
export function checkResource(
  types: Pick<ResourceTypeCatalogue, "byType">,
  address: Address,
  sent: ArmBody,
  { apiVersion, isPatch = false }: WriteForm = {},
  existing?: ArmResource,
): ArmBody {
  const { type, name } = address;
  const published = shapeOf(type);
  const shape = published?.body ?? ANY_RESOURCE;
  // What is new in another version is not in the shape.
  const isOther =
    apiVersion !== undefined && ![published?.version, types.byType(type)?.apiVersion].includes(apiVersion);
  const strictness: Strictness = isOther ? { unknown: "take", openEnums: true } : {};
  checkName(type, name);
  const changes = checkBody(address, shape, sent, isPatch ? { ...strictness, required: "none" } : strictness);
  const body =
    isPatch && existing !== undefined
      ? checkBody(address, shape, merged(existing, changes), {
          ...PATCHED,
          unknown: isOther ? "take" : "drop",
        })
      : changes;
  checkLocation(type, body.location);
  checkTags(type, body.tags);
  return body;
}

type Address = Pick<ResourceId, "type" | "name">;

/** What is stored has more than a client may send, and less: its write-only values may be elsewhere. */
const PATCHED: Strictness = { openEnums: true, required: "readable" };

function merged({ id: _id, name: _name, type: _type, ...stored }: ArmResource, changes: ArmBody): ArmBody {
  return { ...stored, ...changes, properties: { ...stored.properties, ...changes.properties } };
}

/** What Resource Manager reads of every resource, whatever the type. */
const ANY_RESOURCE: ObjectShape = {
  kind: "object",
  properties: {
    location: { kind: "string" },
    tags: { kind: "object", properties: {}, others: { kind: "any" } },
    kind: { kind: "string" },
    sku: { kind: "object", properties: {}, others: { kind: "any" } },
    identity: { kind: "object", properties: {}, others: { kind: "any" } },
    properties: { kind: "object", properties: {}, others: { kind: "any" } },
  },
  others: { kind: "any" },
};

function checkBody(
  { type, name }: Address,
  shape: ObjectShape,
  body: ArmBody,
  strictness: Strictness,
): ArmBody {
  // `sites/config` differ by their name, which is not in the body.
  const whole = shape.variants?.key === "name" ? { name, ...body } : { ...body };
  try {
    // Resource Manager reads `properties` as an object before a provider does, also if they are read-only.
    if (!isJsonObject(body.properties ?? {}))
      throw new BodyFault("kind", "properties", "an object is expected");
    const { name: _, ...checked } = checkShape(shape, whole, strictness);
    return checked;
  } catch (error) {
    if (error instanceof BodyFault) throw bodyError(type, error);
    throw error;
  }
}

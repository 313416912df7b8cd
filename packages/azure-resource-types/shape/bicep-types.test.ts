import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { shapeOf, typesWithShape } from "..";
import { type BicepType, resourcesOf } from "./bicep-types";
import type { Shape } from "./shape";
import { typeShapeFromJson, typeShapeToJson } from "./shape-json";
import { SHAPES_FOLDER, shapeFile } from "./type-shapes";

const ref = (index: number) => ({ $ref: `#/${index}` });
const property = (index: number, flags = 0) => ({ type: ref(index), flags });
const types: readonly BicepType[] = [
  { $type: "StringType" },
  { $type: "StringType", minLength: 3, maxLength: 24, pattern: "^[a-z]+$" },
  { $type: "StringLiteralType", value: "B" },
  { $type: "StringLiteralType", value: "A" },
  { $type: "UnionType", elements: [ref(2), ref(3)] },
  { $type: "UnionType", elements: [ref(2), ref(3), ref(0)] },
  { $type: "IntegerType", minValue: 1 },
  {
    $type: "ObjectType",
    name: "Things",
    properties: {
      name: property(1, 9),
      id: property(0, 10),
      type: property(0, 10),
      apiVersion: property(0, 10),
      tags: property(8),
      location: property(0, 1),
      properties: property(9),
    },
  },
  { $type: "ObjectType", name: "Tags", properties: {}, additionalProperties: ref(0) },
  {
    $type: "ObjectType",
    name: "ThingProperties",
    properties: {
      secret: property(0, 4),
      state: property(0, 2),
      closed: property(4),
      open: property(5, 1),
      count: property(6),
      step: property(10),
    },
  },
  {
    $type: "DiscriminatedObjectType",
    name: "Step",
    discriminator: "type",
    baseProperties: { name: property(0, 1) },
    elements: { Loop: ref(11), Wait: ref(12) },
  },
  { $type: "ObjectType", name: "Loop", properties: { type: property(2, 1), inner: property(13) } },
  { $type: "ObjectType", name: "Wait", properties: { type: property(3, 1), seconds: property(14) } },
  { $type: "ArrayType", itemType: ref(10), maxLength: 40 },
  { $type: "AnyType" },
  { $type: "ResourceType", name: "Microsoft.Test/things@2024-01-01", body: ref(7) },
];

describe("published types", () => {
  const expected = {
    type: "Microsoft.Test/things",
    version: "2024-01-01",
    name: { is: "string", minLength: 3, maxLength: 24, pattern: "^[a-z]+$" },
    body: {
      is: "object",
      properties: {
        location: "string required",
        properties: {
          is: "object",
          properties: {
            closed: { is: "string", enum: ["A", "B"] },
            count: { is: "number", min: 1 },
            open: { is: "string required", openEnum: ["A", "B"] },
            secret: "string writeOnly",
            state: "any readOnly",
            step: {
              is: "object",
              name: "Step",
              properties: { name: "string required" },
              variants: {
                key: "type",
                of: {
                  Loop: {
                    is: "object",
                    properties: { inner: { is: "array", items: "Step itself", maxLength: 40 } },
                  },
                  Wait: { is: "object", properties: { seconds: "any" } },
                },
              },
            },
          },
        },
        tags: { is: "object", others: "string" },
      },
    },
  };

  it("become shapes, without descriptions and what the path gives", () => {
    const [shape, ...others] = resourcesOf(types, (type) => (type === expected.type ? "new" : undefined));
    assert.ok(shape);
    assert.deepEqual(others, []);
    assert.deepEqual(typeShapeToJson(shape), expected);
    assert.deepEqual(
      resourcesOf(types, () => undefined),
      [],
    );
  });

  it("keep a variant as `any` that is checked in so", () => {
    const [first] = resourcesOf(types, () => "new");
    assert.ok(first);
    const { properties } = first.body.properties;
    assert.ok(properties?.kind === "object" && properties.properties.step?.kind === "object");
    const { step } = properties.properties;
    const variants = { key: "type", of: { ...step.variants?.of, Wait: { kind: "any" as const } } };
    const known = {
      ...first,
      body: {
        ...first.body,
        properties: {
          ...first.body.properties,
          properties: {
            ...properties,
            properties: { ...properties.properties, step: { ...step, variants } },
          },
        },
      },
    };
    assert.deepEqual(
      resourcesOf(types, () => known),
      [known],
    );
  });

  it("that are checked in are as they are written", () => {
    for (const type of typesWithShape()) {
      const text = JSON.parse(readFileSync(join(SHAPES_FOLDER, shapeFile(type)), "utf8"));
      assert.deepEqual(typeShapeToJson(typeShapeFromJson(text)), text, type);
    }
  });

  it("have the members of the API version that is sent, beyond those of the published one", () => {
    const inside = (shape: Shape | undefined, name: string) =>
      shape?.kind === "object" ? shape.properties[name] : undefined;
    const config = inside(inside(shapeOf("Microsoft.Web/sites")?.body, "properties"), "functionAppConfig");
    const strategy = inside(inside(config, "siteUpdateStrategy"), "type");
    assert.deepEqual(strategy, { kind: "string", openEnum: ["Recreate", "RollingUpdate"] });
    assert.ok(inside(config, "scaleAndConcurrency"));
  });
});

import assert from "node:assert/strict";
import { catalogueOf, type ResourceTypeDescriptor } from "../../azure-resource-types";
import { requireEveryTypeServed, requireServed, servedTypes, type TypeOwner } from "./served-types";

const described = (name: string, runs: ResourceTypeDescriptor["runs"]): ResourceTypeDescriptor => ({
  type: `Microsoft.Test/${name}`,
  apiVersion: "2024-01-01",
  tokens: {},
  runs,
});
const types = catalogueOf([
  described("engines", "service"),
  described("labels", "passive"),
  described("plans", "nowhere"),
]);
const service = (name: string, ...registered: string[]): TypeOwner => ({
  name,
  resourceTypes: registered.map((type) => ({ type: `Microsoft.Test/${type}` })),
});
const planeOf = (...services: TypeOwner[]) => {
  const served = servedTypes(types, services);
  return { types, serves: (type: string) => served.has(type.toLowerCase()) };
};

describe("types that services register", () => {
  it("are those that are described as run, each by one service", () => {
    const plane = planeOf(service("works", "engines"), service("passive", "labels"));
    requireEveryTypeServed(plane);
    requireServed(plane, "microsoft.test/ENGINES", "/e");
    assert.throws(() => requireServed(plane, "Microsoft.Test/plans", "/p"), { status: 400, code: "QT6001" });
  });

  const mistakes: readonly (readonly [what: string, services: TypeOwner[], message: RegExp])[] = [
    [
      "one that nobody describes",
      [service("works", "wheels")],
      /works registers \S+wheels, .* not described/,
    ],
    [
      "one twice, whatever the case",
      [service("works", "engines"), service("others", "ENGINES")],
      /ENGINES is registered by works and by others/,
    ],
    ["a passive one by a service", [service("works", "labels")], /works registers \S+labels, .* as passive/],
    ["one of a service as passive", [service("passive", "engines")], /passive registers \S+ .* as service/],
    ["one that runs nowhere", [service("works", "plans")], /works registers \S+plans, .* as nowhere/],
  ];
  for (const [what, services, message] of mistakes) {
    it(`are refused: ${what}`, () => assert.throws(() => planeOf(...services), message));
  }

  it("are refused if one that is described is missing: every one is named", () => {
    assert.throws(
      () => requireEveryTypeServed(planeOf()),
      /engines, .* as service; .*labels, .* as passive\./,
    );
  });
});

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

describe("the types that services register", () => {
  it("are accepted if each described one has one service", () => {
    const plane = planeOf(service("works", "engines"), service("passive", "labels"));
    requireEveryTypeServed(plane);
    requireServed(plane, "microsoft.test/ENGINES", "/e");
    assert.throws(() => requireServed(plane, "Microsoft.Test/plans", "/p"), { status: 400, code: "QT6001" });
  });

  const mistakes: readonly (readonly [what: string, services: TypeOwner[], message: RegExp])[] = [
    [
      "one without a description",
      [service("works", "wheels")],
      /works registers \S+wheels, .* not described/,
    ],
    [
      "the same one twice, in another case",
      [service("works", "engines"), service("others", "ENGINES")],
      /ENGINES is registered by works and by others/,
    ],
    ["a passive one, by a service", [service("works", "labels")], /works registers \S+labels, .* as passive/],
    ["a service's type, as passive", [service("passive", "engines")], /passive registers \S+ .* as service/],
    ["one that runs nowhere", [service("works", "plans")], /works registers \S+plans, .* as nowhere/],
  ];
  for (const [what, services, message] of mistakes) {
    it(`are refused: ${what}`, () => assert.throws(() => planeOf(...services), message));
  }

  it("are refused if a described one is missing; the error names every missing one", () => {
    assert.throws(
      () => requireEveryTypeServed(planeOf()),
      /engines, .* as service; .*labels, .* as passive\./,
    );
  });
});

import assert from "node:assert/strict";
import { ArmError } from "../arm-error";
import { type AssignedPolicy, assignedPolicies } from "./assigned-policy";
import { policyCondition } from "./condition";
import { govern } from "./govern";
import type { PolicyFile } from "./policy-schema";
import type { PolicyTarget } from "./policy-target";

const server: PolicyTarget = {
  id: "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Sql/servers/one",
  type: "Microsoft.Sql/servers",
  name: "one",
  location: "westeurope",
  tags: { Team: "data" },
  identity: { type: "SystemAssigned" },
  sku: { name: "S0" },
  properties: {
    publicNetworkAccess: "Enabled",
    minimalTlsVersion: "1.2",
    privateEndpointConnections: [{ id: "10.0.0.1" }, { id: "0.0.0.0" }],
  },
  resourceGroup: {
    id: "/subscriptions/s/resourceGroups/rg",
    name: "rg",
    location: "westeurope",
    tags: { costCentre: "42" },
  },
};

const holds = (rule: unknown, target = server, parameters: Record<string, unknown> = {}) =>
  policyCondition(rule, new Map(Object.entries(parameters)))(target);

const alias = (path: string) => `Microsoft.Sql/servers/${path}`;

type Rule = PolicyFile["policyDefinitions"][number]["policyRule"];

/** A rule in Azure's form. */
function rule(condition: unknown, effect: string, details?: unknown): Rule {
  // biome-ignore lint/suspicious/noThenProperty: Azure's name
  return { if: condition, then: { effect, details } };
}

/** One definition in force, with what its rule says. */
function policies(
  policyRule: Rule,
  more: Partial<PolicyFile["policyAssignments"][number]> & { mode?: string } = {},
): AssignedPolicy[] {
  const { mode = "All", ...assignment } = more;
  return assignedPolicies({
    policyDefinitions: [{ name: "rule", displayName: "The rule", mode, parameters: {}, policyRule }],
    policySetDefinitions: [],
    policyAssignments: [
      { name: "lz", policyDefinitionId: "rule", parameters: {}, enforcementMode: "Default", ...assignment },
    ],
  });
}

describe("a policy's condition", () => {
  const cases: [name: string, rule: unknown, expected: boolean][] = [
    ["equals ignores case", { field: "type", equals: "microsoft.sql/SERVERS" }, true],
    ["an alias is a path below properties", { field: alias("publicNetworkAccess"), equals: "Enabled" }, true],
    [
      "an alias can be a member of the envelope",
      { field: alias("identity.type"), equals: "SystemAssigned" },
      true,
    ],
    ["an absent field is not equal to anything", { field: alias("federatedClientId"), equals: "x" }, false],
    ["an absent field fulfils notEquals", { field: alias("federatedClientId"), notEquals: "Disabled" }, true],
    [
      "an alias of a child type is absent",
      { field: alias("firewallRules/startIpAddress"), exists: true },
      false,
    ],
    [
      "an alias can be of one kind of a type",
      { field: "Microsoft.Web/sites/config/minTlsVersion", equals: "1.2" },
      false,
    ],
    ["in", { field: "location", in: ["northeurope", "WestEurope"] }, true],
    ["notIn", { field: "location", notIn: ["northeurope", "westeurope"] }, false],
    ["like", { field: "name", like: "o*" }, true],
    ["notLike", { field: "name", notLike: "o*" }, false],
    ["match counts characters", { field: "name", match: "???" }, true],
    ["match tells digits from letters", { field: "name", match: "##?" }, false],
    ["contains", { field: "id", contains: "/RG/" }, true],
    ["containsKey", { field: "tags", containsKey: "team" }, true],
    ["less compares within a type", { value: 1, less: 2 }, true],
    ["less is false between types", { value: "1", less: 2 }, false],
    ["exists takes text", { field: "tags['Team']", exists: "false" }, false],
    ["a tag by a dot", { field: "tags.team", equals: "data" }, true],
    [
      "an array alias holds for each element",
      { field: alias("privateEndpointConnections[*].id"), notEquals: "0.0.0.0" },
      false,
    ],
    [
      "allOf",
      {
        allOf: [
          { field: "name", equals: "one" },
          { field: "name", equals: "two" },
        ],
      },
      false,
    ],
    [
      "anyOf",
      {
        anyOf: [
          { field: "name", equals: "one" },
          { field: "name", equals: "two" },
        ],
      },
      true,
    ],
    ["not", { not: { field: "name", equals: "two" } }, true],
    ["a value from the group", { value: "[resourceGroup().tags['costCentre']]", equals: "42" }, true],
    ["a tag that the group lacks is empty", { value: "[resourceGroup().tags['other']]", equals: "" }, true],
    ["fullName is the names of the path", { field: "fullName", equals: "one" }, true],
    ["an operator ignores case", { field: "name", NOTEQUALS: "one" }, false],
    [
      "a value that the group lacks is empty",
      { field: "name", equals: "[resourceGroup().tags.other]" },
      false,
    ],
    ["an expression in a list", { field: "location", in: ["[resourceGroup().location]"] }, true],
    ["an object is equal to nothing", { field: "tags", equals: "[[object Object]" }, false],
    ["concat and field", { value: "[concat(field('name'), '-x')]", equals: "one-x" }, true],
  ];
  for (const [name, rule, expected] of cases) it(name, () => assert.equal(holds(rule), expected));

  it("two brackets begin a text", () => {
    assert.equal(holds({ field: "name", equals: "[[x]" }, { ...server, name: "[x]" }), true);
  });

  it("takes parameters, also for the name of a field", () => {
    const tagged = { field: "[concat('tags[', parameters('tagName'), ']')]", exists: "true" };
    assert.equal(holds(tagged, server, { tagname: "Team" }), true);
    assert.equal(holds(tagged, server, { tagname: "costCentre" }), false);
  });
});

describe("govern", () => {
  const open = { field: alias("publicNetworkAccess"), notEquals: "Disabled" };

  it("refuses with the assignment's name and id", () => {
    const denied = policies(rule(open, "deny"), { displayName: "Landing zone" });
    assert.throws(
      () => govern(denied, server, true),
      (error: unknown) => {
        assert.ok(error instanceof ArmError);
        assert.equal(error.status, 403);
        const { code, message, target, additionalInfo } = error.body.error;
        assert.equal(code, "RequestDisallowedByPolicy");
        assert.equal(target, "one");
        assert.match(
          message,
          /"name":"Landing zone","id":"\/subscriptions\/s\/providers\/Microsoft.Authorization\/policyAssignments\/lz"/,
        );
        assert.ok(String(JSON.stringify(additionalInfo)).includes('"policyAssignmentName":"lz"'));
        return true;
      },
    );
  });

  it("lets pass what no rule refuses", () => {
    const denied = policies(rule(open, "deny"));
    const closed = { ...server, properties: { publicNetworkAccess: "Disabled" } };
    assert.deepEqual(govern(denied, closed, true), closed);
  });

  it("changes the request before rules refuse it", () => {
    const details = {
      operations: [{ operation: "addOrReplace", field: alias("publicNetworkAccess"), value: "Disabled" }],
    };
    const both = [...policies(rule(open, "deny")), ...policies(rule(open, "modify", details))];
    assert.equal(govern(both, server, true).properties.publicNetworkAccess, "Disabled");
  });

  const tagged = (operation: string) =>
    policies(
      rule({ field: "type", like: "*" }, "modify", {
        operations: [{ operation, field: "tags['team']", value: "other" }],
      }),
    );

  it("add leaves a tag that is there, addOrReplace replaces it, remove takes it away", () => {
    assert.deepEqual(govern(tagged("add"), server, true).tags, { Team: "data" });
    assert.deepEqual(govern(tagged("addOrReplace"), server, true).tags, { team: "other" });
    assert.deepEqual(govern(tagged("remove"), server, true).tags, {});
  });

  it("append adds a field", () => {
    const append = policies(
      rule({ field: "type", like: "*" }, "append", [
        { field: "tags.new", value: "[resourceGroup().tags['costCentre']]" },
      ]),
    );
    assert.deepEqual(govern(append, server, true).tags, { Team: "data", new: "42" });
  });

  it("append refuses another value than its own", () => {
    const append = policies(
      rule({ field: "type", like: "*" }, "append", [{ field: "tags.team", value: "other" }]),
    );
    assert.throws(() => govern(append, server, true), { code: "RequestDisallowedByPolicy" });
    const same = { ...server, tags: { team: "other" } };
    assert.equal(govern(append, same, true), same);
  });

  it("changes a property by its alias, in the type's spelling, and of that type alone", () => {
    const details = {
      operations: [
        { operation: "addOrReplace", field: "microsoft.sql/SERVERS/PublicNetworkAccess", value: "Disabled" },
      ],
    };
    const closing = policies(rule({ field: "type", like: "*" }, "modify", details));
    assert.equal(govern(closing, server, true).properties.publicNetworkAccess, "Disabled");
    const vault = { ...server, type: "Microsoft.KeyVault/vaults" };
    assert.equal(govern(closing, vault, true), vault);
  });

  it("an indexed policy passes over types without a location", () => {
    const indexed = policies(rule(open, "deny"), { mode: "Indexed" });
    assert.equal(govern(indexed, server, false), server);
    assert.throws(() => govern(indexed, server, true), ArmError);
  });

  it("keeps to the scope of an assignment, whatever the subscription", () => {
    const deny = rule(open, "deny");
    const elsewhere = { scope: "/subscriptions/x/resourceGroups/other" };
    assert.equal(govern(policies(deny, elsewhere), server, true), server);
    const here = { scope: "/subscriptions/x/resourceGroups/RG" };
    assert.throws(() => govern(policies(deny, here), server, true), ArmError);
    const excepted = { notScopes: ["/subscriptions/x/resourceGroups/rg"] };
    assert.equal(govern(policies(deny, excepted), server, true), server);
  });

  for (const [what, more, effect] of [
    ["an assignment that does not enforce", { enforcementMode: "DoNotEnforce" }, "deny"],
    ["an audit", {}, "Audit"],
  ] as const)
    it(`${what} refuses nothing`, () =>
      assert.equal(govern(policies(rule(open, effect), more), server, true), server));

  it("a set passes its parameters on", () => {
    const inSet = assignedPolicies({
      policyDefinitions: [
        {
          name: "locations",
          displayName: null,
          mode: "Indexed",
          parameters: { allowed: {}, effect: { defaultValue: "Audit" } },
          policyRule: rule({ field: "location", notIn: "[parameters('allowed')]" }, "[parameters('effect')]"),
        },
      ],
      policySetDefinitions: [
        {
          name: "set",
          parameters: { regions: { defaultValue: ["westeurope"] } },
          policyDefinitions: [
            {
              policyDefinitionId: "/providers/Microsoft.Authorization/policyDefinitions/locations",
              parameters: { allowed: { value: "[parameters('regions')]" }, effect: { value: "Deny" } },
            },
          ],
        },
      ],
      policyAssignments: [
        { name: "lz", policyDefinitionId: "set", parameters: {}, enforcementMode: "Default" },
      ],
    });
    assert.equal(govern(inSet, server, true), server);
    assert.throws(() => govern(inSet, { ...server, location: "eastus" }, true), /policySetDefinition/);
  });

  it("names a definition that the file does not have", () => {
    assert.throws(
      () => policies(rule(open, "deny"), { policyDefinitionId: "/x/policyDefinitions/missing" }),
      /az policy definition show --name missing/,
    );
  });
});

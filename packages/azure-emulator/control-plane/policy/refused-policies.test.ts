import assert from "node:assert/strict";
import fc from "fast-check";
import { ArmError } from "../arm-error";
import { assignedPolicies } from "./assigned-policy";
import { govern } from "./govern";
import { policyFileSchema } from "./policy-schema";
import type { PolicyTarget } from "./policy-target";
import { UnsupportedPolicy } from "./unsupported-policy";

const SERVER = "Microsoft.Sql/servers";
const always = { field: "type", like: "*" };

interface Parts {
  readonly if?: unknown;
  readonly effect?: unknown;
  readonly details?: unknown;
  readonly parameters?: unknown;
  readonly given?: unknown;
  readonly mode?: string;
}

/** A file with one assigned definition, of which a test says what matters. */
function load({ effect = "deny", details, parameters, given, mode, ...rest }: Parts) {
  // biome-ignore lint/suspicious/noThenProperty: Azure's name
  const policyRule = { if: rest.if ?? always, then: { effect, details } };
  return assignedPolicies(
    policyFileSchema.parse({
      policyDefinitions: [{ name: "def", mode, parameters, policyRule }],
      policyAssignments: [{ name: "lz", policyDefinitionId: "def", parameters: given }],
    }),
  );
}

const modify = (operation: unknown): Parts => ({ effect: "modify", details: { operations: [operation] } });
const value = (text: unknown): Parts => ({ if: { value: text, equals: "x" } });
const field = (name: unknown): Parts => ({ if: { field: name, equals: "x" } });

describe("a policy file is refused for", () => {
  const cases: [what: string, parts: Parts, message: RegExp][] = [
    [
      "a parameter without a value",
      { parameters: { tagName: { type: "String" } } },
      /assignment lz: policy definition def: parameters: the parameter 'tagName' has no value; write "parameters": \{"tagName": \{"value": …\}\} where/,
    ],
    [
      "a parameter that is not declared",
      value("[parameters('none')]"),
      /if\.value: the parameter 'none' is not declared/,
    ],
    [
      "a value of no parameter",
      { given: { none: { value: 1 } } },
      /'none' is given a value, but not declared/,
    ],
    [
      "a parameter of another type",
      { parameters: { regions: { type: "Array" } }, given: { regions: { value: "westeurope" } } },
      /'regions' must be of the type Array/,
    ],
    [
      "a type of parameter that is none",
      { parameters: { a: { type: "Text", defaultValue: "" } } },
      /type Text/,
    ],
    [
      "a value that is not allowed",
      { parameters: { a: { defaultValue: "c", allowedValues: ["a", "b"] } } },
      /'a' must be one of "a", "b"/,
    ],
    [
      "a parameter whose name depends on the resource",
      value("[parameters(field('name'))]"),
      /does not depend/,
    ],
    [
      "a member that a parameter lacks",
      { ...value("[parameters('a').b]"), parameters: { a: { defaultValue: {} } } },
      /'b', which is not there/,
    ],
    [
      "count",
      { if: { count: { field: `${SERVER}/x[*]` }, greater: 0 } },
      /policyRule\.if: the condition `count`/,
    ],
    [
      "count in another condition",
      { if: { not: { anyOf: [always, { count: {}, less: 1 }] } } },
      /if\.not\.anyOf\[1\]: the condition `count`/,
    ],
    ["an unknown operator", { if: { field: "name", sounds: "like" } }, /the operator sounds is not known/],
    ["a negation that Azure lacks", { if: { field: "name", notExists: true } }, /the operator notExists/],
    ["two operators", { if: { field: "name", equals: "a", like: "b" } }, /one operator/],
    ["a condition beside allOf", { if: { allOf: [], field: "name", equals: "a" } }, /stand alone/],
    ["allOf without a list", { if: { allOf: {} } }, /if\.allOf: a list/],
    ["a rule without a condition", { if: 1 }, /if: a condition must be an object/],
    ["an unknown function", value("[utcNow()]"), /the function utcNow\(\) is not evaluated here/],
    ["a function without its value", value("[field()]"), /field\(\) does not take 0 values/],
    ["a function with too many values", value("[toLower('a', 'b')]"), /does not take 2 values/],
    [
      "a field whose name depends on the resource",
      field("[field('name')]"),
      /if\.field: .*depends on the resource/,
    ],
    ["an unknown field", field("sku"), /the field sku is not known/],
    ["an unknown field in an expression", value("[field('colour')]"), /the field colour is not known/],
    ["a field that is no text", field(["name"]), /must be a text/],
    [
      "an unknown alias",
      field(`${SERVER}/publicNetworkAcess`),
      /publicNetworkAcess is not known: .*has no such property/,
    ],
    [
      "an alias of a part that is not there",
      field("Microsoft.KeyVault/vaults/networkAcls.colour"),
      /is not known/,
    ],
    ["a member that a group lacks", value("[resourceGroup().colour]"), /only id, name, location, tags/],
    [
      "an expression that ends too early",
      value("[concat('a']"),
      /an expression has '\]'|ends too early|makes no sense/,
    ],
    ["an expression with a stray sign", value("[concat('a' § 'b')]"), /cannot be read from character/],
    ["an expression that goes on", value("[field('name') field('name')]"), /makes no sense/],
    ["in without a list", { if: { field: "location", in: "westeurope" } }, /if\.in: a list is expected/],
    [
      "equals with a list",
      { if: { field: "name", equals: [] } },
      /if\.equals: a text, a number or a Boolean/,
    ],
    ["like with two wildcards", { if: { field: "name", like: "*a*" } }, /at most one/],
    ["exists with another word", { if: { field: "name", exists: "yes" } }, /true or false/],
    ["less with a list", { if: { field: "name", less: [] } }, /a text or a number/],
    ["match with a number", { if: { field: "name", match: 1 } }, /a text is expected/],
    ["an effect that is not evaluated", { effect: "denyAction" }, /then\.effect: the effect denyaction/],
    ["an effect that depends on the resource", { effect: "[field('name')]" }, /depends on the resource/],
    ["a mode that is not evaluated", { mode: "Microsoft.KeyVault.Data" }, /mode: Microsoft.KeyVault.Data/],
    ["modify without operations", { effect: "modify", details: {} }, /details\.operations: a list of fields/],
    ["modify without details", { effect: "modify" }, /details: an object/],
    ["append without a list", { effect: "append", details: {} }, /then\.details: a list of fields/],
    ["a field to change that is no object", modify("tags.a"), /operations\[0\]: an object/],
    [
      "an unknown operation",
      modify({ operation: "set", field: "tags.a", value: "b" }),
      /operations\[0\]\.operation: add, addOrReplace/,
    ],
    [
      "a nested field to change",
      modify({ operation: "add", field: "Microsoft.KeyVault/vaults/networkAcls.bypass", value: "None" }),
      /operations\[0\]\.field: the emulator cannot change the field Microsoft.KeyVault\/vaults\/networkAcls.bypass; write a tag/,
    ],
    [
      "an element to append",
      { effect: "append", details: [{ field: "Microsoft.Web/sites/hostNames[*]", value: "a" }] },
      /cannot change the field/,
    ],
    [
      "a member of the envelope to change",
      modify({ operation: "add", field: "location", value: "a" }),
      /cannot change the field location/,
    ],
    [
      "a read-only property to change",
      modify({ operation: "add", field: `${SERVER}/state`, value: "a" }),
      /cannot be changed/,
    ],
    [
      "a property of the envelope to change",
      modify({ operation: "add", field: "Microsoft.Storage/storageAccounts/sku", value: "a" }),
      /cannot be changed/,
    ],
    [
      "an unknown alias to change",
      modify({ operation: "add", field: `${SERVER}/colour`, value: "a" }),
      /colour is not known/,
    ],
    [
      "a property to remove",
      modify({ operation: "remove", field: `${SERVER}/publicNetworkAccess` }),
      /only tags can be removed/,
    ],
    [
      "a change without a value",
      modify({ operation: "add", field: "tags.a" }),
      /operations\[0\]\.value: the value is missing/,
    ],
    [
      "a tag's value that is no text",
      modify({ operation: "add", field: "tags.a", value: 1 }),
      /1 is no value of tags\['a'\]: a string/,
    ],
    [
      "a value that the property does not take",
      modify({ operation: "add", field: `${SERVER}/publicNetworkAccess`, value: true }),
      /true is no value of publicNetworkAccess/,
    ],
    [
      "an unknown function in a value to write",
      modify({ operation: "add", field: "tags.a", value: "[utcNow()]" }),
      /value: the function utcNow/,
    ],
    [
      "a condition of a change that is neither",
      modify({ operation: "add", field: "tags.a", value: "b", condition: "maybe" }),
      /condition: true or false/,
    ],
  ];
  for (const [what, parts, message] of cases)
    it(what, () =>
      assert.throws(
        () => load(parts),
        (error: unknown) => {
          assert.ok(error instanceof UnsupportedPolicy, String(error));
          assert.match(error.message, message);
          return true;
        },
      ),
    );
});

describe("a policy file that loads", () => {
  /** Names and values that something could stumble over. */
  const names = fc.constantFrom(
    "name",
    "tags",
    "tags.a",
    "tags['toString']",
    "fullName",
    `${SERVER}/publicNetworkAccess`,
    `${SERVER}/administrators`,
    `${SERVER}/privateEndpointConnections[*].a.b`,
    `${SERVER}/colour`,
    "Microsoft.None/none/some[*].a[*]",
    "sku",
    "",
    1,
  );
  const json = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom<unknown>({ toString: 1 }, [{ valueOf: null }], [[["x"]]], ""),
  );
  const expressions = fc.constantFrom(
    "[field('tags')]",
    "[resourceGroup()]",
    "[resourceGroup().tags]",
    "[resourceGroup().tags[field('name')]]",
    "[concat(field('tags'), '*(', field('name'))]",
    "[toLower(field('tags'))]",
    "[parameters('given')]",
    "[parameters('absent')]",
    "[parameters('given').a]",
    "[concat(field('id'))]",
    "[concat()]",
    "[field(1)]",
    "[[",
    "[]",
  );
  const values = fc.oneof({ weight: 3, arbitrary: expressions }, json);
  const operators = fc.constantFrom(
    "equals",
    "notEquals",
    "in",
    "notIn",
    "like",
    "match",
    "matchInsensitively",
    "contains",
    "notContains",
    "containsKey",
    "less",
    "greaterOrEquals",
    "exists",
    "count",
    "is",
  );
  const simple = fc
    .oneof(fc.record({ field: names }), fc.record({ value: values }))
    .chain((subject) =>
      fc.tuple(operators, values).map(([operator, wanted]) => ({ ...subject, [operator]: wanted })),
    );
  const { rule } = fc.letrec<{ rule: unknown }>((tie) => ({
    rule: fc.oneof(
      { maxDepth: 3, depthSize: "small" },
      simple,
      fc.array(tie("rule"), { maxLength: 2 }).map((allOf) => ({ allOf })),
      fc.array(tie("rule"), { maxLength: 2 }).map((anyOf) => ({ anyOf })),
      tie("rule").map((not) => ({ not })),
    ),
  }));
  const change = fc.record(
    {
      operation: fc.constantFrom("add", "addOrReplace", "remove", "set"),
      field: names,
      value: values,
      condition: values,
    },
    { requiredKeys: ["operation", "field", "value"] },
  );
  const parts = fc
    .record({
      if: rule,
      effect: fc.constantFrom("deny", "modify", "append", "audit"),
      changes: fc.array(change, { minLength: 1, maxLength: 2 }),
      parameter: json,
    })
    .map(
      ({ changes, parameter, effect, ...rest }): Parts => ({
        ...rest,
        effect,
        details: effect === "modify" ? { operations: changes } : changes,
        parameters: { given: { defaultValue: parameter } },
      }),
    );
  const target: fc.Arbitrary<PolicyTarget> = fc
    .record({
      type: fc.constantFrom(SERVER, "Microsoft.None/none"),
      name: fc.string(),
      tags: fc.dictionary(fc.string(), json as fc.Arbitrary<string>),
      properties: fc.dictionary(
        fc.constantFrom(
          "publicNetworkAccess",
          "administrators",
          "privateEndpointConnections",
          "some",
          "toString",
        ),
        json,
      ),
      resourceGroup: fc.record({
        id: fc.string(),
        name: fc.string(),
        location: fc.string(),
        tags: fc.dictionary(fc.string(), fc.string()),
      }),
    })
    .map((made) => ({
      ...made,
      id: `/subscriptions/s/resourceGroups/rg/providers/${made.type}/${made.name}`,
    }));

  it("changes, passes or refuses each request, and never fails", function () {
    this.timeout(60_000);
    let loaded = 0;
    fc.assert(
      fc.property(parts, target, (file, resource) => {
        let policies: ReturnType<typeof load>;
        try {
          policies = load(file);
        } catch (error) {
          assert.ok(error instanceof UnsupportedPolicy, String(error));
          return;
        }
        if (policies.length > 0) loaded += 1;
        try {
          govern(policies, resource, true);
        } catch (error) {
          assert.ok(error instanceof ArmError && error.status === 403, String(error));
        }
      }),
      { numRuns: 1000 },
    );
    assert.ok(loaded > 40, `only ${loaded} files loaded`);
  });
});

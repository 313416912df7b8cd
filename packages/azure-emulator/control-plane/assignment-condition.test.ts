import assert from "node:assert/strict";
import { readCondition } from "./assignment-condition";

const WRITE = "Microsoft.Authorization/roleAssignments/write";
const role = (guid: string) => ({ roleDefinitionId: `/subscriptions/s/providers/x/roleDefinitions/${guid}` });
const attribute = "@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId]";

describe("a condition of a role assignment", () => {
  it("compares the request's attributes: any of them, none of them, in any case", () => {
    const any = readCondition(`${attribute} ForAnyOfAnyValues:GuidEquals {AA, bb}`);
    assert.deepEqual(
      ["aa", "BB", "cc"].map((guid) => any(WRITE, { request: role(guid) })),
      [true, true, false],
    );
    const none = readCondition(`${attribute} ForAnyOfAllValues:GuidNotEquals {aa, bb}`);
    assert.deepEqual(
      ["aa", "cc"].map((guid) => none(WRITE, { request: role(guid) })),
      [false, true],
    );
    const kind = readCondition(
      "@Resource[Microsoft.Authorization/roleAssignments:PrincipalType] StringEqualsIgnoreCase 'serviceprincipal'",
    );
    assert.ok(kind(WRITE, { resource: { principalType: "ServicePrincipal" } }));
    assert.ok(!kind(WRITE, { request: { principalType: "ServicePrincipal" } }));
  });

  it("joins by AND before OR, with negation and parentheses", () => {
    const write = `ActionMatches{'${WRITE}'}`;
    const other = "ActionMatches{'Microsoft.Other/*'}";
    const of = (text: string) => readCondition(text)(WRITE, {});
    assert.ok(of(`(!(${other})) AND ${write}`));
    assert.ok(of(`${write} OR ${write} AND ${other}`));
    assert.ok(!of(`(${write} OR ${write}) AND ${other}`));
    assert.ok(!of(`!${write} || NOT ${write} && ${write}`));
  });

  it("is refused if it has what is not evaluated, naming the place", () => {
    const refused = (text: string, place: RegExp) =>
      assert.throws(
        () => readCondition(text),
        (error: Error) => {
          assert.match(String(Reflect.get(error, "code")), /QT6170/);
          assert.match(error.message, place);
          return true;
        },
      );
    refused("@Principal[Microsoft.Directory/CustomSecurityAttributes/Id:x] StringEquals 'y'", /@Principal/);
    refused(`ActionMatches{'${WRITE}'} XOR`, /XOR/);
    refused(`(ActionMatches{'${WRITE}'}`, /ActionMatches/);
    refused("", /condition/);
  });
});

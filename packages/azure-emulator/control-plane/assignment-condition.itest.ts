import assert from "node:assert/strict";
import { ARM_AUDIENCE } from "./identity";
import { addApplication, type SignedIn } from "./testing/applications";
import { startTestEmulator, type TestEmulator } from "./testing/test-emulator";

const OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
const READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
const DELEGATE = "f58310d9-a9f6-439a-9e8d-f62e7b41a168";
/** "Constrain roles" of Microsoft's examples. */
const readerOnly = ["write", "delete"]
  .map((verb) => {
    const source = verb === "write" ? "Request" : "Resource";
    return `((!(ActionMatches{'Microsoft.Authorization/roleAssignments/${verb}'})) OR (@${source}[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${READER}}))`;
  })
  .join(" AND ");

describe("a role assignment with a condition", () => {
  let emulator: TestEmulator;
  let delegate: SignedIn;
  before(async () => {
    emulator = await startTestEmulator(undefined, undefined, [], { roleDelay: { refusals: 0 } });
    delegate = await addApplication(emulator.context, "delegate");
  });
  after(() => emulator.stop());

  const assign = (role: string, principal: SignedIn, token?: string, more: object = {}) => {
    const id = `${emulator.group}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`;
    const properties = { principalId: principal.objectId, roleDefinitionId: `/x/${role}`, ...more };
    return emulator.arm("PUT", id, { properties }, token);
  };

  it("lets a delegate assign and take away only the roles that the condition names", async () => {
    const { context, arm } = emulator;
    const given = await assign(DELEGATE, delegate, undefined, {
      condition: readerOnly,
      conditionVersion: "2.0",
    });
    assert.equal(given.status, 201, given.text);
    const token = context.tokens.issue(delegate, ARM_AUDIENCE).token;
    const someone = await addApplication(context, "someone");
    const owner = await assign(OWNER, someone, token);
    assert.deepEqual([owner.status, owner.json.error.code], [403, "AuthorizationFailed"]);
    const reader = await assign(READER, someone, token);
    assert.equal(reader.status, 201, reader.text);
    const theOwners = await assign(OWNER, someone);
    assert.equal((await arm("DELETE", theOwners.json.id, undefined, token)).status, 403);
    assert.equal((await arm("DELETE", reader.json.id, undefined, token)).status, 200);
    // What the condition does not speak of is granted.
    assert.equal((await arm("GET", theOwners.json.id, undefined, token)).status, 200);
  });

  it("is refused if its condition cannot be evaluated", async () => {
    const refused = await assign(READER, delegate, undefined, { condition: "@Environment[isPrivateLink]" });
    assert.equal(refused.status, 400);
    assert.match(refused.text, /QT6170/);
  });
});

import assert from "node:assert/strict";
import * as managedidentity from "@pulumi/azure-native/managedidentity";
import * as resources from "@pulumi/azure-native/resources";
import { dryRun } from "../local/fleet/dry-run";
import { steady } from "./steady";

type Read = (name: string) => Promise<string>;

const readAgain: Read = async (resourceName) =>
  (await managedidentity.getUserAssignedIdentity({ resourceGroupName: "rg", resourceName })).clientId;

/** A tagged identity, and a group whose tag holds the identity's client id. */
function program(tag: string, read: Read, location = "westeurope") {
  return async () => {
    const place = { resourceGroupName: "rg", resourceName: "id", location, tags: { tag } };
    const identity = new managedidentity.UserAssignedIdentity("identity", place);
    const clientId = steady(identity.clientId, identity, ({ name }) => read(name));
    new resources.ResourceGroup("group", { resourceGroupName: "g", location, tags: { clientId } });
    return {};
  };
}

async function changesOf(
  before: () => Promise<Readonly<Record<string, unknown>>>,
  after: () => Promise<Readonly<Record<string, unknown>>>,
): Promise<string[]> {
  const changes = await dryRun("dev", { config: {}, program: before }, { config: {}, program: after });
  assert.deepEqual(changes.problems, []);
  return changes.steps.map(({ op, name }) => `${op} ${name}`);
}

describe("steady", () => {
  it("keeps in a preview what Azure filled in, so that nothing else shows as changed", async () => {
    assert.deepEqual(await changesOf(program("a", readAgain), program("b", readAgain)), ["update identity"]);
  });

  it("is asked only if the preview has forgotten it", async () => {
    const never: Read = () => assert.fail("read");
    assert.deepEqual(await changesOf(program("a", never), program("a", never)), []);
  });

  it("leaves it unknown if Azure cannot be read", async () => {
    const fails: Read = () => Promise.reject(new Error("AuthorizationFailed"));
    assert.deepEqual(await changesOf(program("a", fails), program("b", fails)), [
      "update identity",
      "update group",
    ]);
  });

  it("leaves it unknown if the resource will be replaced", async () => {
    const never: Read = () => assert.fail("read");
    const shown = await changesOf(program("a", never), program("a", never, "northeurope"));
    assert.deepEqual(shown, ["replace identity", "replace group"]);
  });
});

import assert from "node:assert/strict";
import * as managedidentity from "@pulumi/azure-native/managedidentity";
import * as resources from "@pulumi/azure-native/resources";
import * as random from "@pulumi/random";
import { KNOWN_LATER } from "../commands/fleet/summary/json-value";
import { dryRun } from "../local/fleet/dry-run";
import { deployTenant } from "./program";
import { nameOf, steady } from "./steady";
import { picturedTenants } from "./testing/pictured-tenants";

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

  it("reports a right that is missing for it", async () => {
    const { warn } = console;
    const printed: string[] = [];
    console.warn = (line: string) => void printed.push(line);
    const scope = "/subscriptions/s/resourceGroups/rg";
    const action = "Microsoft.ManagedIdentity/userAssignedIdentities/read";
    const fails: Read = () =>
      Promise.reject(
        new Error(
          `AuthorizationFailed: The client 'preview' with object id 'o-1' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid.`,
        ),
      );
    try {
      await changesOf(program("a", fails), program("b", fails));
    } finally {
      console.warn = warn;
    }
    assert.match(
      printed.join("\n"),
      /More shows as changed[\s\S]*QT1300: preview \(o-1\) lacks[\s\S]*infra\/roles\/preview\.json/,
    );
  });

  it("leaves it unknown if the resource will be replaced", async () => {
    const never: Read = () => assert.fail("read");
    const shown = await changesOf(program("a", never), program("a", never, "northeurope"));
    assert.deepEqual(shown, ["replace identity", "replace group"]);
  });
});

describe("a resource's name", () => {
  /** A group whose tag names an identity, which is there or not yet. */
  const tagged = (isThere: boolean) => async () => {
    const place = { resourceGroupName: "rg", resourceName: "id", location: "westeurope" };
    const name = isThere ? nameOf(new managedidentity.UserAssignedIdentity("identity", place), "id") : "id";
    new resources.ResourceGroup("group", {
      resourceGroupName: "g",
      location: "westeurope",
      tags: { name },
    });
    return {};
  };

  it("is known before the resource exists, so that nothing that names it shows as changed", async () => {
    assert.deepEqual(await changesOf(tagged(false), tagged(true)), ["create identity"]);
  });

  it("is known in the program wherever a resource stands below another one", async () => {
    const [tenant] = picturedTenants;
    assert.ok(tenant !== undefined);
    const config = Object.fromEntries(Object.entries(tenant.config).map(([key, value]) => [key, { value }]));
    // All other names follow from it.
    const suffix = async () => {
      new random.RandomString("suffix", {
        length: 6,
        upper: false,
        special: false,
        keepers: { salt: "" },
      });
      return {};
    };
    const program = { config, program: deployTenant };
    const { steps, problems } = await dryRun(tenant.stack, { config, program: suffix }, program);
    assert.deepEqual(problems, []);
    const names = steps.flatMap(({ name, changes }) =>
      changes
        .filter(({ path }) =>
          /^(resourceGroup|automationAccount|factory|account|server|vault)Name$/.test(path),
        )
        .map(({ path, after }) => ({ name, path, after })),
    );
    assert.ok(names.length > 50, String(names.length));
    assert.deepEqual(
      names.filter(({ after }) => after === `"${KNOWN_LATER}"` || after === KNOWN_LATER),
      [],
    );
  });
});

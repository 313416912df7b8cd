import assert from "node:assert/strict";
import { matchesAction } from "../../azure-resource-types";
import { allows, createAccessControl } from "./access-control";
import { builtInRoles } from "./built-in-roles";
import type { Principal } from "./identity";
import type { ArmResource, ResourceStore } from "./resource";

const GROUP = "/subscriptions/s/resourceGroups/rg";
const FACTORY = `${GROUP}/providers/Microsoft.DataFactory/factories/f`;
const someone: Principal = {
  objectId: "p1",
  clientId: "c1",
  displayName: "runbook",
  kind: "ManagedIdentity",
};
const deployer: Principal = {
  objectId: "d1",
  clientId: "c2",
  displayName: "deployer",
  kind: "ServicePrincipal",
};

function accessWith(...resources: ArmResource[]) {
  const store: ResourceStore = {
    get: (id) => resources.find((resource) => resource.id === id),
    list: ({ type } = {}) => resources.filter((resource) => type === undefined || resource.type === type),
    set: async () => {},
    remove: async () => {},
    subscribe: () => () => {},
  };
  return createAccessControl({ resources: store, subscriptionId: "s", deployerObjectId: "d1" });
}

function assignment(scope: string, roleId: string, principalId = "p1"): ArmResource {
  return {
    id: `${scope}/providers/Microsoft.Authorization/roleAssignments/a-${roleId}`,
    type: "Microsoft.Authorization/roleAssignments",
    name: `a-${roleId}`,
    properties: { principalId, roleDefinitionId: `/subscriptions/s/providers/x/roleDefinitions/${roleId}` },
  };
}

function customRole(id: string, permissions: object): ArmResource {
  return {
    id: `${GROUP}/providers/Microsoft.Authorization/roleDefinitions/${id}`,
    type: "Microsoft.Authorization/roleDefinitions",
    name: id,
    properties: { roleName: id, permissions: [permissions] },
  };
}

describe("access control", () => {
  const run = "Microsoft.DataFactory/factories/pipelines/createrun/action";

  it("matches wildcards across slashes, ignores case, and takes every other character literally", () => {
    assert.ok(matchesAction("*", run));
    assert.ok(matchesAction("Microsoft.DataFactory/factories/*", run));
    assert.ok(matchesAction("microsoft.datafactory/*/CREATERUN/action", run));
    assert.ok(!matchesAction("Microsoft.DataFactory/factories", run));
    assert.ok(!matchesAction("MicrosoftxDataFactory/*", run));
  });

  it("reports each right that is needed, granted or not, until nobody listens", () => {
    const access = accessWith();
    const needed: string[] = [];
    const end = access.observe(({ principal, action, scope, kind }) =>
      needed.push([principal.objectId, action, scope, kind].join(" ")),
    );
    access.require(deployer, run, FACTORY);
    assert.throws(() => access.require(someone, "read", FACTORY, "dataAction"));
    end();
    access.require(deployer, run, FACTORY);
    assert.deepEqual(needed, [`d1 ${run} ${FACTORY} action`, `p1 read ${FACTORY} dataAction`]);
  });

  it("grants at the scope of the assignment and below, not above it or beside it", () => {
    const contributor = "673868aa-7521-48a0-acc6-0f60742d39f5";
    const access = accessWith(assignment(FACTORY, contributor));
    access.require(someone, run, FACTORY);
    access.require(someone, run, `${FACTORY}/pipelines/p`);
    assert.throws(() => access.require(someone, run, GROUP), { code: "AuthorizationFailed" });
    assert.throws(() => access.require(someone, run, `${FACTORY}2`), { code: "AuthorizationFailed" });
    assert.throws(() => access.require({ ...someone, objectId: "p2" }, run, FACTORY), { status: 403 });
  });

  it("names principal, action and scope in the refusal", () => {
    assert.throws(
      () => accessWith().require(someone, run, FACTORY),
      (error: Error) => {
        return ["runbook", "p1", run, FACTORY].every((part) => error.message.includes(part));
      },
    );
  });

  it("applies a custom role's notActions", () => {
    const role = customRole("r1", {
      actions: ["Microsoft.DataFactory/factories/*"],
      notActions: ["*/delete"],
    });
    const access = accessWith(role, assignment(GROUP, "r1"));
    access.require(someone, run, FACTORY);
    assert.throws(() => access.require(someone, "Microsoft.DataFactory/factories/delete", FACTORY));
  });

  it("makes the deployer Owner of the subscription, without data actions", () => {
    const access = accessWith();
    access.require(deployer, run, FACTORY);
    const read = "Microsoft.KeyVault/vaults/secrets/getSecret/action";
    assert.throws(() => access.require(deployer, read, GROUP, "dataAction"), { status: 403 });
    assert.throws(() => access.require(deployer, run, "/subscriptions/other"), { status: 403 });
  });

  it("does not let a contributor assign roles", () => {
    const contributor = builtInRoles.find(({ roleName }) => roleName === "Contributor");
    assert.ok(contributor);
    assert.ok(allows(contributor, "Microsoft.Web/sites/write", "action"));
    assert.ok(!allows(contributor, "Microsoft.Authorization/roleAssignments/write", "action"));
  });
});

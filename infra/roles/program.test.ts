import assert from "node:assert/strict";
import { runWithMocks } from "../testing/mock-cloud";
import { deployRoles } from "./program";
import { readRole, roleNames } from "./role-files";

const STARTER = "00000000-0000-0000-0000-00000000aaaa";

async function resourcesOf(config: Readonly<Record<string, string>>) {
  const run = await runWithMocks(deployRoles, config, [], { stack: "central" });
  return run.registrations
    .filter(({ request }) => request.getCustom())
    .map(({ request }) => ({
      type: request.getType().split(":").at(-1),
      name: request.getName(),
      inputs: request.getObject()?.toJavaScript() as Record<string, unknown>,
    }));
}

describe("the program of the roles", () => {
  it("makes each role as its file has it, at the subscription", async () => {
    const roles = await resourcesOf({});
    assert.deepEqual(roles.map(({ name }) => name).sort(), [...roleNames].sort());
    for (const name of roleNames) {
      const inputs = roles.find((role) => role.name === name)?.inputs ?? {};
      const { Name, Actions } = readRole(name);
      assert.equal(inputs.roleName, Name);
      assert.match(String(inputs.scope), /^\/subscriptions\/[^/]+$/);
      assert.deepEqual(inputs.assignableScopes, [inputs.scope]);
      const [permission] = inputs.permissions as [{ actions: string[] }];
      assert.deepEqual(permission.actions, Actions);
    }
  });

  it("gives them to whom the settings name, at their scope", async () => {
    const scope = "/subscriptions/s/resourceGroups/g";
    const holders = JSON.stringify({ drift: ["one", "two"], migration: ["one"] });
    const found = await resourcesOf({
      "quantemplate-roles:scope": scope,
      "quantemplate-roles:holders": holders,
    });
    const assigned = found.filter(({ type }) => type === "RoleAssignment");
    assert.deepEqual(assigned.map(({ name }) => name).sort(), ["drift-one", "drift-two", "migration-one"]);
    for (const { inputs } of assigned) assert.deepEqual([inputs.scope, inputs.condition], [scope, undefined]);
  });

  it("keeps the role assigner to the program's roles, if the one that starts pipelines is known", async () => {
    const found = await resourcesOf({
      "quantemplate-roles:pipelineStarterRole": STARTER,
      "quantemplate-roles:holders": JSON.stringify({ "role-assigner": ["one"], deployer: ["one"] }),
    });
    const conditionOf = (name: string) => found.find((one) => one.name === name)?.inputs.condition;
    assert.match(
      String(conditionOf("role-assigner-one")),
      new RegExp(`write'}.*@Request.*${STARTER}}.* AND .*delete'}.*@Resource.*${STARTER}}`),
    );
    assert.equal(conditionOf("deployer-one"), undefined);
  });

  it("refuses a role that there is not", () =>
    assert.rejects(
      resourcesOf({ "quantemplate-roles:holders": JSON.stringify({ owner: ["one"] }) }),
      /names owner; the roles are deployer, role-assigner/,
    ));
});

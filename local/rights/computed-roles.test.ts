import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type RoleName, readRole, roleNames } from "../../infra/roles/role-files";
import { matchesAction } from "../../packages/azure-resource-types";
import { projectRoot } from "../places";
import { deployedTypes, providerRights, unseenByDrift } from "./computed-roles";

/** The actions that none of the roles grants. */
function lacking(actions: readonly string[], ...names: readonly RoleName[]): string[] {
  const granted = names.flatMap((name) => readRole(name).Actions);
  return actions.filter((action) => !granted.some((pattern) => matchesAction(pattern, action)));
}

// After a change of what the program deploys: npm run golden:roles.
describe("the roles of infra/roles", () => {
  it("grant what azure-native needs for each type that the program deploys", () => {
    assert.ok(deployedTypes().length > 25);
    const all = providerRights("read", "write", "delete");
    assert.deepEqual(lacking(all, "deployer", "role-assigner", "role-author"), []);
    assert.deepEqual(lacking(providerRights("read"), "drift"), []);
  });

  it("leave roles to those who assign and make them", () => {
    const others: readonly RoleName[] = ["deployer", "preview", "drift", "migration"];
    for (const name of others) {
      const writes = readRole(name).Actions.filter(
        (action) => /^Microsoft\.Authorization\//i.test(action) && !/\/read$/.test(action),
      );
      assert.deepEqual(writes, [], name);
    }
  });

  it("let drift and preview read only, and no secret", () => {
    for (const name of ["drift", "preview"] as const) {
      const { Actions, DataActions } = readRole(name);
      const more = Actions.filter((action) => !action.endsWith("/read"));
      // Settings have no GET; the app's hold no secret, because it signs in with its identity.
      assert.deepEqual(more, name === "drift" ? ["Microsoft.Web/sites/config/list/action"] : [], name);
      assert.deepEqual(DataActions, []);
    }
    assert.equal(lacking(Object.keys(unseenByDrift), "deployer").length, 0);
  });

  it("are definitions that Azure takes: no wildcard but of polls, and one placeholder of a scope", () => {
    const files = readdirSync(join(projectRoot, "infra/roles")).filter((file) => file.endsWith(".json"));
    assert.deepEqual(files.sort(), roleNames.map((name) => `${name}.json`).sort());
    for (const name of roleNames) {
      const role = readRole(name);
      for (const action of [...role.Actions, ...role.DataActions])
        assert.match(action, /^Microsoft\.\w+(\/\w+)+$|^Microsoft\.\w+\/locations\/\*\/read$/);
      assert.deepEqual(role.AssignableScopes, ["/subscriptions/00000000-0000-0000-0000-000000000000"]);
      assert.ok(role.Name.length <= 128 && role.Description.length <= 1024);
    }
  });
});

import assert from "node:assert/strict";
import { explainRefusals } from "../infra/roles/missing-right";
import type { RoleName } from "../infra/roles/role-files";
import { missingIn } from "./support/missing-in";
import { failureOf, type LifeWithRoles, refusedDuring, startLifeWithRoles } from "./support/tenant-roles";

/** A sample of what test/rights.ltest.ts does with every action. */
describe("A tenant's life with the roles of infra/roles, and none of them an Owner's", () => {
  let life: LifeWithRoles;
  before(async () => {
    life = await startLifeWithRoles();
  });
  after(() => life?.close());

  /** Takes an action out of a role of the deployer: the run fails at a resource that needs it, and names action, principal and the role's file. */
  async function failsAt(resource: RegExp, role: RoleName, action: string, verb: "up" | "destroy" = "up") {
    const { engines, tenant, people, without } = life;
    const failure = await without(role, action, () =>
      failureOf((options) => engines.deployer[verb](tenant.made, options)),
    );
    assert.ok(failure !== undefined, `${verb} does without ${action}`);
    assert.deepEqual(missingIn(failure.message), [action.toLowerCase()], failure.message);
    assert.match(failure.message, new RegExp(`object id '${people.deployer.objectId}'`));
    if (verb === "up") assert.match(failure.resources.join(" "), resource);
    const said = [failure.message, ...explainRefusals(failure.message)].join("\n");
    assert.match(said, new RegExp(`QT1300: tenant-deployer .* ${action} [^]*infra/roles/${role}\\.json`));
  }

  it("a preview of a new tenant needs no right", async () => {
    const { engines, tenant } = life;
    const refused = await refusedDuring(life, "preview", async () => {
      const { creates } = await engines.preview.preview(tenant.made);
      assert.ok(creates > 60, String(creates));
    });
    assert.deepEqual(refused, []);
  });

  it("up without one right fails at the resource that needs it", async () => {
    await failsAt(/^group$/, "deployer", "Microsoft.Resources/subscriptions/resourceGroups/write");
    await failsAt(/^sql$/, "deployer", "Microsoft.Sql/servers/write");
    await failsAt(
      /-blobs|-telemetry|-secret|-webhook|-pipelines/,
      "role-assigner",
      "Microsoft.Authorization/roleAssignments/write",
    );
  });

  it("a step without one right says so, with the role that has it", () =>
    failsAt(/^function-app-code$/, "deployer", "Microsoft.Web/sites/publish/Action"));

  it("up with the roles as they are succeeds, and a second preview is empty", async () => {
    const { engines, tenant } = life;
    await engines.deployer.up(tenant.made);
    const { creates, updates, replaces, deletes } = await engines.preview.preview(tenant.made);
    assert.deepEqual([creates, updates, replaces, deletes], [0, 0, 0, 0]);
  });

  it("a preview of a change goes on without a read, and reports it", async () => {
    const { engines, tenant, without } = life;
    const { warn } = console;
    const warnings: string[] = [];
    // Without a CLI the SDK prints what a program reports.
    console.warn = (line: string) => void warnings.push(line);
    try {
      const action = "Microsoft.Sql/servers/read";
      await without("preview", action, () => engines.preview.preview(tenant.changed));
      assert.match(
        warnings.join("\n"),
        new RegExp(`More shows as changed[^]*QT1300: tenant-preview .* ${action}`),
      );
    } finally {
      console.warn = warn;
    }
  });

  it("drift sees everything but what its role must not see, and fails without a read", async () => {
    const { engines, tenant, without } = life;
    const refused = await refusedDuring(life, "drift", () => engines.drift.refreshPreview(tenant.made));
    assert.deepEqual([...new Set(refused)].sort(), [
      "Microsoft.Web/sites/functions/listkeys/action",
      "Microsoft.Web/sites/publish/Action",
    ]);
    const action = "Microsoft.Web/sites/config/list/action";
    const failure = await without("drift", action, () =>
      failureOf((options) => engines.drift.refreshPreview(tenant.made, options)),
    );
    assert.deepEqual(missingIn(failure?.message ?? ""), [action.toLowerCase()]);
  });

  it("the migration runs with its four rights, and not with three", async () => {
    await life.migrate();
    await life.without("migration", "Microsoft.Sql/servers/firewallRules/write", () =>
      assert.rejects(life.migrate(), /QT1208|firewallRules\/write/),
    );
  });

  it("destroy without one right leaves the rest, and goes on with it", async () => {
    const { engines, tenant, azure } = life;
    await failsAt(/^/, "deployer", "Microsoft.KeyVault/vaults/delete", "destroy");
    assert.equal(azure.context.resources.list({ type: "Microsoft.KeyVault/vaults" }).length, 1);
    await engines.deployer.destroy(tenant.made);
    assert.deepEqual(azure.context.resources.list({ type: "Microsoft.Resources/resourceGroups" }), []);
  });
});

import assert from "node:assert/strict";
import { explainRefusals } from "../infra/roles/missing-right";
import { type RoleName, readRole } from "../infra/roles/role-files";
import { computeRoles, providerRights } from "../local/rights/computed-roles";
import { recordRights } from "../local/rights/recorded-rights";
import type { Engine, RunOptions } from "../packages/azure-emulator/engine";
import { azureResourceTypes, matchesAction } from "../packages/azure-resource-types";
import {
  failureOf,
  type LifeWithRoles,
  missingIn,
  refusedDuring,
  rolesOf,
  startLifeWithRoles,
} from "./support/tenant-roles";

/** A pattern of a role that an identity has. */
interface Grant {
  readonly role: RoleName;
  readonly pattern: string;
}

const deployerGrants: readonly Grant[] = rolesOf.deployer.flatMap((role) =>
  readRole(role).Actions.map((pattern) => ({ role, pattern })),
);

/** Polls for which Azure may ask, and which the emulator ends at once, so that nobody asks. */
const unasked = new Set(azureResourceTypes.types.flatMap(({ polls = [] }) => polls));

/** What only a refresh needs: azure-native goes on if it cannot read what it has just written. */
const laterOnly: ReadonlySet<string> = new Set(["Microsoft.Web/sites/config/read"]);

/** Every so-many-th action is taken away; QT_RIGHTS=1 takes each. */
const EVERY = Number(process.env.QT_RIGHTS ?? 8);
const some = <T>(all: readonly T[]): T[] => all.filter((_, index) => index % EVERY === 0);

/** One tenant lives for all of it: a run that fails continues where the one before failed. */
describe("Each action of the roles of infra/roles, taken away", function () {
  // The deployments are one after the other.
  this.timeout(3_600_000);
  let life: LifeWithRoles;
  /** What the deployer asked for, in order, by what it did. */
  const asked: Record<string, readonly string[]> = {};
  before(async () => {
    life = await startLifeWithRoles();
  });
  after(() => life?.close());

  async function asDeployer(name: string, work: (engine: Engine) => Promise<unknown>) {
    const order: string[] = [];
    const { people, azure, engines } = life;
    const end = azure.context.access.observe(({ principal, action }) => {
      if (principal.objectId === people.deployer.objectId) order.push(action);
    });
    await work(engines.deployer);
    end();
    asked[name] = order;
  }

  /** The grants that a part of the life needs, in the order in which it asks for them. */
  function grantsOf(part: string): Grant[] {
    const order = asked[part] ?? [];
    const at = ({ pattern }: Grant) => order.findIndex((action) => matchesAction(pattern, action));
    return deployerGrants.filter((grant) => at(grant) >= 0).sort((a, b) => at(a) - at(b));
  }

  /** Runs without a grant. @returns false if the run needs it no longer */
  async function failsWithout({ role, pattern }: Grant, run: (options: RunOptions) => Promise<unknown>) {
    const failure = await life.without(role, pattern, () => failureOf(run));
    if (failure === undefined) return false;
    const { message } = failure;
    const missing = missingIn(message);
    assert.ok(missing.length === 1 && matchesAction(pattern, missing[0] ?? ""), `${pattern}: ${message}`);
    assert.match(message, new RegExp(`object id '${life.people.deployer.objectId}'`));
    const said = [message, ...explainRefusals(message)].join("\n");
    assert.match(said, new RegExp(`QT1300: tenant-deployer [^]*infra/roles/${role}\\.json`), pattern);
    return true;
  }

  /**
   * Takes away each grant, in the order of their use, so that each run fails a little later than the one before. What was in flight beside a
   * failure is done, and needs its rights no longer.
   * @param again brings the tenant back to before the run, for the grants that were not needed
   */
  async function allFail(
    grants: readonly Grant[],
    run: (options: RunOptions) => Promise<unknown>,
    again: () => Promise<unknown>,
  ) {
    let left = grants;
    for (let pass = 0; left.length > 0; pass++) {
      assert.ok(pass < 6, `never refused: ${left.map(({ pattern }) => pattern).join(", ")}`);
      const unneeded: Grant[] = [];
      for (const grant of left) if (!(await failsWithout(grant, run))) unneeded.push(grant);
      left = unneeded;
      if (left.length > 0) await again();
    }
  }

  it("lets each identity do all of its work as long as nothing is taken away", async () => {
    const { engines, tenant, migrate, tamper } = life;
    await engines.preview.preview(tenant.made);
    await asDeployer("up", (engine) => engine.up(tenant.made));
    await engines.preview.preview(tenant.changed);
    await engines.drift.refreshPreview(tenant.made);
    await migrate();
    await tamper();
    await asDeployer("refresh", (engine) => engine.up(tenant.changed, { refresh: true }));
    await engines.preview.preview(tenant.enclosed);
    await asDeployer("enclose", (engine) => engine.up(tenant.enclosed));
    await engines.drift.refreshPreview(tenant.enclosed);
    await asDeployer("destroy", (engine) => engine.destroy(tenant.enclosed));
  });

  it("is asked for in the tenant's life, but for polls of what the emulator ends at once", () => {
    const all = Object.values(asked).flat();
    const idle = deployerGrants.filter(
      ({ pattern }) => !all.some((action) => matchesAction(pattern, action)),
    );
    for (const { pattern } of idle)
      assert.ok(
        [...unasked].some((action) => matchesAction(pattern, action)),
        pattern,
      );
  });

  it("up fails at the first resource that needs it", async () => {
    const { engines, tenant } = life;
    const { deployer } = engines;
    const grants = grantsOf("up").filter(({ pattern }) => !laterOnly.has(pattern));
    assert.ok(grants.length > 60, String(grants.length));
    await allFail(
      some(grants),
      (options) => deployer.up(tenant.made, options),
      () => deployer.destroy(tenant.made),
    );
    for (const pattern of laterOnly) await life.without("deployer", pattern, () => deployer.up(tenant.made));
    await deployer.up(tenant.made);
  });

  it("drift fails at the resource, or says that it cannot see the step", async () => {
    const { engines, tenant, without } = life;
    const provider = providerRights("read").map((action) => action.toLowerCase());
    const { Actions } = readRole("drift");
    for (const action of some(Actions)) {
      const refused = await refusedDuring(life, "drift", async () => {
        const failure = await without("drift", action, () =>
          failureOf((options) => engines.drift.refreshPreview(tenant.made, options)),
        );
        if (provider.includes(action.toLowerCase()))
          assert.deepEqual(missingIn(failure?.message ?? ""), [action.toLowerCase()], action);
        else assert.equal(failure, undefined, action);
      });
      assert.ok(
        refused.some((one) => matchesAction(action, one)),
        action,
      );
    }
  });

  it("a preview reports it, and shows as much as changed or more", async () => {
    const { engines, tenant, without } = life;
    const whole = await engines.preview.preview(tenant.changed);
    for (const action of some(readRole("preview").Actions)) {
      const warnings: string[] = [];
      // Without a CLI the SDK prints what a program reports.
      const less = await warned(
        (line) => warnings.push(line),
        () => without("preview", action, () => engines.preview.preview(tenant.changed)),
      );
      assert.ok(less.same <= whole.same, action);
      assert.ok(
        warnings.some((text) => text.includes("More shows as changed") && text.includes(action)),
        `${action}: ${warnings.join("\n")}`,
      );
    }
  });

  it("the migration fails, or says that it cannot see", async () => {
    for (const action of readRole("migration").Actions) {
      const refused = await refusedDuring(life, "migration", () =>
        life.without("migration", action, () =>
          life.migrate().catch((error: Error) => assert.match(error.message, new RegExp(action))),
        ),
      );
      assert.ok(refused.includes(action), action);
    }
  });

  it("up with a refresh fails at what it puts back", async () => {
    const { engines, tenant, tamper } = life;
    const [before, after] = [grantsOf("up"), grantsOf("destroy")];
    const only = grantsOf("refresh").filter(
      ({ pattern }) =>
        laterOnly.has(pattern) || ![...before, ...after].some((grant) => grant.pattern === pattern),
    );
    await tamper();
    const unseen: string[] = [];
    for (const grant of only) {
      const refused = await refusedDuring(life, "deployer", async () => {
        const failed = await failsWithout(grant, (options) =>
          grant.pattern.endsWith("/write")
            ? engines.deployer.up(tenant.changed, { ...options, refresh: true })
            : engines.deployer.refreshPreview(tenant.made, options),
        );
        if (!failed) unseen.push(grant.pattern);
      });
      assert.ok(
        refused.some((one) => matchesAction(grant.pattern, one)),
        grant.pattern,
      );
    }
    // Of the steps, a refresh says that it cannot see them.
    assert.deepEqual(unseen.sort(), [
      "Microsoft.Automation/automationAccounts/runbooks/content/read",
      "Microsoft.Web/sites/functions/listkeys/action",
    ]);
    await engines.deployer.up(tenant.changed, { refresh: true });
  });

  it("up fails at what a private network needs", async () => {
    const { engines, tenant } = life;
    const known = new Set(["up", "refresh"].flatMap(grantsOf).map(({ pattern }) => pattern));
    const grants = grantsOf("enclose").filter(({ pattern }) => !known.has(pattern));
    assert.ok(grants.length > 10, String(grants.length));
    await allFail(
      some(grants),
      (options) => engines.deployer.up(tenant.enclosed, options),
      async () => {
        await engines.deployer.destroy(tenant.enclosed);
        await engines.deployer.up(tenant.changed);
      },
    );
    await engines.deployer.up(tenant.enclosed);
  });

  it("destroy fails at the first resource that needs it, and continues there", async () => {
    const { engines, tenant, azure } = life;
    const grants = grantsOf("destroy");
    assert.ok(grants.length > 25, String(grants.length));
    await allFail(
      some(grants),
      (options) => engines.deployer.destroy(tenant.enclosed, options),
      async () => {
        await engines.deployer.destroy(tenant.enclosed);
        await engines.deployer.up(tenant.changed);
        await engines.deployer.up(tenant.enclosed);
      },
    );
    await engines.deployer.destroy(tenant.enclosed);
    assert.deepEqual(azure.context.resources.list({ type: "Microsoft.Resources/resourceGroups" }), []);
  });
});

/** What a run warns of. */
async function warned<T>(onLine: (line: string) => void, run: () => Promise<T>): Promise<T> {
  const { warn } = console;
  console.warn = onLine;
  try {
    return await run();
  } finally {
    console.warn = warn;
  }
}

describe("The files of infra/roles", () => {
  it("are what a tenant's life calls now (npm run golden:roles)", async () => {
    const life = await startLifeWithRoles();
    try {
      const roles = computeRoles(await recordRights(life));
      for (const [name, role] of Object.entries(roles)) assert.deepEqual(readRole(name as RoleName), role);
    } finally {
      await life.close();
    }
  });
});

import assert from "node:assert/strict";
import { explainRefusals } from "../infra/roles/missing-right";
import { type RoleName, readRole } from "../infra/roles/role-files";
import { computeRoles, existingReads, neighbourReads, providerRights } from "../local/rights/computed-roles";
import { recordRights } from "../local/rights/recorded-rights";
import type { Identity } from "../local/rights/tenant-life";
import { callerEnvironment } from "../packages/azure-emulator/control-plane/network/caller-environment";
import type { RunResult, StackRequest } from "../packages/azure-emulator/engine";
import { azureResourceTypes, matchesAction, rightsOf } from "../packages/azure-resource-types";
import { needsPulumi } from "../packages/kit/testing/skip";
import { missingIn } from "./support/missing-in";
import { makePlatform } from "./support/platform";
import { makeNetwork, runnersOf } from "./support/platform-network";
import { type LifeWithRoles, refusedDuring, rolesOf, startLifeWithRoles } from "./support/tenant-roles";
import { grantsOf, type Refusal, type Withheld } from "./support/withheld-rights";

/** Polls for which Azure may ask, and which the emulator ends at once, so that nobody asks. */
const polls = azureResourceTypes.types.flatMap(({ polls = [] }) => polls);

/** The deployer's actions without which nothing fails: a refresh then says that it cannot see the step. */
const onlySeen = [
  "Microsoft.Automation/automationAccounts/runbooks/content/read",
  "Microsoft.Web/sites/functions/listkeys/action",
];

/** The reads that only a tenant needs that brings something. */
const broughtOnly = [...existingReads(), ...neighbourReads()].filter(
  (action) => !providerRights("read").includes(action),
);

/** One tenant lives once for all of it: what fails for want of an action is repeated with it. */
describe("Each action of the roles of infra/roles, taken away", function () {
  // The deployments are one after the other.
  this.timeout(900_000);
  let life: LifeWithRoles;
  /** The deployer's actions without which something failed. */
  const needed = new Set<string>();
  /** The actions without which drift fails, and those without which a step says that it cannot see. */
  const [seen, unseen] = [new Set<string>(), new Set<string>()];
  before(async () => {
    life = await startLifeWithRoles();
  });
  after(() => life?.close());

  /** Runs without each action until something fails for want of it, and checks what failed. */
  async function withheld(identity: Identity, run: () => Promise<unknown>): Promise<Withheld> {
    const shown = await life.withheld(identity, run);
    for (const refusal of shown.failed) {
      assertAzuresWords(refusal, identity);
      assertRightPlace(refusal);
      if (identity === "deployer") needed.add(refusal.pattern);
    }
    return shown;
  }

  /** It names the action, the principal, and the file that has it. */
  function assertAzuresWords({ role, pattern, message }: Refusal, identity: Identity): void {
    const { displayName, objectId } = life.people[identity];
    assert.ok(
      missingIn(message).length === 1 && matchesAction(pattern, missingIn(message)[0] ?? ""),
      message,
    );
    assert.match(message, new RegExp(`object id '${objectId}'`));
    const said = [message, ...explainRefusals(message)].join("\n");
    assert.match(said, new RegExp(`QT1300: ${displayName} [^]*infra/roles/${role}\\.json`), pattern);
  }

  async function driftOf(shape: "made" | "enclosed"): Promise<void> {
    const { engines, tenant } = life;
    const drift = await withheld("drift", () => engines.drift.refreshPreview(tenant[shape]));
    for (const { pattern } of drift.failed) seen.add(pattern);
    for (const { pattern } of drift.unseen) unseen.add(pattern);
  }

  it("up fails at the resource that needs it, and continues there", async () => {
    const { engines, tenant } = life;
    const { failed } = await withheld("deployer", () => engines.deployer.up(tenant.made));
    assert.ok(failed.length > 60, String(failed.length));
    assert.deepEqual((await engines.preview.preview(tenant.made)).changes, []);
  });

  it("drift fails at the resource, or says that it cannot see the step", () => driftOf("made"));

  it("a preview reports it, and shows as much as changed or more", async () => {
    const { engines, tenant, azure, people } = life;
    const asked = new Set<string>();
    const end = azure.context.access.observe(({ principal, action }) => {
      if (principal.objectId === people.preview.objectId) asked.add(action.toLowerCase());
    });
    const whole = await engines.preview.preview(tenant.changed);
    end();
    const { Actions } = readRole("preview");
    const brought = [...existingReads(), ...neighbourReads()];
    for (const action of Actions)
      assert.ok(asked.has(action.toLowerCase()) || brought.includes(action), action);
    // Each read is one call, and none stops the preview: all may be missing at once.
    const [warnings, less]: [string[], RunResult[]] = [[], []];
    const { failed } = await warned(
      // Without a CLI the SDK prints what a program reports.
      (line) => warnings.push(line),
      () =>
        life.withheld("preview", async () => void less.push(await engines.preview.preview(tenant.changed))),
    );
    assert.deepEqual(failed, []);
    assert.ok(less.length === 1 && (less[0]?.same ?? 0) < whole.same);
    for (const action of Actions.filter((one) => asked.has(one.toLowerCase())))
      assert.ok(
        warnings.some((text) => text.includes("More shows as changed") && text.includes(action)),
        `${action}: ${warnings.join("\n")}`,
      );
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

  it("up with a refresh fails at what it reads and what it puts back", async () => {
    const { engines, tenant, tamper } = life;
    await tamper();
    const { failed, unseen } = await withheld("deployer", () =>
      engines.deployer.up(tenant.changed, { refresh: true }),
    );
    const operations = failed.map(({ operation }) => operation);
    assert.ok(operations.includes("read") && operations.includes("update"));
    const looked = unseen.map(({ pattern }) => pattern);
    for (const pattern of onlySeen) assert.ok(looked.includes(pattern), pattern);
  });

  it("up and drift fail at what a private network needs", async () => {
    const { engines, tenant } = life;
    const { failed } = await withheld("deployer", () => engines.deployer.up(tenant.enclosed));
    assert.ok(failed.some(({ pattern }) => pattern.endsWith("privateEndpointConnectionsApproval/action")));
    await driftOf("enclosed");
    const providerReads = new Set(providerRights("read").map((action) => action.toLowerCase()));
    for (const action of readRole("drift").Actions.filter((one) => !broughtOnly.includes(one))) {
      const isProviders = providerReads.has(action.toLowerCase());
      assert.ok(seen.has(action) || (!isProviders && unseen.has(action)), action);
    }
  });

  it("destroy fails at the first resource that needs it, and continues there", async () => {
    const { engines, tenant, azure } = life;
    const { failed } = await withheld("deployer", () => engines.deployer.destroy(tenant.enclosed));
    assert.ok(failed.length > 25, String(failed.length));
    assert.deepEqual(azure.context.resources.list({ type: "Microsoft.Resources/resourceGroups" }), []);
  });

  it("is needed by one of these, but for polls of what the emulator ends at once and reads of what is brought", () => {
    const idle = grantsOf(rolesOf.deployer)
      .map(({ pattern }) => pattern)
      .filter((pattern) => !needed.has(pattern))
      .filter((pattern) => ![...polls, ...broughtOnly].some((action) => matchesAction(pattern, action)));
    assert.deepEqual(idle, onlySeen);
  });
});

/** The reads of what {@link bringing} brings: of everything but networks that are peered with one of the tenant's own. */
const broughtReads = (): ReadonlySet<string> =>
  new Set(existingReads().filter((action) => action !== "Microsoft.Network/virtualNetworks/read"));

/** What the platform's team has made, and a tenant that uses all of it, deployed from within its network. */
async function bringing(life: LifeWithRoles): Promise<StackRequest> {
  const platform = await makePlatform(life, { administrator: life.administrators });
  const network = await makeNetwork(platform.put, platform.group);
  const existing = { ...platform.existing, ...network };
  return {
    ...life.withSettings({ existing, network: "private" }),
    environment: await callerEnvironment(life.azure.context, {
      kind: "subnet",
      subnetId: runnersOf(network),
    }),
  };
}

describe("A tenant that brings what is there, among it the role that starts pipelines", function () {
  this.timeout(600_000);
  let life: LifeWithRoles;
  let brought: StackRequest;
  before(async () => {
    // Nobody makes a role.
    life = await startLifeWithRoles({ ...rolesOf, deployer: ["deployer", "role-assigner"] });
    brought = await bringing(life);
  });
  after(() => life?.close());

  it("is previewed by who only reads it, and refused without each read", async () => {
    const { engines } = life;
    const shown = await life.withheld("preview", () => engines.preview.preview(brought));
    const checked = shown.failed.map(({ pattern, resource, message }) => {
      assert.match(resource.name, /^existing-/);
      assert.match(message, /QT1261[\s\S]*QT1300: tenant-preview[\s\S]*infra\/roles\/preview\.json/);
      return pattern;
    });
    assert.deepEqual(checked.sort(), [...broughtReads()].sort());
  });

  it("is deployed and destroyed by who makes no role", async () => {
    const { engines, azure } = life;
    const up = await life.withheld("deployer", () => engines.deployer.up(brought));
    const joins = up.failed
      .map(({ pattern }) => pattern)
      .filter((pattern) => pattern.endsWith("join/action"));
    assert.deepEqual(joins.sort(), [
      "Microsoft.Network/privateDnsZones/join/action",
      "Microsoft.Network/virtualNetworks/subnets/join/action",
      "Microsoft.Web/serverfarms/join/action",
    ]);
    assert.deepEqual((await engines.preview.preview(brought)).changes, []);
    await engines.drift.refreshPreview(brought);
    await engines.deployer.destroy(brought);
    assert.deepEqual(azure.context.resources.list({ type: "Microsoft.DataFactory/factories" }), []);
  });
});

describe("Pulumi's engine with the roles of infra/roles", function () {
  this.timeout(900_000);
  let life: LifeWithRoles;
  before(async function () {
    needsPulumi(this);
    life = await startLifeWithRoles(rolesOf, "engine");
  });
  after(() => life?.close());

  it("previews, deploys and compares a tenant that brings what is there, and what its steps observe is granted", async () => {
    const { engines, azure, people } = life;
    assert.equal(engines.preview.kind, "engine");
    const brought = await bringing(life);
    const observed = new Set<string>();
    const end = azure.context.access.observe(({ principal, action }) => {
      if (principal.objectId === people.preview.objectId) observed.add(action.toLowerCase());
    });
    const refused = await refusedDuring(life, "preview", async () => {
      assert.ok((await engines.preview.preview(brought)).creates > 40);
      await engines.deployer.up(brought);
      const config = { ...brought.config, "quantemplate:tags": { value: '{"of":"later"}' } };
      assert.deepEqual((await engines.preview.preview(brought)).changes, []);
      assert.ok((await engines.preview.preview({ ...brought, config })).updates > 0);
    });
    end();
    assert.deepEqual(refused, []);
    const granted = readRole("preview").Actions.map((action) => action.toLowerCase());
    for (const action of broughtReads()) assert.ok(observed.has(action.toLowerCase()), action);
    for (const action of observed) assert.ok(granted.includes(action), action);
  });
});

/** A resource fails by its type's own rights, or for want of one at a resource that its body names; or it is a step. */
function assertRightPlace({ pattern, resource, message }: Refusal): void {
  const described = azureResourceTypes.byToken(resource.type);
  if (described === undefined) {
    assert.match(resource.type, /dynamic/, message);
    return;
  }
  const { read, write, delete: deletes } = rightsOf(described);
  const [, had] = /has permission to perform action '([^']+)' on scope/.exec(message) ?? [];
  const fits = (action: string) => (had === undefined ? matchesAction(pattern, action) : action === had);
  assert.ok([...read, ...write, ...deletes].some(fits), `${resource.type}: ${message}`);
}

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

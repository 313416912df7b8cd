import assert from "node:assert/strict";
import { query } from "../local/commands/emulator-client";
import { documentedSteps } from "./support/documented-steps";
import { keyless, postEvent } from "./support/emulator";
import { MovingTenant, type Settings } from "./support/moving-tenant";
import { makeNetwork, runnersOf } from "./support/platform-network";

const PAGE = "docs/moving.md";

/** By the commands of the page, from the first to the last of each section. */
describe("A tenant that moves, with events and syncs all the time", () => {
  let tenant: MovingTenant;
  beforeEach(async () => {
    tenant = await MovingTenant.start();
    await tenant.connect({}, await tenant.up({}));
  });
  afterEach(() => tenant?.close());

  it("from public to private and back loses nothing and sends nothing twice", async () => {
    const { existing, runners } = await network();
    await tenant.deployFrom(runners);
    const steps = documentedSteps(PAGE, "From public to private", { existing });
    const open: (boolean | undefined)[] = [];
    for (const step of steps) {
      if (step.does !== "deploys") assert.fail(step.does);
      assert.deepEqual(lost(await tenant.moves(step.settings)), [], JSON.stringify(step.settings));
      open.push(isPublic());
      assert.deepEqual((await tenant.preview(step.settings)).changes, []);
    }
    assert.deepEqual(open, [true, false, true, true]);
    await tenant.requireWhole();
    tenant.requireOnce();
  });

  it("from public to private at once and back ends whole, once what was missed is reconciled", async () => {
    const { existing, runners } = await network();
    await tenant.deployFrom(runners);
    for (const settings of [{ existing, network: "private" }, {}]) {
      await tenant.moves(settings);
      await tenant.reconcile();
      await tenant.sync();
      await tenant.requireWhole();
    }
  });

  it("from its own account to a shared one and back loses no event, and sends nothing twice", async () => {
    const { automationAccount = "" } = tenant.platform.existing;
    const values = { "id of the shared account": automationAccount };
    const addresses: string[] = [];
    let settings: Settings = {};
    let result = await tenant.up(settings);
    for (const step of documentedSteps(PAGE, "To a shared Automation account", {}, values)) {
      if (step.does === "reads the address") {
        addresses.push(tenant.environment.automation.webhookUrl);
        // Quantemplate has the former address until now, and gets the new one.
        const connect = () => tenant.connect(settings, result);
        assert.deepEqual((await tenant.meanwhile(connect)).faults, []);
        continue;
      }
      if (step.does !== "deploys") assert.fail(step.does);
      settings = step.settings;
      const done = await tenant.meanwhile(() => tenant.up(settings));
      assert.deepEqual(done.faults, [], JSON.stringify(settings));
      result = done.result;
      assert.deepEqual((await tenant.preview(settings)).changes, []);
    }
    addresses.push(tenant.environment.automation.webhookUrl);
    assert.equal(new Set(addresses).size, 3);
    const answers = await Promise.all(addresses.map((url) => postEvent(url, "{}")));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [404, 404, 202],
    );
    await tenant.requireWhole();
    tenant.requireOnce();
  });

  it("from its own server to a shared one and back takes its data along, and Fivetran reads it once more", async () => {
    const { sqlServer = "" } = tenant.platform.existing;
    const values = { "id of the shared server": sqlServer };
    let settings: Settings = {};
    let result = await tenant.up(settings);
    await tenant.change();
    const epochs = [await epoch()];
    const firstLoad = await oldestLoad();
    for (const step of documentedSteps(PAGE, "To a shared SQL server", {}, values)) {
      if (step.does === "loads everything") {
        await tenant.connect(settings, result);
        await tenant.reconcile();
        await tenant.sync();
        await tenant.requireWhole();
        epochs.push(await epoch());
        tenant.countAgain();
        continue;
      }
      if (step.does !== "deploys") assert.fail(step.does);
      settings = step.settings;
      const done = await tenant.meanwhile(() => tenant.up(settings));
      // The second deployment of a move touches nothing that is in use.
      if (!JSON.stringify(settings).includes('"from"')) {
        assert.deepEqual(done.faults, []);
        tenant.requireOnce();
        assert.equal(await epoch(), epochs.at(-1));
      }
      result = done.result;
      assert.deepEqual((await tenant.preview(settings)).changes, []);
    }
    // Two moves, and the history is that of the first database.
    assert.equal(new Set(epochs).size, 3);
    assert.equal(await oldestLoad(), firstLoad);
    await tenant.requireWhole();
  });

  it("to a server without its data is refused in the preview, and nothing is touched", async () => {
    const { sqlServer } = tenant.platform.existing;
    const settings = { existing: { sqlServer }, protect: true };
    await tenant.up({ protect: true });
    const ids = () => tenant.emulator.azure.context.resources.list().map(({ id }) => id);
    const before = ids();
    await assert.rejects(tenant.preview(settings), /QT1295[\s\S]*move\.database\.generation 2/);
    await assert.rejects(tenant.up(settings), /QT1295/);
    assert.deepEqual(ids(), before);
  });

  const epoch = () => value("select epoch as value from qt.dataset where dataset_id = $1");
  const oldestLoad = () =>
    value(
      'select min(l.run_id) as value from qt."load" l join qt.dataset d on d.dataset_no = l.dataset_no where d.dataset_id = $1 and l.version = 1',
    );
  const value = async (sql: string) => {
    const [row] = await query(tenant.environment, sql, [keyless]);
    return String(row?.value ?? assert.fail(sql));
  };

  /** Without syncs that failed while the app restarted: Fivetran calls again by itself. */
  const lost = (faults: readonly string[]) => faults.filter((fault) => !fault.startsWith("sync:"));

  /** Whether what the tenant has of its own has a public way: true of all, or of none. */
  function isPublic(): boolean | undefined {
    const types = ["Sql/servers", "KeyVault/vaults", "Storage/storageAccounts", "DataFactory/factories"];
    const found = types.map((type) => {
      const all = tenant.emulator.azure.context.resources.list({ type: `Microsoft.${type}` });
      return all.find(({ id }) => !id.startsWith(tenant.platform.group))?.properties.publicNetworkAccess;
    });
    const [one, ...others] = new Set(found);
    return others.length > 0 ? undefined : one === "Enabled";
  }

  /** A network of the platform's, and in it a subnet from which deployments run. */
  async function network() {
    const { put, group } = tenant.platform;
    const existing = await makeNetwork(put, group);
    return { existing, runners: runnersOf(existing) };
  }
});

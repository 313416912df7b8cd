import assert from "node:assert/strict";
import { putDataset, query } from "../local/commands/emulator-client";
import type { Environment } from "../local/environment";
import { sampleSnapshot } from "../local/sample-data";
import { armClient } from "./support/arm-client";
import { datasetUpdated, keyed, keyless, postEvent, type TestEmulator } from "./support/emulator";
import { reconcile } from "./support/reconciliation";
import { type SharedFleet, sharedFleet } from "./support/shared-fleet";

/** More than the ten Automation accounts that a subscription has in a region. QT_TENANTS=50 takes half an hour on a busy machine. */
const TENANTS = Number(process.env.QT_TENANTS ?? 12);
const EVENTS_OF_EACH = Math.ceil(200 / TENANTS);
const ROWS = 20;
const tables = { [keyed]: "premium_bordereau", [keyless]: "claims_notes" } as const;

describe(`${TENANTS} tenants in one subscription and region, with Azure's limits`, () => {
  const names = Array.from({ length: TENANTS }, (_, index) => `tenant-${String(index + 1).padStart(2, "0")}`);
  // The longest name that a tenant may have.
  names[TENANTS - 1] = names[TENANTS - 1]?.padEnd(64, "-long") ?? "";
  let fleet: SharedFleet;
  let environments: Environment[];

  before(async () => {
    fleet = await sharedFleet(names, ({ automationAccount, sqlServer, logAnalyticsWorkspace, keyVault }) => ({
      ...{ automationAccount, sqlServer, logAnalyticsWorkspace, keyVault },
    }));
    assert.deepEqual(await fleet.work("up"), []);
    environments = await Promise.all(names.map((name) => fleet.environment(name)));
  });

  after(() => fleet?.close());

  const list = (type: string) => fleet.emulator.azure.context.resources.list({ type });
  const armOf = (environment: Environment) =>
    armClient({ environment, running: { azure: fleet.emulator.azure } } as TestEmulator);

  it("share one account, and have a runbook, a webhook and variables each", () => {
    assert.equal(list("Microsoft.Automation/automationAccounts").length, 1);
    assert.equal(list("Microsoft.Automation/automationAccounts/runbooks").length, TENANTS);
    assert.equal(list("Microsoft.Automation/automationAccounts/webhooks").length, TENANTS);
    assert.equal(list("Microsoft.Automation/automationAccounts/variables").length, 7 * TENANTS);
    assert.equal(list("Microsoft.Sql/servers/databases").length, TENANTS);
  });

  it(`load what ${TENANTS * EVENTS_OF_EACH} events at once announce, and what is above the quota by the reconciliation`, async () => {
    for (const environment of environments)
      for (const dataset of [keyed, keyless])
        await putDataset(environment, dataset, sampleSnapshot(dataset, ROWS, 0).csv(), false);

    const answers = await Promise.all(
      environments.flatMap(({ automation }) =>
        Array.from({ length: EVENTS_OF_EACH }, (_, index) => {
          const event = JSON.stringify(datasetUpdated(index % 2 === 0 ? keyed : keyless));
          return postEvent(automation.webhookUrl, event).then(({ status }) => status);
        }),
      ),
    );
    assert.equal(answers.length, TENANTS * EVENTS_OF_EACH);
    const refused = answers.filter((status) => status !== 202);
    // The quota of an enterprise's account is 50 jobs at once.
    assert.ok(answers.length - refused.length >= 50, answers.join());
    assert.deepEqual(
      [...new Set(refused)].filter((status) => status !== 400),
      [],
    );

    for (const environment of environments) await untilIdle(environment);
    let reconciled = 0;
    for (const environment of environments) {
      if ((await rowsOf(environment)).every((rows) => rows === ROWS)) continue;
      reconciled++;
      await reconcile(armOf(environment));
    }
    process.stdout.write(
      `    ${refused.length} of ${answers.length} events were above the quota; ${reconciled} tenants were reconciled\n`,
    );
    for (const environment of environments)
      assert.deepEqual(await rowsOf(environment), [ROWS, ROWS], environment.stack);
  });

  /** Until none of the account's jobs and none of the factory's runs is under way. */
  async function untilIdle(environment: Environment): Promise<void> {
    const arm = armOf(environment);
    const { automationAccount } = fleet.platform.existing;
    const isBusy = async () => {
      const jobs = (await (await arm.request("GET", `${automationAccount}/jobs`)).json()) as {
        value: { properties: { status: string } }[];
      };
      const runs = await arm.pipelineRuns();
      return (
        jobs.value.some(({ properties }) => /^(New|Activating|Running|Queued)$/.test(properties.status)) ||
        runs.some(({ status }) => /^(Queued|InProgress)$/.test(status))
      );
    };
    while (await isBusy());
  }

  /** The rows of each dataset's table; 0 for one that is not there. */
  function rowsOf(environment: Environment): Promise<number[]> {
    return Promise.all(
      Object.values(tables).map(async (table) => {
        const found = await query(
          environment,
          `select 1 as found from information_schema.tables where table_schema = 'data' and table_name = '${table}'`,
        );
        if (found.length === 0) return 0;
        const [row] = await query(environment, `select count(*) as n from data."${table}"`);
        return Number(row?.n);
      }),
    );
  }
});

import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCli } from "../../commands/fleet/testing/run-cli";
import { httpsCall } from "../../packages/azure-emulator/control-plane/https-call";
import { stopBackground } from "../commands/daemon";
import { landSample } from "../commands/demo";
import { query, sync } from "../commands/emulator-client";
import { type Environment, findEnvironment, requireEnvironment } from "../environment";
import { fleetProject } from "./testing/fleet-project";
import { edit } from "./testing/project-copy";

interface Report {
  readonly tenants: readonly {
    readonly tenant: string;
    readonly status: string;
    readonly outputs?: Readonly<Record<string, unknown>>;
  }[];
  readonly summary: {
    readonly stacks: readonly {
      readonly totals: Readonly<Record<string, number>>;
      readonly problems: readonly string[];
    }[];
  };
}

const dataset = "d-bordereau-premium";

describe("npm run fleet -- up --local", () => {
  const folder = mkdtempSync(join(tmpdir(), "qt-fleet-up-"));
  const local = join(folder, "local");
  let project: string;
  let interrupted: {
    readonly code: unknown;
    readonly statuses: readonly string[];
    readonly isServed: boolean;
  };
  let acme: Environment;
  let beta: Environment;

  const fleet = (...args: readonly string[]) => fleetCli(args);

  async function fleetCli(args: readonly string[], onStart?: (child: ChildProcess) => void) {
    const env = { ...process.env, QT_LOCAL_FOLDER: local };
    const { code, stdout, stderr } = await runCli(project, args, env, onStart);
    return { code, stdout, stderr, report: () => JSON.parse(stdout) as Report };
  }

  /** Runs it with a Ctrl-C once the emulator has begun a tenant. */
  function fleetStoppedAt(tenant: string, ...args: readonly string[]) {
    return fleetCli(args, (child) => {
      const isBegun = () => existsSync(join(local, "stacks", tenant));
      const timer = setInterval(() => {
        if (isBegun()) child.kill("SIGINT");
        if (isBegun() || child.exitCode !== null) clearInterval(timer);
      }, 50);
    });
  }

  before(async () => {
    project = fleetProject(join(folder, "project"), ["acme", "beta"]);
    const { code: first, report } = await fleetStoppedAt("acme", "up", "--local", "--yes", "--json");
    const served = await findEnvironment(local, "acme");
    interrupted = {
      code: first,
      statuses: report().tenants.map(({ tenant, status }) => `${tenant} ${status}`),
      isServed: served !== undefined,
    };
    const { code, stdout, stderr } = await fleet("up", "--local", "--yes", "--json", "--resume");
    assert.equal(code, 0, stdout + stderr);
    acme = await requireEnvironment(local, "acme");
    beta = await requireEnvironment(local, "beta");
  });

  after(async () => {
    await stopBackground(local);
    rmSync(folder, { recursive: true, force: true });
  });

  const tables = async (environment: Environment) =>
    (await query(environment, "select table_name from information_schema.tables where table_schema = 'data'"))
      .map(({ table_name }) => table_name)
      .sort();

  const rowsOf = async (environment: Environment) =>
    String((await query(environment, 'select count(*) as n from data."premium_bordereau"'))[0]?.n);

  it("finishes the current tenant at Ctrl-C, serves it, and resumes with the rest", () => {
    assert.deepEqual(interrupted, {
      code: 130,
      statuses: ["acme done", "beta not started"],
      isServed: true,
    });
  });

  it("serves both from one process, under different names", () => {
    assert.equal(acme.process.pid, beta.process.pid);
    const of = (environment: Environment) => [
      environment.resourceGroup,
      environment.automation.accountName,
      environment.automation.webhookUrl,
      environment.dataFactory.factoryName,
      environment.function.url,
      environment.function.key,
      environment.sql.queryUrl,
      environment.quantemplate.clientSecret,
      environment.fivetran.adminUrl,
    ];
    for (const [index, value] of of(acme).entries()) assert.notEqual(value, of(beta)[index]);
  });

  it("lands one tenant's event in its own table and feed only", async () => {
    const before = await tables(beta);
    const landed = await landSample(acme, dataset, 300, 0);
    assert.equal(landed.load.inserted, 300);
    assert.equal((await sync(acme)).inserts, 300);
    assert.deepEqual(await tables(beta), before);
    assert.deepEqual(await query(beta, 'select 1 as found from qt."load"'), []);
    assert.equal((await sync(beta)).inserts, 0);
  });

  it("refuses each access to the other", async () => {
    const call = (url: string, key: string) =>
      fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json", "x-functions-key": key },
        body: JSON.stringify({ state: {}, secrets: {} }),
      });
    assert.equal((await call(beta.function.url, acme.function.key)).status, 401);
    assert.notEqual((await call(beta.function.url, beta.function.key)).status, 401);

    const login = await fetch(acme.quantemplate.tokenUrl, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: acme.quantemplate.clientId,
        client_secret: beta.quantemplate.clientSecret,
      }),
    });
    assert.equal(login.status, 401);
  });

  it("shows outputs without secrets", async () => {
    const { report, stdout } = await fleet("outputs", "--local", "--json");
    assert.equal(report().tenants[0]?.outputs?.resourceGroupName, acme.resourceGroup);
    for (const secret of [acme.function.key, acme.automation.webhookUrl, acme.quantemplate.clientSecret])
      assert.ok(!stdout.includes(secret));
  });

  /** Calls Resource Manager about a tenant's resource. */
  async function arm(environment: Environment, resource: string, value?: object) {
    const { arm: owner, subscriptionId, resourceGroup } = environment;
    const id = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/${resource}`;
    const { status, body } = await httpsCall(
      `${owner.endpoint}${id}?api-version=2023-11-01`,
      readFileSync(owner.caFile, "utf8"),
      {
        headers: { authorization: `Bearer ${owner.token}`, "content-type": "application/json" },
        ...(value && { method: "PUT", body: JSON.stringify({ properties: value }) }),
      },
    );
    assert.equal(status, 200, String(body));
    return String(body);
  }
  const accountOf = ({ automation }: Environment) =>
    `Microsoft.Automation/automationAccounts/${automation.accountName}`;

  it("deploys only the named tenants, none for drift, and serves all", async () => {
    for (const tenant of ["acme", "beta"]) {
      edit(project, `Pulumi.${tenant}.yaml`, (text) => text.replace("environment: dev", "environment: test"));
    }
    const drift = await fleet("drift", "--local", "--tenant", "beta");
    assert.equal(drift.code, 0, drift.stdout + drift.stderr);
    [acme, beta] = [await requireEnvironment(local, "acme"), await requireEnvironment(local, "beta")];
    for (const tenant of [acme, beta])
      assert.match(await arm(tenant, accountOf(tenant)), /"environment":"dev"/);

    const up = await fleet("up", "--local", "--yes", "--tenant", "acme");
    assert.equal(up.code, 0, up.stdout + up.stderr);
    assert.match(up.stdout, /tags\.environment: "dev" → "test"/);
    [acme, beta] = [await requireEnvironment(local, "acme"), await requireEnvironment(local, "beta")];
    assert.match(await arm(acme, accountOf(acme)), /"environment":"test"/);
    assert.match(await arm(beta, accountOf(beta)), /"environment":"dev"/);
    assert.equal(await rowsOf(acme), "300");
    assert.equal((await sync(acme)).inserts, 0);
  });

  it("reports manual changes property by property, and ends with 3", async () => {
    await arm(beta, `${accountOf(beta)}/variables/ADF-DataFactoryName`, { value: '"another"' });
    const { code, stdout } = await fleet("drift", "--local");
    assert.equal(code, 3, stdout);
    assert.match(stdout, /acme: no changes/);
    assert.match(
      stdout,
      /Only in beta\n.*update.*ADF-DataFactoryName\n\s+value: .*adf-qt-beta.* → .*another/,
    );
  });

  it("reverts them with up --refresh", async () => {
    const up = await fleet("up", "--local", "--yes", "--refresh", "--tenant", "beta");
    assert.equal(up.code, 0, up.stdout + up.stderr);
    const beta = await requireEnvironment(local, "beta");
    const stored = await arm(beta, `${accountOf(beta)}/variables/ADF-DataFactoryName`);
    assert.ok(stored.includes(beta.dataFactory.factoryName), stored);
  });

  it("destroys one and serves the other again, even after a kill, and at last leaves nothing", async () => {
    acme = await requireEnvironment(local, "acme");
    process.kill(acme.process.pid, "SIGKILL");
    const one = await fleet("destroy", "--local", "--yes", "--tenant", "beta", "--json");
    assert.equal(one.code, 0, one.stdout + one.stderr);
    assert.ok((one.report().summary.stacks[0]?.totals.delete ?? 0) > 50);
    assert.equal(await findEnvironment(local, "beta"), undefined);
    assert.equal(await rowsOf(await requireEnvironment(local, "acme")), "300");
    const last = await fleet("destroy", "--local", "--yes", "--tenant", "acme");
    assert.equal(last.code, 0, last.stdout + last.stderr);
    assert.ok(!existsSync(local));
  });
});

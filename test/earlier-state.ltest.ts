import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stopBackground } from "../local/commands/daemon";
import { destinationRows, query } from "../local/commands/emulator-client";
import { type Environment, requireEnvironment } from "../local/environment";
import { sampleSnapshot } from "../local/sample-data";
import { findPulumi } from "../packages/azure-emulator/engine";
import { skip } from "../packages/kit/testing/skip";
import {
  awayFromDailyTrigger,
  cannotUnpack,
  portsOf,
  recording,
  storedResources,
  takenPort,
  unpackEarlierState,
} from "./support/earlier-state";
import { keyed, projectRoot } from "./support/emulator";

/**
 * Intended changes of the program since the recording, as `update <name>` or `create <name>`. Changes of stored names, types, parents and places
 * do not belong here: they must not affect an existing stack. See test/fixtures/earlier-state/README.md.
 */
const changedOnPurpose: readonly string[] = [
  // The secret has its client's id as a tag, where QT_fetch_data reads both.
  "update key-vault-client-secret",
  // The custom role is assigned only once it is known.
  "create roles-pipeline-starter-known",
  // packages/kit makes the function's errors now, so the bundle changed, and the key waits for its upload.
  "update function-app-code",
  "update function-app-key",
  // The guard on columns, and names and exclusions of headers: settings of each dataset, and SQL files.
  "update database-migration",
  // Loads of one of Quantemplate's versions; what the load did, in the run's log, and the alert that reads it.
  "update QT_fetch_data",
  "create cells-emptied",
  // The runbook repeats what a new role refuses.
  "update Start-QuantemplateLoad-content",
  // A hash that is that of what Azure answers, so that a refresh sees an edited trigger.
  "update QT_reconcile_daily-started",
  "update QT_reconcile_daily-stopped",
  // Tables as Studio names them, no `schema: []`, and no Completed beside Failed.
  "update ds_azure_sql",
  "update ds_quantemplate_csv",
  "update ds_staging_table",
  "update QT_reconcile",
  // The administrator of a server that exists changes in place.
  "create sql-administrator",
  // Its public access is said in both cases, so that a tenant can become public again.
  "update storage",
  // Backups are kept in two regions.
  "update sql-database",
  // Node 24; Application Insights alone has the function's lines; each tenant reconciles at a minute of its own.
  "update function-app",
  "delete function-app-logs",
  "update QT_reconcile_daily",
  // The nightly run reads when the webhook expires.
  "create automation-webhook-address",
  "create factory-reads-webhook",
  // Alerts that see a dead function, cancelled runs and a webhook that is not called or expires, and nothing else.
  "update dataset-not-loaded",
  "update function-errors",
  "create changes-without-event",
  "create function-requests-failed",
  "create function-silent",
  "create pipeline-cancelled",
  "create webhook-expires",
  // Remembers the region, to refuse a move that would stop half-way.
  "create placement",
  // The server's audit goes to the workspace.
  "create sql-audit-logs",
  "create sql-auditing",
];

const table = "premium_bordereau";
const minutes = 60_000;

type Row = Record<string, unknown>;

describe("A .local/ and a Pulumi state of an earlier commit", () => {
  let folder: string;
  let environment: Environment;
  let event: { status: string; inserted: number; updated: number; deleted: number };

  before(async function () {
    folder = await mkdtemp(join(tmpdir(), "qt-earlier-"));
    let reason = cannotUnpack();
    if (findPulumi() === undefined) reason = "no Pulumi CLI on PATH or in ~/.pulumi/versions";
    if (reason === undefined) {
      await awayFromDailyTrigger();
      await unpackEarlierState(folder);
      const port = await takenPort(folder, 5 * minutes);
      if (port !== undefined) reason = `port ${port} of the recording is in use by another program`;
    }
    if (reason === undefined) return;
    skip(this, reason);
  });
  after(async () => {
    await stopBackground(folder);
    await rm(folder, { recursive: true, force: true });
  });

  function npm(...args: string[]): string {
    const { status, stdout, stderr } = spawnSync("npm", ["run", "--silent", ...args], {
      cwd: projectRoot,
      encoding: "utf8",
      env: { ...process.env, QT_LOCAL_FOLDER: folder, CI: "true" },
    });
    assert.equal(status, 0, `npm run ${args.join(" ")}\n${stdout}${stderr}`);
    return stdout;
  }

  it("has no drift", () => {
    const { tenants, summary } = JSON.parse(
      npm("fleet", "--", "drift", "--local", "--tenant", "dev", "--json"),
    );
    assert.deepEqual(tenants[0].status, "done");
    assert.deepEqual(summary.sections, []);
  });

  it("deploys without a change", async () => {
    await stopBackground(folder);
    const [ports, before] = [portsOf(folder), storedResources(folder)];
    const up = npm("local", "--", "up");
    assert.equal(portsOf(folder), ports, "another program has taken a port of the recording");
    const after = storedResources(folder);
    const changes = [
      ...[...before.keys()].filter((urn) => !after.has(urn)).map((urn) => `delete ${urn}`),
      ...[...after.keys()].filter((urn) => !before.has(urn)).map((urn) => `create ${urn}`),
      ...[...after].filter(([urn, at]) => (before.get(urn) ?? at) !== at).map(([urn]) => `update ${urn}`),
    ];
    assert.deepEqual(
      changes.filter((change) => !changedOnPurpose.includes(change.replace(/urn:.*::/, ""))),
      [],
    );
    // The engine's own count.
    if (changedOnPurpose.length === 0) assert.match(up, /: \d+ unchanged by the Pulumi engine/);
    environment = await requireEnvironment(folder);
  });

  it("still lists its jobs, runs and loads", async () => {
    const { arm, subscriptionId, resourceGroup, automation, dataFactory } = environment;
    const group = `${arm.endpoint.replace(/^https/, "http")}/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
    const ask = async (method: string, path: string, body?: string) => {
      const headers = { authorization: `Bearer ${arm.token}`, "content-type": "application/json" };
      const response = await fetch(`${group}/providers/${path}`, { method, headers, body: body ?? null });
      assert.equal(response.status, 200, path);
      return ((await response.json()) as { value: { runId: string; properties: Row; status: string }[] })
        .value;
    };
    const jobs = `Microsoft.Automation/automationAccounts/${automation.accountName}/jobs?api-version=2023-11-01`;
    const ended = (await ask("GET", jobs)).map(({ properties }) => properties.status);
    assert.deepEqual(
      ended,
      recording.runs.map(() => "Completed"),
    );
    const runs = `Microsoft.DataFactory/factories/${dataFactory.factoryName}/queryPipelineRuns?api-version=2018-06-01`;
    const always = { lastUpdatedAfter: "2000-01-01T00:00:00Z", lastUpdatedBefore: "2200-01-01T00:00:00Z" };
    const found = (await ask("POST", runs, JSON.stringify(always))).map(({ runId, status }) => [
      runId,
      status,
    ]);
    assert.deepEqual(found.sort(), recording.runs.map((run) => [run, "Succeeded"]).sort());
    const loads = await query(environment, 'select run_id, status from qt."load" order by snapshot_time');
    assert.deepEqual(
      loads.map(({ run_id, status }) => [run_id, status]),
      recording.runs.map((run) => [run, "published"]),
    );
    const { datasets } = JSON.parse(npm("local", "--", "status", "--json"));
    assert.deepEqual(
      datasets.map(({ dataset, version }: Row) => [dataset, version]),
      [
        [keyed, recording.runs.length],
        ["d-claims-notes", 0],
      ],
    );
  });

  it("lands the next event: the changed rows, and no other", async () => {
    const rows = () => query(environment, `select * from data.${table} order by _row_id`);
    const before = await rows();
    event = JSON.parse(npm("local", "--", "event", "--rows", String(recording.rows), "--json"));
    const generations = JSON.parse(readFileSync(join(folder, "sample-generations.json"), "utf8"));
    assert.deepEqual(generations, { [keyed]: recording.runs.length });
    const { manifest } = sampleSnapshot(keyed, recording.rows, recording.runs.length);
    assert.deepEqual(
      [event.status, event.inserted, event.updated, event.deleted],
      ["published", manifest.added, manifest.changed, manifest.deleted],
    );
    const { touched, gone } = difference(before, await rows(), "_row_id");
    // A deleted row stays as a tombstone.
    assert.deepEqual([touched, gone], [event.inserted + event.updated + event.deleted, 0]);
  });

  it("continues the sync from the stored state: the same rows, and no other", async () => {
    const before = await destinationRows(environment, table);
    assert.ok(before.length > 100, "the destination lost its rows");
    const sync = JSON.parse(npm("local", "--", "sync", "--json"));
    assert.deepEqual(
      [sync.status, sync.inserts, sync.updates, sync.deletes, sync.softDeletes, sync.unchanged],
      ["succeeded", event.inserted, event.updated, event.deleted, 0, 0],
    );
    const { touched, gone } = difference(
      before,
      await destinationRows(environment, table),
      "policy_reference",
      "line_number",
    );
    assert.deepEqual([touched, gone], [event.inserted + event.updated, event.deleted]);
  });

  it("is destroyed completely", () => {
    npm("local", "--", "down");
    assert.ok(!existsSync(folder));
  });
});

describe("The program of an earlier commit", () => {
  it("is still a base for npm run fleet -- preview --local, and nothing differs", function () {
    const { commit } = recording;
    const git = spawnSync("git", ["cat-file", "-e", `${commit}^{tree}`], { cwd: projectRoot });
    if (git.status !== 0) {
      skip(this, `git has no commit ${commit} here`);
    }
    const args = ["--local", "--tenant", "dev", "--base", commit, "--json"];
    const run = spawnSync("npm", ["run", "--silent", "fleet", "--", "preview", ...args], {
      cwd: projectRoot,
      encoding: "utf8",
    });
    assert.equal(run.status, 0, `${run.stdout}${run.stderr}`);
    const { sections } = JSON.parse(run.stdout).summary as {
      sections: { changes: { op: string; name: string }[] }[];
    };
    const changes = sections.flatMap(({ changes }) => changes.map(({ op, name }) => `${op} ${name}`));
    assert.deepEqual(changes.sort(), [...changedOnPurpose].sort());
  });
});

/** Rows of `after` that are new or differ from `before`, and rows that are gone. */
function difference(before: readonly Row[], after: readonly Row[], ...key: readonly string[]) {
  const texts = (rows: readonly Row[]) =>
    new Map(rows.map((row) => [JSON.stringify(key.map((name) => row[name])), JSON.stringify(row)]));
  const [old, now] = [texts(before), texts(after)];
  return {
    touched: [...now].filter(([id, text]) => old.get(id) !== text).length,
    gone: [...old.keys()].filter((id) => !now.has(id)).length,
  };
}

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { npm } from "./support/npm";

describe("The commands as people type them, one after the other", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "qt-commands-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("up, event, sync, load, status, down work one after the other", () => {
    const up = npm(folder, "local", "--", "up", "--json");
    assert.equal(up.status, 0, up.err);
    try {
      assert.ok(existsSync(join(folder, "environment.json")));
      assert.match(npm(folder, "local", "--", "up").err, /QT9004/);
      // The first snapshot; the next one changes it.
      assert.equal(npm(folder, "local", "--", "event", "--rows", "500").status, 0);
      const first = npm(folder, "local", "--", "sync", "--json");
      assert.equal(JSON.parse(first.out).inserts, 500, first.err);
      const event = npm(folder, "local", "--", "event", "--rows", "500", "--json");
      assert.equal(event.status, 0, event.err);
      assert.equal(JSON.parse(event.out).status, "published");
      assert.match(npm(folder, "local", "--", "event", "--file", "/no/such.csv").err, /QT9016/);
      const sync = npm(folder, "local", "--", "sync", "--json");
      assert.ok(JSON.parse(sync.out).updates > 0, sync.err);
      const load = npm(folder, "load", "--", "--all", "--allow-shrink", "--json");
      assert.equal(load.status, 0, load.err);
      assert.match(npm(folder, "load", "--", "nobody").err, /QT9005/);
      const status = JSON.parse(npm(folder, "local", "--", "status", "--json").out);
      assert.equal(status.datasets.length, 2);
      assert.equal(status.deployer.clientSecret, undefined);
      const env = JSON.parse(npm(folder, "local", "--", "env", "--json").out);
      assert.equal(env.AZURE_KEY_VAULT_URI, status.keyVault.vaultUri);
      assert.equal(env.AZURE_SQL_PORT, String(status.sql.port));
      assert.match(npm(folder, "local", "--", "env").out, /^export AZURE_TENANT_ID='/);
    } finally {
      const down = npm(folder, "local", "--", "down");
      assert.equal(down.status, 0, down.err);
    }
    assert.ok(!existsSync(folder));
    assert.match(npm(folder, "local", "--", "status").err, /QT9003/);
  });

  it("up --attach serves a Pulumi CLI of one's own, says how again, and deploys nothing", () => {
    const printed = () => npm(folder, "local", "--", "up", "--attach", "--json");
    const first = printed();
    try {
      assert.equal(first.status, 0, first.err);
      const variables = JSON.parse(first.out);
      assert.match(variables.PULUMI_DEBUG_PROVIDERS, /^azure-native:\d+,random:\d+$/);
      assert.match(variables.PULUMI_BACKEND_URL, /^file:.*pulumi-state\?metadata=skip$/);
      assert.equal(printed().out, first.out);
      assert.match(
        npm(folder, "local", "--", "up", "--attach").out,
        /^export PULUMI_DEBUG_PROVIDERS='azure/m,
      );
      assert.match(npm(folder, "local", "--", "status").err, /QT9003/);
      assert.match(npm(folder, "local", "--", "up").err, /QT9004/);
      npm(folder, "local", "--", "stop");
      assert.equal(npm(folder, "local", "--", "up", "--pulumi", "in-process").status, 0);
      assert.match(printed().err, /QT9026/);
    } finally {
      const down = npm(folder, "local", "--", "down");
      assert.equal(down.status, 0, down.err);
    }
  });
});

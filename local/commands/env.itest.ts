import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ARM_AUDIENCE } from "../../packages/azure-emulator/control-plane/identity";
import { startTestEmulator } from "../../packages/azure-emulator/control-plane/testing/test-emulator";
import { createNetworkService } from "../../packages/azure-emulator/services/network";
import { makePrivateNetwork } from "../../packages/azure-emulator/services/network/testing/private-network";
import { needsPowerShell } from "../../packages/kit/testing/power-shell";
import { skip } from "../../packages/kit/testing/skip";
import { temporaryFolder } from "../../packages/kit/testing/temporary-folder";
import type { Environment } from "../environment";
import { type EnvFormat, envText, networkVariables } from "./env";

/** What a path, a name or a secret may contain. */
const strange = "a b 'single' \"double\" $HOME %PATH% \\n #; \u2019 {x} =";

const environmentWith = (value: string): Environment =>
  ({
    tenantId: "t",
    subscriptionId: "s",
    resourceGroup: value,
    arm: { endpoint: "https://127.0.0.1:1", caFile: value, caBundleFile: value },
    deployer: { clientId: "c", clientSecret: value },
    sql: { serverName: "sql", host: "127.0.0.1", port: 1433, database: value },
    keyVault: { vaultName: "kv", vaultUri: "https://127.0.0.1:1/keyvault/kv/" },
    storage: { accountName: "st", blobEndpoint: "https://127.0.0.1:2/st/" },
    dataFactory: { factoryName: "adf", factoryId: "/x" },
    function: { appName: "func", baseUrl: "http://127.0.0.1:3" },
  }) as unknown as Environment;

/** The variables that a value of the environment ends up in. */
const holders = ["AZURE_CLIENT_SECRET", "AZURE_RESOURCE_GROUP", "SSL_CERT_FILE", "AZURE_SQL_DATABASE"];
const holding = (value: string) => Object.fromEntries(holders.map((name) => [name, value]));
const printed = `JSON.stringify(Object.fromEntries(${JSON.stringify(holders)}.map((name) => [name, process.env[name]])))`;

describe("npm run local -- env, read by the real tools", () => {
  const folder = temporaryFolder();
  const written = (format: EnvFormat, value: string) => {
    const file = join(folder(), format === "powershell" ? "env.ps1" : "env");
    writeFileSync(file, envText(environmentWith(value), format));
    return file;
  };
  const { SSL_CERT_FILE: _, ...environment } = process.env;
  const read = (command: string, ...args: string[]) =>
    JSON.parse(execFileSync(command, args, { encoding: "utf8", env: environment, input: "" }));
  // NODE_EXTRA_CA_CERTS names a file that is not there; Node warns and goes on.
  const node = [process.execPath, "--no-warnings"] as const;

  for (const value of [strange, "plain", "back`tick", "two\nlines"]) {
    it(`shell and .env keep ${JSON.stringify(value)}`, function () {
      if (process.platform === "win32") skip(this, "Windows has no sh");
      const script = `set -eu; . '${written("shell", value)}'; exec "$0" "$@"`;
      assert.deepEqual(read("sh", "-c", script, ...node, "-p", printed), holding(value));
      const file = `--env-file=${written("dotenv", value)}`;
      assert.deepEqual(read(node[0], node[1], file, "-p", printed), holding(value));
    });
  }

  it("a .env file leaves out, with a word, what no quotes can hold", () => {
    const text = envText(environmentWith("'\"`"), "dotenv");
    assert.match(text, /^# AZURE_CLIENT_SECRET is left out/m);
    assert.doesNotMatch(text, /^AZURE_CLIENT_SECRET=/m);
  });

  it("jdbc and odbc put values that are not plain between braces", () => {
    assert.match(envText(environmentWith("a} b"), "jdbc"), /;databaseName=\{a\}\} b\};/);
    assert.match(envText(environmentWith("a;b"), "odbc"), /;Database=\{a;b\};/);
    assert.match(envText(environmentWith("plain"), "odbc"), /;Database=plain;/);
  });

  it("has what a program in a subnet needs, and names the subnets if there is none of the name", async () => {
    const emulator = await startTestEmulator((context) => [createNetworkService(context)]);
    try {
      const { context, group } = emulator;
      const network = await makePrivateNetwork(emulator, group);
      const { token } = context.tokens.issue(context.principals.deployer, ARM_AUDIENCE);
      const { caFile, bundleFile: caBundleFile } = context.certificates;
      const running = { arm: { endpoint: context.httpsUrl, token, caFile, caBundleFile } };
      const variables = await networkVariables(running, "vnet-test/runners");
      const text = envText(environmentWith("x"), "json", variables);
      assert.equal(JSON.parse(text).EMULATOR_CONNECT_FROM, await network.from("runners"));
      await assert.rejects(
        networkVariables(running, "vnet-test/none"),
        /vnet-test\/none.*vnet-test\/runners/,
      );
    } finally {
      await emulator.stop();
    }
  });

  it("json is the object of the variables", () => {
    assert.equal(JSON.parse(envText(environmentWith(strange), "json")).SSL_CERT_FILE, strange);
  });

  it("powershell keeps them, and .NET reads the ADO.NET string", async function () {
    await needsPowerShell(this);
    const show = `${holders.map((name) => `${name} = $env:${name}`).join("; ")}`;
    const adonet = written("adonet", strange);
    const script = `. '${written("powershell", strange)}'
      $builder = [System.Data.Common.DbConnectionStringBuilder]::new()
      $builder.set_ConnectionString((Get-Content -Raw '${adonet}').TrimEnd())
      @{ variables = [ordered]@{ ${show} }; database = $builder['Database']; server = $builder['Server'] } | ConvertTo-Json`;
    const seen = read("pwsh", "-NoProfile", "-NonInteractive", "-Command", script);
    assert.deepEqual(seen.variables, holding(strange));
    assert.deepEqual([seen.database, seen.server], [strange, "tcp:127.0.0.1,1433"]);
  });
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { DataFactoryManagementClient } from "@azure/arm-datafactory";
import { ClientSecretCredential } from "@azure/identity";
import { SecretClient } from "@azure/keyvault-secrets";
import { build } from "esbuild";
import { strToU8, zipSync } from "fflate";
import { ConnectionPool } from "mssql";
import { packagesRoot } from "../../kit/testing/packages-root";
import { temporaryFolder } from "../../kit/testing/temporary-folder";
import { findPulumi } from "..";
import { startShop } from "./start";

const sqlText = (file: string) => readFileSync(join(__dirname, "database", "tsql", file), "utf8");

/** The function as a package: the bundled code and the files that the Functions host reads. */
async function packApp(): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [join(__dirname, "app", "greet.ts")],
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    external: ["@azure/functions-core"],
  });
  return zipSync({
    "host.json": strToU8(JSON.stringify({ version: "2.0" })),
    "package.json": strToU8(JSON.stringify({ main: "dist/greet.js" })),
    "dist/greet.js": outputFiles[0]?.contents ?? new Uint8Array(),
  });
}

/** A program that does not know the emulator is deployed, used through Microsoft's own clients, and destroyed. */
describe("the example", () => {
  const folder = temporaryFolder();

  it("deploys, runs, previews without changes, and is destroyed completely", async () => {
    const { emulator, engine, stack, outputs } = await startShop(
      folder(),
      packagesRoot(),
      findPulumi() === undefined ? "in-process" : "engine",
    );
    try {
      const { context } = emulator;
      const { clientId, secret } = context.principals.deployer;
      const credential = new ClientSecretCredential(context.tenantId, clientId, secret, {
        authorityHost: context.httpsUrl,
        disableInstanceDiscovery: true,
      });
      const token = async (scope: string) => (await credential.getToken(scope)).token;
      const output = (name: string) => String(outputs[name]?.value);

      // The function, published as `func azure functionapp publish` does.
      const authorization = `Bearer ${await token("https://management.azure.com/.default")}`;
      const published = await fetch(`https://${output("deployHost")}/api/publish?type=zip`, {
        method: "POST",
        headers: { authorization, "content-type": "application/zip" },
        body: Buffer.from(await packApp()),
      });
      const deployment = published.headers.get("location") ?? "";
      const ended = async (): Promise<number> => {
        const poll = (await (await fetch(deployment, { headers: { authorization } })).json()) as {
          readonly status: number;
        };
        return poll.status < 3 ? ended() : poll.status;
      };
      assert.equal(await ended(), 4);
      const greeting = await fetch(`https://${output("appHost")}/api/greet?who=Ann`);
      assert.deepEqual(await greeting.json(), { text: "Hello Ann, open sesame!" });

      // A secret.
      const vault = new SecretClient(output("vaultUrl"), credential, {
        disableChallengeResourceVerification: true,
      });
      assert.equal((await vault.getSecret(output("secret"))).value, "open sesame");

      // A pipeline run, which calls the function.
      const factory = new DataFactoryManagementClient(credential, context.subscriptionId, {
        endpoint: context.httpsUrl,
        credentialScopes: "https://management.azure.com/.default",
      });
      const at = [output("resourceGroup"), output("factory")] as const;
      const { runId } = await factory.pipelines.createRun(...at, output("pipeline"), {
        parameters: { who: "Bob" },
      });
      let run = await factory.pipelineRuns.get(...at, runId);
      while (run.status === "Queued" || run.status === "InProgress") {
        await pause(50);
        run = await factory.pipelineRuns.get(...at, runId);
      }
      assert.equal(run.status, "Succeeded", run.message);
      const window = { lastUpdatedAfter: new Date(0), lastUpdatedBefore: new Date(Date.now() + 60_000) };
      const { value } = await factory.activityRuns.queryByPipelineRun(...at, runId, window);
      assert.equal(value[0]?.output.text, "Hello Bob, open sesame!");

      // The database: a migration, a procedure and a query, with an Entra token.
      const [server = "", port] = output("sqlServer").split(",");
      const pool = await new ConnectionPool({
        server,
        port: Number(port),
        database: output("database"),
        authentication: {
          type: "azure-active-directory-access-token",
          options: { token: await token("https://database.windows.net/.default") },
        },
      }).connect();
      try {
        for (const file of ["1-orders.sql", "2-place-order.sql"]) await pool.request().batch(sqlText(file));
        await pool.request().input("item", "a lamp").execute("dbo.place_order");
        const { recordset } = await pool.request().query(sqlText("list-orders.sql"));
        assert.deepEqual(recordset, [{ id: 1, item: "a lamp" }]);
      } finally {
        await pool.close();
      }

      const again = await engine.preview(stack);
      assert.deepEqual(again.changes, []);
      assert.ok(again.same > 10);
      await engine.destroy(stack);
      assert.deepEqual(context.resources.list(), []);
    } finally {
      await emulator.stop();
    }
  });
});

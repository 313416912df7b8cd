import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import fs from "node:fs";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { type CliProject, cliProject } from "../commands/fleet/testing/run-cli";
import { projectRoot } from "../local/places";
import { azureScript } from "./support/azure-pipelines";
import { type CiFolder, ciFolder, endGroup, startTokenServer } from "./support/ci-folder";
import { workflowStep } from "./support/workflow-files";

const gitHubDeploy = workflowStep("deploy-ring.yml", "Deploy").run ?? "";
const azureDeploy = azureScript("canary", "up", "Deploy");
const canary = { TENANTS: "ring=canary" };

describe("the step that deploys a ring", () => {
  let ci: CiFolder;
  let tokens: Awaited<ReturnType<typeof startTokenServer>>;
  beforeEach(async () => {
    ci = ciFolder();
    tokens = await startTokenServer();
  });
  afterEach(() => {
    tokens.close();
    ci.remove();
  });

  it("signs in as the job's identity, and leaves no token behind", async () => {
    ci.fakeFleet("done\n", 0);
    const own = { RUNNER_TEMP: dirname(ci.write("tmp/runner/other", "")) };
    const { status, stdout, stderr } = await ci.runScript(gitHubDeploy, {
      ...canary,
      ...tokens.gitHub,
      ...own,
    });
    assert.equal(status, 0, stderr);
    assert.deepEqual(tokens.asked, [
      {
        url: "/token?api-version=2&audience=api%3A%2F%2FAzureADTokenExchange",
        bearer: "Bearer runner",
        method: "GET",
      },
    ]);
    const { args, env, token, mode } = ci.fleetCall();
    assert.deepEqual(args.slice(0, 5), ["commands/fleet/cli.ts", "up", "--yes", "--tag", "ring=canary"]);
    assert.deepEqual(
      [env.ARM_USE_OIDC, env.AZURE_CLIENT_ID, env.AZURE_TENANT_ID, token, mode],
      ["true", "client", "tenant", "oidc-marker", 0o600],
    );
    assert.ok(!fs.existsSync(dirname(env.AZURE_FEDERATED_TOKEN_FILE ?? "")));
    const temporary = own.RUNNER_TEMP;
    assert.equal(dirname(dirname(env.AZURE_FEDERATED_TOKEN_FILE ?? "")), temporary);
    assert.equal(env.TMPDIR, temporary, "the runner's own folder");
    assert.ok(!`${stdout}${stderr}`.includes("oidc-marker"));
  });

  it("signs in through Azure Pipelines' service connection, and does not pass on the job's token", async () => {
    ci.fakeFleet("done\n", 0);
    const end = await ci.runScript(azureDeploy, { ...canary, ...tokens.azurePipelines });
    assert.equal(end.status, 0, end.stderr);
    assert.deepEqual(tokens.asked, [
      { url: "/token?api-version=7.1&serviceConnectionId=connection", bearer: "Bearer job", method: "POST" },
    ]);
    const { env } = ci.fleetCall();
    assert.deepEqual([env.ARM_CLIENT_ID, env.ARM_TENANT_ID], ["client", "tenant"]);
    assert.equal(env.ARM_OIDC_TOKEN_FILE_PATH, undefined, "azure-native would read it once");
    assert.ok(!Object.values(env).includes("job"), "SYSTEM_ACCESSTOKEN");
    const summary = join(fs.realpathSync(ci.folder), "deploy/summary.md");
    assert.ok(
      end.stdout.endsWith(
        `##vso[task.uploadsummary]${summary}\n##vso[task.setvariable variable=hasSummary]true\n`,
      ),
      end.stdout,
    );
  });

  it("gives azure-native a new token each time it asks, on Azure Pipelines too, and nobody else one", async () => {
    tokens.close();
    tokens = await startTokenServer((number) => (number === 3 ? undefined : `token-${number}`));
    ci.write(
      "scripts/bootstrap.mjs",
      `import fs from "node:fs";
const { ACTIONS_ID_TOKEN_REQUEST_URL: address, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer } = process.env;
// As azure-native does it: GET with an audience, whose answer has the token as its value.
const ask = async (authorization) => {
  const url = new URL(address);
  url.searchParams.set("audience", "api://AzureADTokenExchange");
  const response = await fetch(url, { headers: { authorization } });
  const text = await response.text();
  return [response.status, response.ok ? JSON.parse(text) : text];
};
const bearers = ["Bearer " + bearer, "Bearer " + bearer, "Bearer other", "", "Bearer " + bearer];
const answers = [];
for (const bearer of bearers) answers.push(await ask(bearer));
fs.writeFileSync("seen.json", JSON.stringify({ address, answers }));
`,
    );
    const end = await ci.runScript(azureDeploy, { ...canary, ...tokens.azurePipelines });
    assert.equal(end.status, 0, end.stderr);
    const seen = JSON.parse(ci.read("seen.json")) as { address: string; answers: [number, unknown][] };
    const failed = `${new URL(tokens.azurePipelines.SYSTEM_OIDCREQUESTURI).host} gave no OpenID Connect token: it answered 500`;
    assert.deepEqual(seen.answers, [
      [200, { value: "token-2" }],
      [502, failed],
      [401, ""],
      [401, ""],
      [200, { value: "token-4" }],
    ]);
    assert.deepEqual([...new Set(tokens.asked.map(({ method }) => method))], ["POST"]);
    assert.equal(tokens.asked.length, 4);
    assert.match(seen.address, /^http:\/\/127\.0\.0\.1:\d+\/$/);
    await assert.rejects(fetch(seen.address), "the address ends with the command");
    assert.ok(!`${end.stdout}${end.stderr}`.includes("token-"));
  });

  it("gets the connection's identity from the step before it, on Azure Pipelines", async () => {
    const { TF_BUILD: _, ...given } = tokens.azurePipelines;
    const { stdout } = await ci.runScript(azureScript("canary", "up", "Sign in"), given);
    const set = Object.fromEntries(
      [...stdout.matchAll(/^##vso\[task\.setvariable variable=(\w+)\](.*)$/gm)].map(([, name, value]) => [
        name,
        value,
      ]),
    );
    assert.deepEqual(set, {
      AZURESUBSCRIPTION_CLIENT_ID: "client",
      AZURESUBSCRIPTION_TENANT_ID: "tenant",
      AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: "connection",
    });
  });

  it("does what operate.yml is asked for, with the tenants of its environment only", async () => {
    ci.fakeFleet("done\n", 0);
    const operate = (VERB: string, TENANT: string) =>
      ci.runScript(gitHubDeploy, { ...canary, ...tokens.gitHub, VERB, TENANT });
    for (const [verb, args] of [
      ["up-refresh", ["up", "--refresh", "--yes"]],
      ["destroy", ["destroy", "--yes"]],
      ["cancel", ["cancel"]],
    ] as const) {
      assert.equal((await operate(verb, "acme")).status, 0);
      const given = [...args, "--tag", "ring=canary", "--tenant", "acme"];
      assert.deepEqual(ci.fleetCall().args.slice(1, given.length + 1), given);
    }
    for (const [verb, why] of [
      ["destroy", "destroy needs the name of one tenant"],
      ["cancel", "cancel needs the name of one tenant"],
      ["preview --help", "VERB is preview --help"],
    ] as const) {
      const { status, stderr } = await operate(verb, "");
      assert.equal(status, 2);
      assert.match(stderr, new RegExp(`^Nothing was started: ${why}`));
    }
  });

  it("fails if the deployment fails, and shows the summary so far", async () => {
    const env = { ...canary, ...tokens.gitHub, GITHUB_STEP_SUMMARY: join(ci.folder, "page.md") };
    ci.fakeFleet("one failed\n", 1);
    assert.equal((await ci.runScript(gitHubDeploy, env)).status, 1);
    // A kept workspace may hold an earlier run's summary, which is not shown again.
    ci.fakeFleet(undefined, 2);
    assert.equal((await ci.runScript(gitHubDeploy, env)).status, 2);
    assert.equal(
      ci.read("page.md"),
      "one failed\n\nNo tenant was processed (exit code 2); the run's log says why.\n\n",
    );
  });

  it("names all missing variables at once", async () => {
    ci.fakeFleet("x", 0);
    const { ARM_TENANT_ID: _, ARM_SUBSCRIPTION_ID: __, ...some } = tokens.gitHub;
    const { status, stderr } = await ci.runScript(gitHubDeploy, some);
    assert.equal(status, 2);
    assert.match(stderr, /^Set ARM_TENANT_ID, ARM_SUBSCRIPTION_ID: /);
  });

  it("renews the token while the command runs, before its five minutes are over, and soon after a failed renewal", async () => {
    tokens.close();
    tokens = await startTokenServer((number) => (number === 2 ? undefined : `token-${number}`));
    const seen = join(ci.folder, "tmp/seen.txt");
    ci.write(
      "scripts/bootstrap.mjs",
      `import fs from "node:fs";
const look = () => {
  const token = fs.readFileSync(process.env.AZURE_FEDERATED_TOKEN_FILE, "utf8");
  if (token !== "token-1") return fs.writeFileSync(${JSON.stringify(seen)}, token);
  setTimeout(look, 5);
};
look();
`,
    );
    // A clock on which a second lasts a millisecond, and on which nothing happens after the first token's five minutes. Node's own
    // socket timers are shorter and not affected.
    const clock = `let now = 0; const real = setTimeout;
if (/with-azure/.test(process.argv[1])) globalThis.setTimeout = (work, delay, ...rest) => {
  if (delay < 5000) return real(work, delay, ...rest);
  now += delay;
  return real(work, now < 300000 ? delay / 1000 : 2 ** 30);
};`;
    const { status, stderr } = await ci.runScript(gitHubDeploy, {
      ...canary,
      ...tokens.gitHub,
      NODE_OPTIONS: `--import "data:text/javascript,${encodeURIComponent(clock)}"`,
    });
    assert.equal(status, 0, stderr);
    assert.match(stderr, /The sign-in was not renewed: .* it answered 500/);
    assert.equal(fs.readFileSync(seen, "utf8"), "token-3");
  });
});

describe("a deployment that is cancelled", () => {
  let ci: CiFolder;
  let project: CliProject;
  let tokens: Awaited<ReturnType<typeof startTokenServer>>;
  beforeEach(async () => {
    ci = ciFolder();
    project = cliProject({ hangs: "canary", z: "" });
    tokens = await startTokenServer();
    // The real bootstrap and the real fleet, with a project of two tenants and a fake Pulumi CLI.
    fs.copyFileSync(join(projectRoot, "scripts/bootstrap.mjs"), join(ci.folder, "scripts/bootstrap.mjs"));
    ci.write("package-lock.json", "{}");
    ci.write("node_modules/.installed-lock", createHash("sha256").update("{}").digest("hex"));
    fs.symlinkSync(join(projectRoot, "node_modules/tsx"), join(ci.folder, "node_modules/tsx"));
    ci.write(
      "commands/fleet/cli.ts",
      `process.argv.splice(2, 0, "-C", ${JSON.stringify(project.folder)});
require(${JSON.stringify(join(projectRoot, "commands/fleet/cli.ts"))});
`,
    );
    const [first, ...rest] = fs.readFileSync(join(project.folder, "pulumi"), "utf8").split("\n");
    const notePid = `echo $$ > ${join(ci.folder, "tmp/pulumi.pid")}`;
    ci.write("bin/pulumi", [first, notePid, ...rest].join("\n"), 0o755);
    ci.write("bin/pulumi-language-nodejs", "", 0o755);
  });
  afterEach(() => {
    if (ci.exists("tmp/pulumi.pid")) endGroup(Number(ci.read("tmp/pulumi.pid")));
    tokens.close();
    project.remove();
    ci.remove();
  });

  for (const [where, script, env] of [
    ["GitHub Actions", gitHubDeploy, () => tokens.gitHub],
    ["Azure Pipelines", azureDeploy, () => tokens.azurePipelines],
  ] as const)
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
      it(`lets Pulumi finish what it has begun if the step's own process gets ${signal} on ${where}`, async () => {
        const child = ci.start(script, {
          ...env(),
          TENANTS: "ring=canary",
          FAKE_PULUMI_CALLS: join(project.folder, "calls.txt"),
        });
        const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
        const look = setInterval(() => {
          if (child.exitCode !== null) clearInterval(look);
          // Once, and only to this process, the only one that the runner knows.
          if (project.calls().length === 0) return;
          clearInterval(look);
          child.kill(signal);
        }, 20);
        const [stdout, stderr, exit] = await ended;
        assert.deepEqual(exit, [130, null], stderr);
        assert.match(stdout, /hangs: stopped; next: npm run fleet -- up --tenant hangs/);
        assert.match(ci.read("deploy/summary.md"), /Pulumi finished and recorded what it had started/);
        assert.deepEqual(
          fs.readdirSync(join(ci.folder, "tmp")).filter((name) => name.startsWith("qt-identity")),
          [],
        );
      });
});

describe("the step that refuses an older program", () => {
  let ci: CiFolder;
  beforeEach(() => {
    ci = ciFolder();
    ci.git("init", "--quiet", "--initial-branch", "main");
    for (const message of ["one", "two"]) ci.git("commit", "--quiet", "--allow-empty", "-m", message);
    ci.git("update-ref", "refs/remotes/origin/main", "HEAD");
  });
  afterEach(() => ci.remove());

  const gitHub = workflowStep("deploy-ring.yml", "Refuse an older program").run ?? "";
  const azure = azureScript("general", "up", "Refuse an older program");
  const first = { GITHUB_EVENT_NAME: "push", GITHUB_RUN_ATTEMPT: "1" };
  const firstOnAzure = { BUILD_REASON: "IndividualCI", SYSTEM_STAGEATTEMPT: "1", SYSTEM_JOBATTEMPT: "1" };

  for (const [what, script, env, passes] of [
    ["a merge's own run", gitHub, first, true],
    ["a repeated run", gitHub, { ...first, GITHUB_RUN_ATTEMPT: "2" }, false],
    ["a run started by hand", gitHub, { ...first, GITHUB_EVENT_NAME: "workflow_dispatch" }, false],
    ["a merge's own run on Azure Pipelines", azure, firstOnAzure, true],
    ["a repeated stage", azure, { ...firstOnAzure, SYSTEM_STAGEATTEMPT: "2" }, false],
    ["a repeated job", azure, { ...firstOnAzure, SYSTEM_JOBATTEMPT: "2" }, false],
    ["a commit picked by hand", azure, { ...firstOnAzure, BUILD_REASON: "Manual" }, false],
  ] as const)
    it(`${passes ? "lets" : "stops"} ${what} ${passes ? "pass" : "if main has moved on"}`, async () => {
      assert.equal((await ci.runScript(script, env)).status, 0, "the newest commit passes");
      ci.git("checkout", "--quiet", "HEAD^");
      const { status, stderr } = await ci.runScript(script, env);
      assert.equal(status, passes ? 0 : 1);
      if (!passes) assert.match(stderr, /^Not deployed: this is [0-9a-f]{10}, and main is at [0-9a-f]{10}\./);
    });
});

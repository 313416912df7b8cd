import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { projectRoot } from "../local/commands/places";
import { type FakePost, type FakeRepository, startFakeGitHub, token } from "./support/fake-github";
import { workflowStep } from "./support/workflow-files";

let folder: string;
let github: Awaited<ReturnType<typeof startFakeGitHub>> | undefined;

const write = (name: string, content: string, mode = 0o644) => {
  const file = join(folder, name);
  fs.mkdirSync(dirname(file), { recursive: true });
  fs.writeFileSync(file, content, { mode });
  return file;
};
const read = (name: string) => fs.readFileSync(join(folder, name), "utf8");
const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
    cwd: folder,
    encoding: "utf8",
  });

/** Runs a step of a workflow as the runner does: its own text, in bash, with nothing of this machine's but Node and bash. */
async function runStep(file: string, name: string, env: Record<string, string> = {}, bin = "bin") {
  const { run = "" } = workflowStep(file, name);
  const path = [join(folder, bin), dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter);
  fs.cpSync(join(projectRoot, "scripts/ci"), join(folder, "scripts/ci"), { recursive: true });
  const args = ["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", run];
  const child = spawn("bash", args, {
    cwd: folder,
    env: { PATH: path, RUNNER_TEMP: folder, TMPDIR: folder, HOME: folder, ...env },
  });
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close") as Promise<[number]>,
  ]);
  return { status, stdout, stderr };
}

/** An `npm` that notes its arguments, writes what `fleet` would write, and ends with `code`. */
function fakeFleet(markdown: string | undefined, code: number): void {
  const script = `#!${process.execPath}
const fs = require("node:fs");
const args = process.argv.slice(2);
fs.writeFileSync("${join(folder, "npm.json")}", JSON.stringify({ args, env: process.env }));
const markdown = ${JSON.stringify(markdown) ?? "undefined"};
if (markdown !== undefined) fs.writeFileSync(args[args.indexOf("--markdown") + 1], markdown);
process.exitCode = ${code};
`;
  write("bin/npm", script, 0o755);
}
const fleet = () => JSON.parse(read("npm.json")) as { args: string[]; env: Record<string, string> };

const option = (args: string[], name: string) => args[args.indexOf(name) + 1];

describe("the workflows' own steps", () => {
  beforeEach(() => {
    folder = fs.mkdtempSync(join(tmpdir(), "qt-ci-"));
  });
  afterEach(async () => {
    await github?.close();
    github = undefined;
    fs.rmSync(folder, { recursive: true, force: true });
  });

  describe("the preview step", () => {
    /** A repository whose last commit makes these changes; null removes. */
    function changed(files: Record<string, string | null>): void {
      git("init", "--quiet");
      for (const name of ["Pulumi.acme.yaml", "Pulumi.beta.yaml", "Pulumi.yaml", "infra/index.ts"])
        write(name, "1\n");
      fs.writeFileSync(join(folder, ".gitignore"), "/scripts\n/bin\n/preview\n/npm.json\n");
      git("add", ".");
      git("commit", "--quiet", "-m", "base");
      for (const [name, content] of Object.entries(files))
        if (content === null) fs.rmSync(join(folder, name));
        else write(name, content);
      git("add", ".");
      git("commit", "--quiet", "--allow-empty", "-m", "change");
    }
    const preview = () => runStep("preview.yml", "Preview", { PULL_REQUEST: "7" });

    it("previews the tenants whose files changed, in the stand-in, and says so", async () => {
      changed({ "Pulumi.acme.yaml": "2\n", "Pulumi.new.yaml": "1\n" });
      fakeFleet("No changes.\n", 0);
      const { status, stderr } = await preview();
      assert.equal(status, 0, stderr);
      const { args } = fleet();
      assert.deepEqual(args.slice(0, 5), ["run", "--silent", "fleet", "--", "preview"]);
      assert.equal(option(args, "--tenant"), "acme,new");
      assert.ok(args.includes("--local"));
      assert.equal(option(args, "--base"), git("rev-parse", "HEAD^1").trim());
      assert.match(
        read("preview/summary.md"),
        /^In the local stand-in, without any cloud credential: .*\n\nNo changes\.\n$/,
      );
      assert.equal(read("preview/pull-request.txt"), "7\n");
    });

    it("previews every tenant where something else changed as well", async () => {
      changed({ "Pulumi.acme.yaml": "2\n", "infra/index.ts": "2\n" });
      fakeFleet("x", 0);
      await preview();
      assert.ok(!fleet().args.includes("--tenant"));
    });

    it("tells of a tenant whose file is gone, and previews none", async () => {
      changed({ "Pulumi.beta.yaml": null });
      fakeFleet("x", 0);
      const { status } = await preview();
      assert.equal(status, 0);
      assert.ok(!fs.existsSync(join(folder, "npm.json")));
      assert.match(read("preview/summary.md"), /\*\*beta\*\*: its file is removed, its stack is not/);
    });

    for (const file of [
      "Pulumi.acme,beta.yaml",
      "Pulumi.$(id).yaml",
      "infra/Pulumi.acme.yaml",
      "Pulumi.-all.yaml",
      "Pulumi.acme.yaml.txt",
    ])
      it(`takes ${file} for no tenant's file`, async () => {
        changed({ [file]: "2\n" });
        fakeFleet("x", 0);
        await preview();
        assert.ok(!fleet().args.includes("--tenant"));
      });

    it("fails as the fleet does, with a summary that says so", async () => {
      changed({ "Pulumi.yaml": "2\n" });
      fakeFleet(undefined, 1);
      const { status } = await preview();
      assert.equal(status, 1);
      assert.match(read("preview/summary.md"), /The preview was not made \(exit code 1\)/);
    });
  });

  describe("the step that comments on the pull request", () => {
    const head = { sha: "a".repeat(40), repo: { full_name: "fork/data" } };
    const run = {
      head_sha: head.sha,
      head_repository: head.repo,
      html_url: "https://github.example/acme/data/actions/runs/1",
    };
    const comment = (number: number, body: string, login = "github-actions[bot]"): FakePost => ({
      id: number,
      number,
      body,
      user: { login },
    });

    async function post(summary: string, repository: FakeRepository = {}, number = "7\n") {
      github = await startFakeGitHub({ pulls: { 7: { state: "open", head } }, ...repository });
      if (!fs.existsSync(join(folder, "preview/summary.md"))) write("preview/summary.md", summary);
      write("preview/pull-request.txt", number);
      const event = write("event.json", JSON.stringify({ workflow_run: run }));
      const result = await runStep("preview-comment.yml", "Comment", {
        ...github.env,
        GITHUB_EVENT_PATH: event,
      });
      assert.ok(!JSON.stringify([result, github.comments]).includes(token));
      return { ...result, comments: github.comments, requests: github.requests };
    }

    it("posts one, and edits it in place the next time", async () => {
      const first = await post("one change\n");
      assert.equal(first.status, 0, first.stderr);
      await github?.close();
      fs.rmSync(join(folder, "preview"), { recursive: true });
      const second = await post("two changes\n", {
        comments: [comment(1, "hello", "someone"), ...first.comments],
      });
      assert.equal(second.status, 0, second.stderr);
      assert.equal(second.comments.length, 2);
      assert.match(
        second.comments[1]?.body ?? "",
        /^<!-- fleet preview -->\n### Preview of aaaaaaaaaa\n\ntwo changes\n/,
      );
    });

    it("finds its comment behind a hundred others, and leaves the marker in another's comment alone", async () => {
      const others = Array.from({ length: 130 }, (_, index) =>
        comment(index + 1, index === 3 ? "<!-- fleet preview -->" : "hm", "someone"),
      );
      const ours = comment(500, "<!-- fleet preview -->\nold");
      const { comments } = await post("new\n", { comments: [...others, ours] });
      assert.equal(comments.length, 131);
      assert.equal(comments[3]?.body, "<!-- fleet preview -->");
      assert.match(comments[130]?.body ?? "", /new/);
    });

    for (const [what, repository] of Object.entries({
      "whose head has moved on": { pulls: { 7: { state: "open", head: { ...head, sha: "b".repeat(40) } } } },
      "of another fork": {
        pulls: { 7: { state: "open", head: { ...head, repo: { full_name: "acme/data" } } } },
      },
      "whose fork is gone": { pulls: { 7: { state: "open", head: { ...head, repo: null } } } },
      "that is closed": { pulls: { 7: { state: "closed", head } } },
    }))
      it(`posts nothing on a pull request ${what}`, async () => {
        const { status, stdout, comments } = await post("x", repository);
        assert.equal(status, 0);
        assert.match(stdout, /^Not posted/);
        assert.deepEqual(comments, []);
      });

    for (const number of ["7/../8", "0", "7\n8", "", "x".repeat(40)])
      it(`refuses ${JSON.stringify(number)} as a number, before it asks GitHub`, async () => {
        const { status, requests } = await post("x", {}, number);
        assert.equal(status, 1);
        assert.deepEqual(requests, []);
      });

    it("refuses a link in the artifact, which could show the runner's own files", async () => {
      fs.mkdirSync(join(folder, "preview"));
      fs.symlinkSync("/etc/passwd", join(folder, "preview/summary.md"));
      const { status, comments } = await post("");
      assert.equal(status, 1);
      assert.deepEqual(comments, []);
    });

    it("cuts what is too long at a line's end, its code block closed, without control characters", async () => {
      const line = `${"é".repeat(99)}\n`;
      const { status, stderr, comments } = await post(`\u0007start\r\n\`\`\`diff\n${line.repeat(2000)}`);
      assert.equal(status, 0, stderr);
      const body = comments[0]?.body ?? "";
      assert.ok(body.length <= 65_536 && body.length > 64_000, String(body.length));
      assert.match(body, /\nstart\n```diff\n(é{99}\n)+```\n\n_Cut here; the artifact has the rest\._\n/);
    });
  });

  describe("the steps of drift.yml", () => {
    const look = async (code: number) => {
      fakeFleet("acme: 1 changed\n", code);
      write(
        "bin/node",
        `#!/bin/sh\ncase "$1" in *with-azure*) shift; exec "$@";; *) exec ${process.execPath} "$@";; esac\n`,
        0o755,
      );
      const output = write("output.txt", "");
      const result = await runStep("drift.yml", "Drift", {
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: join(folder, "page.md"),
      });
      return { ...result, output: read("output.txt") };
    };
    const issue = async (code: string, repository: FakeRepository) => {
      github = await startFakeGitHub(repository);
      write("drift/summary.md", "acme: 1 changed\n");
      const result = await runStep("drift.yml", "Issue", { ...github.env, EXIT_CODE: code });
      assert.equal(result.status, 0, result.stderr);
      return { ...result, issues: github.issues, requests: github.requests };
    };
    const open = (number: number, fields: Partial<FakePost> = {}): FakePost => ({
      id: number,
      number,
      body: "<!-- fleet drift -->\nold",
      state: "open",
      user: { login: "github-actions[bot]" },
      ...fields,
    });

    it("passes where there is drift or none, and fails where a tenant could not be looked at", async () => {
      for (const [code, status] of [
        [0, 0],
        [3, 0],
        [1, 1],
        [130, 1],
      ] as const) {
        const ended = await look(code);
        assert.equal(ended.status, status, ended.stderr);
        assert.equal(ended.output, `exit-code=${code}\n`);
        assert.match(read("page.md"), /^acme: 1 changed\n/);
      }
    });

    it("opens an issue for drift, and updates it the next night", async () => {
      const first = await issue("3", {
        issues: [open(4, { user: { login: "someone" } }), open(5, { pull_request: {} })],
      });
      assert.equal(first.issues.length, 3);
      assert.match(first.issues[2]?.body ?? "", /actions\/runs\/99[\s\S]*acme: 1 changed$/);
      await github?.close();
      const second = await issue("3", { issues: [open(6)] });
      assert.equal(second.issues.length, 1);
      assert.match(second.issues[0]?.body ?? "", /acme: 1 changed$/);
    });

    it("closes it when the drift is gone, with a word on why", async () => {
      const { issues, requests } = await issue("0", { issues: [open(6)] });
      assert.equal(issues[0]?.state, "closed");
      assert.ok(requests.includes("POST /repos/acme/data/issues/6/comments"));
    });

    it("leaves it alone where not every tenant could be looked at, and where there never was one", async () => {
      assert.deepEqual((await issue("1", { issues: [open(6)] })).requests, []);
      await github?.close();
      assert.deepEqual((await issue("0", {})).requests, ["GET /repos/acme/data/issues"]);
    });
  });

  describe("the step that deploys a ring", () => {
    const secret = "oidc-marker-token";

    async function deploy(env: Record<string, string>, code = 0) {
      const asked: { url: string; bearer: string | undefined; method: string | undefined }[] = [];
      const server = http.createServer((request, response) => {
        asked.push({ url: request.url ?? "", bearer: request.headers.authorization, method: request.method });
        response.end(JSON.stringify(request.method === "POST" ? { oidcToken: secret } : { value: secret }));
      });
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
      const script = `#!${process.execPath}
const fs = require("node:fs");
const { env } = process;
const file = env.AZURE_FEDERATED_TOKEN_FILE;
fs.writeFileSync("${join(folder, "npm.json")}", JSON.stringify({
  args: process.argv.slice(2), env, token: fs.readFileSync(file, "utf8"), mode: fs.statSync(file).mode & 0o777 }));
process.exitCode = ${code};
`;
      write("bin/npm", script, 0o755);
      const filled = Object.entries(env).map(([name, value]) => [name, value.replace("URL", url)]);
      const result = await runStep("deploy-ring.yml", "Deploy", {
        RING: "canary",
        ...Object.fromEntries(filled),
      });
      server.closeAllConnections();
      server.close();
      return { ...result, asked };
    }
    const arm = { ARM_CLIENT_ID: "client", ARM_TENANT_ID: "tenant", ARM_SUBSCRIPTION_ID: "subscription" };
    const actions = {
      ACTIONS_ID_TOKEN_REQUEST_URL: "URL?api-version=2",
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: "runner",
    };

    it("signs in as the job's identity, and leaves no token behind", async () => {
      const { status, stdout, stderr, asked } = await deploy({ ...arm, ...actions });
      assert.equal(status, 0, stderr);
      assert.deepEqual(asked, [
        {
          url: "/token?api-version=2&audience=api%3A%2F%2FAzureADTokenExchange",
          bearer: "Bearer runner",
          method: "GET",
        },
      ]);
      const { args, env, token: given, mode } = JSON.parse(read("npm.json"));
      assert.deepEqual(args.slice(0, 7), ["run", "fleet", "--", "up", "--yes", "--tag", "ring=canary"]);
      assert.deepEqual(
        [env.ARM_USE_OIDC, env.AZURE_CLIENT_ID, env.AZURE_TENANT_ID, given, mode],
        ["true", "client", "tenant", secret, 0o600],
      );
      assert.ok(!fs.existsSync(dirname(env.AZURE_FEDERATED_TOKEN_FILE)));
      assert.ok(!`${stdout}${stderr}`.includes(secret));
    });

    it("signs in through Azure Pipelines' service connection", async () => {
      const { status, asked, stderr } = await deploy({
        ARM_SUBSCRIPTION_ID: "subscription",
        SYSTEM_OIDCREQUESTURI: "URL",
        SYSTEM_ACCESSTOKEN: "job",
        AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: "connection",
        AZURESUBSCRIPTION_CLIENT_ID: "client",
        AZURESUBSCRIPTION_TENANT_ID: "tenant",
      });
      assert.equal(status, 0, stderr);
      assert.deepEqual(asked, [
        {
          url: "/token?api-version=7.1&serviceConnectionId=connection",
          bearer: "Bearer job",
          method: "POST",
        },
      ]);
      const { env } = JSON.parse(read("npm.json"));
      assert.deepEqual([env.ARM_CLIENT_ID, env.ARM_TENANT_ID], ["client", "tenant"]);
      assert.equal(env.ARM_OIDC_TOKEN_FILE_PATH, env.AZURE_FEDERATED_TOKEN_FILE);
    });

    it("fails as the deployment does", async () =>
      assert.equal((await deploy({ ...arm, ...actions }, 1)).status, 1));

    it("renews the token while the command runs", async () => {
      const seen = join(folder, "seen.txt");
      const script = `#!${process.execPath}
const fs = require("node:fs");
const look = () => {
  const token = fs.readFileSync(process.env.AZURE_FEDERATED_TOKEN_FILE, "utf8");
  if (token !== "token-1") return fs.writeFileSync(${JSON.stringify(seen)}, token);
  setTimeout(look, 5);
};
look();
`;
      write("bin/npm", script, 0o755);
      let tokens = 0;
      const server = http.createServer((_request, response) => {
        response.end(JSON.stringify({ value: `token-${++tokens}` }));
      });
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
      const soon = `data:text/javascript,const real = setInterval; globalThis.setInterval = (work) => real(work, 10);`;
      const { status, stderr } = await runStep("deploy-ring.yml", "Deploy", {
        ...arm,
        ...actions,
        ACTIONS_ID_TOKEN_REQUEST_URL: url,
        RING: "canary",
        NODE_OPTIONS: `--import "${soon}"`,
      });
      server.closeAllConnections();
      server.close();
      assert.equal(status, 0, stderr);
      assert.notEqual(fs.readFileSync(seen, "utf8"), "token-1");
    });

    it("hands a signal on, waits for the command, and takes the token away", async () => {
      const server = http.createServer((_request, response) => response.end('{"value":"t"}'));
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      const command = `process.on("SIGINT", () => process.exit(5)); setInterval(() => {}, 1000); console.log("ready")`;
      const wrapper = join(projectRoot, "scripts/ci/with-azure.mts");
      const child = spawn(process.execPath, [wrapper, process.execPath, "-e", command], {
        env: { ...arm, ...actions, ACTIONS_ID_TOKEN_REQUEST_URL: url, TMPDIR: folder },
        stdio: ["ignore", "pipe", "inherit"],
      });
      await once(child.stdout, "data");
      assert.equal(fs.readdirSync(folder).length, 1);
      child.kill("SIGINT");
      assert.deepEqual(await once(child, "exit"), [5, null]);
      assert.deepEqual(fs.readdirSync(folder), []);
      server.closeAllConnections();
      server.close();
    });

    it("names what is not set, all at once", async () => {
      const { status, stderr } = await deploy({ ARM_CLIENT_ID: "client", ...actions });
      assert.equal(status, 2);
      assert.match(stderr, /^Set ARM_TENANT_ID, ARM_SUBSCRIPTION_ID: /);
    });
  });
});

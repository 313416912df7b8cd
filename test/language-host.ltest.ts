import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { runCli } from "../commands/fleet/testing/run-cli";
import { copyProject, edit, replaceSample } from "../local/fleet/testing/project-copy";
import { type LocalAzure, startLocalAzure } from "../local/local-azure";
import { project } from "../local/places";
import { deployerAsAdmin } from "../local/tenant-stack";
import { type Attachment, attachProviders } from "../packages/azure-emulator/engine";
import { needsLanguageHost } from "../packages/kit/testing/skip";

const secret = "a-secret-of-the-client";

interface Ran {
  readonly code: number | null;
  /** Both streams. */
  readonly said: string;
}

describe("The project as people run it: Pulumi's CLI and its language host", () => {
  const folder = mkdtempSync(join(tmpdir(), "qt-host-"));
  const root = join(folder, "project");
  let azure: LocalAzure;
  let attached: Attachment;
  let pulumi: string;

  before(async function () {
    pulumi = needsLanguageHost(this).binary;
    const state = join(folder, "emulator");
    azure = await startLocalAzure({ folder: state });
    const { context, controlPlane } = azure;
    attached = await attachProviders({ project, folder: state, context, controlPlane });
    copyProject(root);
    replaceSample(root, ["acme", "beta"]);
  });
  after(async () => {
    attached?.close();
    await azure?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const environment = (): NodeJS.ProcessEnv => ({
    ...process.env,
    ...attached.environment,
    PULUMI_HOME: join(folder, "home"),
  });
  async function run(
    command: string,
    args: readonly string[],
    env = environment(),
    input = "",
  ): Promise<Ran> {
    const child = spawn(command, args, { cwd: root, env, stdio: ["pipe", "pipe", "pipe"] });
    child.stdin.end(input);
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    const [out, error, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    return { code, said: out + error };
  }
  const unattended = ["--non-interactive", "--color", "never"];
  const cli = (...args: readonly string[]) => run(pulumi, [...args, ...unattended]);
  const fleet = (...args: readonly string[]) => runCli(root, args, environment());
  /** As it was before: runs the work on a changed file. */
  async function changed<T>(
    file: string,
    change: (text: string) => string,
    work: () => Promise<T>,
  ): Promise<T> {
    const path = join(root, file);
    const before = readFileSync(path, "utf8");
    edit(root, file, change);
    try {
      return await work();
    } finally {
      writeFileSync(path, before);
    }
  }
  /** Nothing that belongs to a machine or a terminal. */
  const isPlain = (said: string) => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
    assert.doesNotMatch(said, /\u001b/);
    for (const path of [folder, dirname(__dirname)]) assert.ok(!said.includes(path), said);
  };

  it("makes a stack, and previews what it would deploy, without its secret", async () => {
    for (const tenant of ["acme", "beta"]) {
      assert.equal((await cli("stack", "init", tenant)).code, 0);
      const set = ["config", "set", "--secret", "quantemplate:clientSecret", "-s", tenant, ...unattended];
      assert.equal((await run(pulumi, set, environment(), secret)).code, 0);
      const { clientId, objectId } = azure.context.principals.deployer;
      const admin = ["config", "set", "quantemplate:sqlAdmin", deployerAsAdmin(clientId, objectId)];
      assert.equal((await cli(...admin, "-s", tenant)).code, 0);
    }
    const { code, said } = await cli("preview", "-s", "acme");
    assert.equal(code, 0, said);
    assert.match(said, /\+ \d\d to create/);
    assert.ok(!said.includes(secret));
    assert.deepEqual(azure.context.resources.list(), []);
  });

  it("refuses an old Node in the preview, and runs with the command that it names", async () => {
    const old = join(folder, "old-node");
    mkdirSync(old);
    const version = join(old, "version.js");
    writeFileSync(
      version,
      'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.20.2" } });\n',
    );
    writeFileSync(join(old, "node"), `#!/bin/sh\nexec "${process.execPath}" --require "${version}" "$@"\n`);
    chmodSync(join(old, "node"), 0o755);
    // npm is beside a real node, which comes after the old one.
    const env = { ...environment(), PATH: [old, environment().PATH].join(delimiter) };
    const refused = await run(pulumi, ["up", "--yes", "-s", "acme", ...unattended], env);
    assert.notEqual(refused.code, 0);
    assert.match(refused.said, /error: QT1230: .*20\.20\.2.*\n\s+Safe: Nothing was deployed\.\n\s+Next: /);
    assert.deepEqual(azure.context.resources.list(), []);
    const [, named] = /`(npm exec -c "pulumi up")`/.exec(refused.said) ?? [];
    assert.ok(named !== undefined, refused.said);
    // The same command, without a deployment.
    const preview = named.replace("pulumi up", `'${pulumi}' preview -s acme --non-interactive`);
    const newer = await run("sh", ["-c", preview], env);
    assert.equal(newer.code, 0, newer.said);
    assert.match(newer.said, /\+ \d\d to create/);
  });

  it("deploys, and previews nothing more", async () => {
    const up = await cli("up", "--yes", "--skip-preview", "-s", "acme");
    assert.equal(up.code, 0, up.said);
    assert.ok(!up.said.includes(secret));
    assert.ok(azure.context.resources.list().length > 40);
    const again = await cli("preview", "--expect-no-changes", "-s", "acme");
    assert.equal(again.code, 0, again.said);
  });

  it("shows a mistake in the configuration as code, what happened, what is safe and what is next", async () => {
    await changed(
      "Pulumi.acme.yaml",
      (config) => config.replace("type: int}", "type: integer}"),
      async () => {
        const { code, said } = await cli("preview", "-s", "acme");
        assert.notEqual(code, 0);
        assert.match(
          said,
          /error: QT1001: .* mistakes?:\n\s+- quantemplate:datasets\[0\].*\n(.*\n)*\s+Safe: .*\n\s+Next: .*tenant -- check/,
        );
        assert.doesNotMatch(said, /unhandled exception|at Object\./);
        isPlain(said);
        const markdown = join(folder, "summary.md");
        const { code: failed, stdout } = await fleet("preview", "--tenant", "acme", "--markdown", markdown);
        assert.equal(failed, 1);
        assert.match(stdout, /^✗ acme: failed: QT1001: /m);
        for (const report of [stdout, readFileSync(markdown, "utf8")]) {
          assert.match(report, /QT1001: (.*\n)+\s*Safe: .*\n\s*Next: /);
          isPlain(report);
        }
      },
    );
  });

  it("shows a defect of the program with its place, and no stack", async () => {
    await changed(
      "infra/program.ts",
      (program) => program.replace("const config = readTenantConfig();", 'throw new Error("boom");'),
      async () => {
        const { stdout } = await fleet("preview", "--tenant", "acme");
        assert.match(stdout, /^✗ acme: failed: QT1231: The program failed unexpectedly: boom /m);
        assert.match(stdout, /infra\/program\.ts:\d+/);
        isPlain(stdout);
      },
    );
  });

  it("sees what was changed by hand", async () => {
    const { resources } = azure.context;
    const [plan] = resources.list({ type: "Microsoft.Automation/automationAccounts/variables" });
    assert.ok(plan !== undefined);
    const none = await fleet("drift", "--tenant", "acme");
    assert.equal(none.code, 0, none.stdout);
    await resources.set({ ...plan, properties: { ...plan.properties, value: '"by hand"' } });
    const { code, stdout } = await fleet("drift", "--tenant", "acme");
    assert.equal(code, 3, stdout);
    assert.match(stdout, /~ update automation Variable/);
    const back = await fleet("up", "--yes", "--refresh", "--tenant", "acme");
    assert.equal(back.code, 0, back.stdout);
    assert.equal((await fleet("drift", "--tenant", "acme")).code, 0);
  });

  it("deploys and previews a fleet of two", async () => {
    const up = await fleet("up", "--yes");
    assert.equal(up.code, 0, up.stdout);
    assert.match(up.stdout, /^✓ acme: no changes/m);
    assert.match(up.stdout, /^✓ beta: \d+ creates/m);
    const preview = await fleet("preview");
    assert.equal(preview.code, 0, preview.stdout);
    assert.match(preview.stdout, /No changes in 2 tenants/);
  });

  it("destroys both, and leaves nothing", async () => {
    const destroyed = await fleet("destroy", "--yes");
    assert.equal(destroyed.code, 0, destroyed.stdout);
    assert.deepEqual(
      azure.context.resources.list().map(({ id }) => id),
      [],
    );
  });
});

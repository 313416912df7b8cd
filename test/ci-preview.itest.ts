import assert from "node:assert/strict";
import fs from "node:fs";
import { join } from "node:path";
import { azureScript } from "./support/azure-pipelines";
import { type CiFolder, ciFolder, option, startTokenServer } from "./support/ci-folder";
import { workflows } from "./support/workflow-files";

const previewIn = (job: string) =>
  workflows
    .find(({ file }) => file === "preview.yml")
    ?.jobs[job]?.steps?.find(({ name }) => name === "Preview")?.run ?? "";

describe("the preview step", () => {
  let ci: CiFolder;
  beforeEach(() => {
    ci = ciFolder();
  });
  afterEach(() => ci.remove());

  /** Makes a pull request whose merge changes these files; null removes one. */
  function changed(files: Readonly<Record<string, string | null>>): void {
    ci.git("init", "--quiet", "--initial-branch", "main");
    for (const name of ["Pulumi.acme.yaml", "Pulumi.beta.yaml", "Pulumi.yaml", "infra/index.ts"])
      ci.write(name, `${name}\n`.repeat(20));
    ci.write(".gitignore", "/scripts\n/tmp\n/preview\n");
    ci.git("add", ".");
    ci.git("commit", "--quiet", "-m", "base");
    for (const [name, content] of Object.entries(files))
      if (content === null) fs.rmSync(join(ci.folder, name));
      else ci.write(name, content);
    ci.git("add", ".");
    ci.git("commit", "--quiet", "--allow-empty", "-m", "change");
  }
  const preview = (env: Readonly<Record<string, string>> = {}, script = previewIn("stand-in")) =>
    ci.runScript(script, { PULL_REQUEST: "7", ...env });

  it("previews the tenants whose files changed, in the emulator, and says so", async () => {
    changed({ "Pulumi.acme.yaml": "2\n", "Pulumi.new.yaml": "1\n" });
    ci.fakeFleet("No changes.\n", 0);
    const { status, stderr } = await preview();
    assert.equal(status, 0, stderr);
    const { args } = ci.fleetCall();
    assert.deepEqual(args.slice(0, 2), ["commands/fleet/cli.ts", "preview"]);
    assert.equal(option(args, "--tenant"), "acme,new");
    assert.ok(args.includes("--local"));
    assert.equal(option(args, "--base"), ci.git("rev-parse", "HEAD^1").trim());
    assert.match(
      ci.read("preview/summary.md"),
      /^In the local emulator, without any cloud credential: .*\n\nNo changes\.\n$/,
    );
    assert.equal(ci.read("preview/pull-request.txt"), "7\n");
  });

  for (const [where, script, identity] of [
    ["GitHub Actions", previewIn("azure"), "gitHub"],
    ["Azure Pipelines", azureScript("preview", "azure", "Preview"), "azurePipelines"],
  ] as const)
    it(`previews against the deployed stacks if an identity is configured on ${where}`, async () => {
      changed({ "Pulumi.acme.yaml": "2\n" });
      ci.fakeFleet("No changes.\n", 0);
      const tokens = await startTokenServer();
      const { status, stderr } = await preview(tokens[identity], script);
      tokens.close();
      assert.equal(status, 0, stderr);
      const { args, token } = ci.fleetCall();
      assert.equal(token, "oidc-marker");
      assert.ok(!args.includes("--local") && !args.includes("--base"), args.join(" "));
      assert.match(
        ci.read("preview/summary.md"),
        /^Against the deployed stacks\. What is merged and not yet deployed shows here too: main is at [0-9a-f]{10}\.\n\nNo changes\.\n$/,
      );
    });

  it("previews in the emulator on Azure Pipelines too, and shows it on the run's page", async () => {
    changed({ "Pulumi.acme.yaml": "2\n" });
    ci.fakeFleet("No changes.\n", 0);
    const { stdout } = await preview({ TF_BUILD: "True" }, azureScript("preview", "stand_in", "Preview"));
    assert.ok(ci.fleetCall().args.includes("--local"));
    assert.match(stdout, /^##vso\[task\.uploadsummary\]\/.*\/preview\/summary\.md$/m);
  });

  it("previews every tenant if another file changed too", async () => {
    changed({ "Pulumi.acme.yaml": "2\n", "infra/index.ts": "2\n" });
    ci.fakeFleet("x", 0);
    await preview();
    assert.ok(!ci.fleetCall().args.includes("--tenant"));
  });

  it("leaves room in the comment for the text around the summary", async () => {
    changed({ "infra/index.ts": "2\n" });
    ci.fakeFleet("x", 0);
    await preview();
    const limit = Number(option(ci.fleetCall().args, "--comment-limit"));
    assert.ok(limit > 55_000 && limit < 65_536 - 2_000, String(limit));
  });

  it("leaves a tenant whose file was removed to the fleet, which finds it in the base", async () => {
    changed({ "Pulumi.beta.yaml": null, "Pulumi.gamma.yaml": "Pulumi.beta.yaml\n".repeat(20) });
    ci.fakeFleet("x", 0);
    await preview();
    assert.equal(option(ci.fleetCall().args, "--tenant"), "gamma,beta");
    assert.doesNotMatch(ci.read("preview/summary.md"), /its file is removed/);
  });

  it("reports that tenant itself against the deployed stacks, and previews none", async () => {
    changed({ "Pulumi.beta.yaml": null });
    ci.fakeFleet("x", 0);
    const tokens = await startTokenServer();
    const { status } = await preview(tokens.gitHub, previewIn("azure"));
    tokens.close();
    assert.equal(status, 0);
    assert.ok(!ci.exists("tmp/fleet.json"));
    assert.match(
      ci.read("preview/summary.md"),
      /\*\*beta\*\*: its file is removed\. A tenant goes in two steps: `quantemplate:retired: true`/,
    );
    assert.match(ci.read("preview/summary.md"), /Nothing else changes\.\n$/);
  });

  it("says nothing of the stack of a tenant that only the emulator had", async () => {
    ci.write("Pulumi.lab.yaml", "config:\n  quantemplate:emulatorOnly: true\n");
    changed({ "Pulumi.lab.yaml": null });
    ci.fakeFleet("x", 0);
    const tokens = await startTokenServer();
    await preview(tokens.gitHub, previewIn("azure"));
    tokens.close();
    assert.match(
      ci.read("preview/summary.md"),
      /^Against the deployed stacks\. [^\n]*\n\nNothing that is deployed changed\.\n$/,
    );
  });

  it("leaves out later changes on the target branch", async () => {
    changed({ "Pulumi.acme.yaml": "2\n" });
    // HEAD is the pull request's own commit here instead of GitHub's merge, and the base has moved on.
    ci.git("checkout", "--quiet", "-b", "later", "HEAD^");
    ci.write("Pulumi.beta.yaml", "2\n");
    ci.git("commit", "--quiet", "-am", "later");
    ci.git("checkout", "--quiet", "main");
    ci.fakeFleet("x", 0);
    await preview({}, previewIn("stand-in").replace("HEAD^1", "later"));
    assert.equal(option(ci.fleetCall().args, "--tenant"), "acme");
  });

  for (const file of [
    "Pulumi.acme,beta.yaml",
    "Pulumi.$(id).yaml",
    "infra/Pulumi.acme.yaml",
    "Pulumi.-all.yaml",
    "Pulumi.acme.yaml.txt",
  ])
    it(`does not take ${file} for a tenant's file`, async () => {
      changed({ [file]: "2\n" });
      ci.fakeFleet("x", 0);
      await preview();
      assert.ok(!ci.fleetCall().args.includes("--tenant"));
    });

  it("fails if the fleet fails, with a summary that says so", async () => {
    changed({ "Pulumi.yaml": "2\n" });
    ci.fakeFleet(undefined, 1);
    const { status } = await preview();
    assert.equal(status, 1);
    assert.match(ci.read("preview/summary.md"), /No tenant was processed \(exit code 1\)/);
  });
});

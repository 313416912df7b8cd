import assert from "node:assert/strict";
import { join } from "node:path";
import { azureScript } from "./support/azure-pipelines";
import { type CiFolder, ciFolder, startTokenServer } from "./support/ci-folder";
import { type FakePost, type FakeRepository, startFakeGitHub } from "./support/fake-github";
import { workflowStep } from "./support/workflow-files";

describe("the steps of drift.yml", () => {
  let ci: CiFolder;
  beforeEach(() => {
    ci = ciFolder();
  });
  afterEach(() => ci.remove());

  async function look(code: number, script: string, identity: "gitHub" | "azurePipelines") {
    ci.fakeFleet("acme: 1 changed\n", code);
    ci.write("output.txt", "");
    const tokens = await startTokenServer();
    const onGitHub = {
      GITHUB_OUTPUT: join(ci.folder, "output.txt"),
      GITHUB_STEP_SUMMARY: join(ci.folder, "page.md"),
    };
    const end = await ci.runScript(script, {
      ...tokens[identity],
      ...(identity === "gitHub" ? onGitHub : {}),
    });
    tokens.close();
    assert.equal(end.status, code, end.stderr);
    assert.deepEqual(ci.fleetCall().args.slice(0, 2), ["commands/fleet/cli.ts", "drift"]);
    return end;
  }

  it("report the outcome for every exit code, and pass only with or without drift", async () => {
    const drift = workflowStep("drift.yml", "Drift").run ?? "";
    for (const [code, status] of [
      [0, 0],
      [3, 0],
      [1, 1],
      [2, 1],
      [130, 1],
    ] as const) {
      await look(code, drift, "gitHub");
      assert.equal(ci.read("output.txt"), `exit-code=${code}\n`);
      assert.match(ci.read("page.md"), /^acme: 1 changed\n/);
      const last = { EXIT_CODE: String(code) };
      const end = await ci.runStep("drift.yml", "Fail unless every tenant was checked", last);
      assert.equal(end.status, status);
    }
    // The drift step did not even begin.
    const none = await ci.runStep("drift.yml", "Fail unless every tenant was checked", { EXIT_CODE: "" });
    assert.equal(none.status, 1);
  });

  it("fail the run on Azure Pipelines if there is drift", async () => {
    const { stdout } = await look(3, azureScript("drift", "look", "Drift"), "azurePipelines");
    assert.match(stdout, /^##vso\[task\.uploadsummary\]\/.*\/drift\/summary\.md$/m);
  });

  it("leave a summary even if no tenant is selected", async () => {
    ci.fakeFleet(undefined, 0);
    const tokens = await startTokenServer();
    await ci.runStep("drift.yml", "Drift", tokens.gitHub);
    tokens.close();
    assert.equal(ci.read("drift/summary.md"), "No tenant is selected: nothing to do.\n");
  });
});

describe("the step that keeps the issue about drift", () => {
  let ci: CiFolder;
  beforeEach(() => {
    ci = ciFolder();
  });
  afterEach(() => ci.remove());

  async function issue(code: string, repository: FakeRepository) {
    const github = await startFakeGitHub(repository);
    ci.write("drift/summary.md", "acme: 1 changed\n");
    const end = await ci.runStep("drift.yml", "Issue", { ...github.env, EXIT_CODE: code });
    await github.close();
    return { ...end, issues: github.issues, requests: github.requests };
  }
  const open = (number: number, fields: Partial<FakePost> = {}): FakePost => ({
    id: number,
    number,
    body: "<!-- fleet drift -->\nold",
    state: "open",
    user: { login: "github-actions[bot]" },
    ...fields,
  });

  it("opens one for drift, and updates it the next night", async () => {
    // Somebody else's issue, a pull request, and an issue that only quotes the marker.
    const others = [
      open(4, { user: { login: "someone" } }),
      open(5, { pull_request: {} }),
      open(7, { body: "see <!-- fleet drift -->" }),
    ];
    const first = await issue("3", { issues: others });
    assert.equal(first.issues.length, 4, first.stderr);
    assert.match(
      first.issues[3]?.body ?? "",
      /^<!-- fleet drift -->\n.*actions\/runs\/99.* restores what the program declares.*\n\nacme: 1 changed$/,
    );
    const second = await issue("3", { issues: [open(6)] });
    assert.equal(second.issues.length, 1);
    assert.match(second.issues[0]?.body ?? "", /acme: 1 changed$/);
  });

  it("also reports tenants that could not be checked, and closes nothing then", async () => {
    const { issues, status } = await issue("1", { issues: [open(6)] });
    assert.equal(status, 0);
    assert.equal(issues[0]?.state, "open");
    assert.match(issues[0]?.body ?? "", /Not every tenant could be checked[\s\S]*acme: 1 changed$/);
    assert.equal((await issue("1", {})).issues.length, 1);
  });

  it("closes it when the drift is gone, with a comment that says why", async () => {
    const { issues, requests } = await issue("0", { issues: [open(6)] });
    assert.deepEqual([issues[0]?.state, issues[0]?.state_reason], ["closed", "completed"]);
    assert.ok(requests.includes("POST /repos/acme/data/issues/6/comments"));
  });

  it("leaves it alone if nothing was checked, and opens none if there is no drift", async () => {
    for (const code of ["2", "130"])
      assert.deepEqual((await issue(code, { issues: [open(6)] })).requests, []);
    assert.deepEqual((await issue("0", {})).requests, ["GET /repos/acme/data/issues"]);
  });

  it("tries again if GitHub is busy, and fails with GitHub's reason in the end", async () => {
    const busy = (status: number) => ({ status, headers: { "retry-after": "0" } });
    const later = await issue("3", {
      issues: [open(6)],
      refusals: { "GET /issues": [busy(403), busy(429), busy(502)], "PATCH /issues/6": [busy(503)] },
    });
    assert.equal(later.status, 0, later.stderr);
    assert.match(later.issues[0]?.body ?? "", /acme: 1 changed$/);
    // A POST that may have succeeded is not repeated.
    const post = await issue("3", { refusals: { "POST /issues": [busy(502)] } });
    assert.equal(post.status, 1);
    assert.deepEqual(post.requests.slice(-1), ["POST /repos/acme/data/issues"]);
    assert.equal(post.stderr, "GitHub answered 502 to POST /issues: refused\n");
    const never = await issue("3", {
      refusals: { "GET /issues": Array.from({ length: 9 }, () => busy(429)) },
    });
    assert.equal(never.status, 1);
    assert.equal(never.requests.length, 5);
    const forbidden = await issue("3", { refusals: { "GET /issues": [{ status: 403, headers: {} }] } });
    assert.equal(forbidden.requests.length, 1);
  });
});

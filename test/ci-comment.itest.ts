import assert from "node:assert/strict";
import fs from "node:fs";
import { join } from "node:path";
import { type CiFolder, ciFolder } from "./support/ci-folder";
import { type FakePost, type FakeRepository, startFakeGitHub, token } from "./support/fake-github";

describe("the step that comments on the pull request", () => {
  let ci: CiFolder;
  let github: Awaited<ReturnType<typeof startFakeGitHub>> | undefined;
  beforeEach(() => {
    ci = ciFolder();
  });
  afterEach(async () => {
    await github?.close();
    github = undefined;
    ci.remove();
  });

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

  async function post(
    summary: string | undefined,
    repository: FakeRepository = {},
    number = "7\n",
    of: { readonly head_repository: object | null } = run,
  ) {
    github = await startFakeGitHub({ pulls: { 7: { state: "open", head } }, ...repository });
    if (summary !== undefined) {
      if (!ci.exists("tmp/preview/summary.md")) ci.write("tmp/preview/summary.md", summary);
      ci.write("tmp/preview/pull-request.txt", number);
    }
    const event = ci.write("event.json", JSON.stringify({ workflow_run: of }));
    const result = await ci.runStep("preview-comment.yml", "Comment", {
      ...github.env,
      GITHUB_EVENT_PATH: event,
    });
    assert.ok(!JSON.stringify([result, github.comments]).includes(token));
    return { ...result, comments: github.comments, requests: github.requests };
  }

  it("posts a comment, and edits it the next time", async () => {
    const first = await post("one change\n");
    assert.equal(first.status, 0, first.stderr);
    await github?.close();
    fs.rmSync(join(ci.folder, "tmp/preview"), { recursive: true });
    const second = await post("two changes\n", {
      comments: [comment(1, "hello", "someone"), ...first.comments],
    });
    assert.equal(second.status, 0, second.stderr);
    assert.equal(second.comments.length, 2);
    assert.match(
      second.comments[1]?.body ?? "",
      /^<!-- fleet preview -->\n### Preview of aaaaaaaaaa\n\n<sub>Made by the pull request's own code in \[this run\]\(.*\n\ntwo changes$/,
    );
  });

  it("finds its comment after a hundred others, and ignores the marker in somebody else's comment", async () => {
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
    "that has a newer commit": { pulls: { 7: { state: "open", head: { ...head, sha: "b".repeat(40) } } } },
    "from another fork": {
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

  it("posts nothing, and does not fail, if the run's fork is gone, even if the pull request's fork is gone too", async () => {
    const gone = { pulls: { 7: { state: "open", head: { ...head, repo: null } } } };
    const { status, stdout } = await post("x", gone, "7\n", { ...run, head_repository: null });
    assert.equal(status, 0);
    assert.match(stdout, /^Not posted/);
  });

  it("posts nothing, and does not fail, if the preview broke off and left no artifact", async () => {
    const { status, stdout, comments } = await post(undefined);
    assert.deepEqual([status, stdout], [0, "Not posted: the preview's run left no artifact.\n"]);
    assert.deepEqual(comments, []);
  });

  it("withdraws an earlier commit's preview then, but not the newest one's, and nobody else's comment", async () => {
    const old = () => [
      comment(4, "<!-- fleet preview -->", "someone"),
      comment(5, "<!-- fleet preview -->\nold"),
    ];
    const { status, stderr, comments } = await post(undefined, { comments: old() });
    assert.equal(status, 0, stderr);
    assert.equal(comments[0]?.body, "<!-- fleet preview -->");
    assert.match(
      comments[1]?.body ?? "",
      /^<!-- fleet preview -->\n### No preview of aaaaaaaaaa\n\n<sub>\[Its run\]/,
    );
    await github?.close();
    const newer = {
      pulls: { 7: { state: "open", head: { ...head, sha: "b".repeat(40) } } },
      comments: old(),
    };
    assert.match((await post(undefined, newer)).comments[1]?.body ?? "", /old$/);
  });

  it("refuses a summary that is larger than a preview can be", async () => {
    const { status, stderr, comments } = await post("x".repeat((4 << 20) + 1));
    assert.equal(status, 1);
    assert.equal(stderr, `summary.md in the artifact has ${(4 << 20) + 1} bytes, more than ${4 << 20}\n`);
    assert.deepEqual(comments, []);
  });

  it("says whose text it is above the text, and disables mentions, images and HTML in it", async () => {
    const { comments } = await post("@everyone ![x](y)\n<!--");
    assert.match(
      comments[0]?.body ?? "",
      /<sub>Made by the pull request's own code[^\n]*\n\n@\u200beveryone !\u200b\[x\]\(y\)\n<\u200b!--$/,
    );
  });

  for (const number of ["7/../8", "0", "7\n8", "", "x".repeat(40)])
    it(`refuses ${JSON.stringify(number)} as a number, before it calls GitHub`, async () => {
      const { status, requests } = await post("x", {}, number);
      assert.equal(status, 1);
      assert.deepEqual(requests, []);
    });

  it("refuses a symbolic link in the artifact, which could expose the runner's files", async () => {
    fs.mkdirSync(join(ci.folder, "tmp/preview"), { recursive: true });
    fs.symlinkSync("/etc/passwd", join(ci.folder, "tmp/preview/summary.md"));
    ci.write("tmp/preview/pull-request.txt", "7\n");
    const { status, stderr, comments } = await post(undefined);
    assert.equal(stderr, "summary.md in the artifact is not a file\n");
    assert.equal(status, 1);
    assert.deepEqual(comments, []);
  });

  it("cuts a long text at the end of a line, closes its code block, and removes control characters", async () => {
    const line = `${"é".repeat(99)}\n`;
    const { status, stderr, comments } = await post(`\u0007start\r\n\`\`\`diff\n${line.repeat(2000)}`);
    assert.equal(status, 0, stderr);
    const body = comments[0]?.body ?? "";
    assert.ok(body.length <= 65_536 && body.length > 64_000, String(body.length));
    assert.match(body, /\n\nstart\n```diff\n(é{99}\n)+```\n\n_Cut here; the artifact has the rest\._$/);
  });
});

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type CliProject, cliProject } from "./testing/run-cli";

interface Report {
  readonly tenants: readonly { tenant: string; status: string; next?: string; outputs?: unknown }[];
  readonly summary: { stacks: readonly { stack: string; problems: readonly string[] }[] };
}

describe("npm run fleet", function () {
  this.timeout(60_000);
  let project: CliProject;
  const open = (tenants: Readonly<Record<string, string>>) => {
    project = cliProject(tenants);
    return project;
  };
  afterEach(() => project.remove());
  const statuses = (stdout: string) =>
    Object.fromEntries((JSON.parse(stdout) as Report).tenants.map(({ tenant, status }) => [tenant, status]));
  const stacks = () => project.calls().map(({ stack }) => stack);

  it("previews every tenant, and a failure neither stops nor hides the others", async () => {
    const { run, folder } = open({ acme: "", fails: "", same: "", silent: "" });
    const files = ["--markdown", join(folder, "out/short.md"), "--artifact", join(folder, "out/full.md")];
    const { code, stdout } = await run("preview", ...files);
    assert.equal(code, 1);
    assert.match(stdout, /✓ acme: 1 update/);
    assert.match(stdout, /✗ fails: No quota in fails/);
    assert.match(stdout, /✗ silent: could not read the state/);
    assert.match(stdout, /✓ same: no changes/);
    for (const file of ["short.md", "full.md"]) {
      const text = readFileSync(join(folder, "out", file), "utf8");
      for (const part of ["acme", "No quota in fails", "could not read the state"])
        assert.ok(text.includes(part), part);
    }
    assert.deepEqual(stacks().sort(), ["acme", "fails", "same", "silent"]);
    for (const { args, secret } of project.calls()) {
      assert.ok(args.includes("--non-interactive"));
      assert.equal(secret, undefined);
    }
  });

  it("selects by name and by tag; nothing selected is no mistake, an unknown tenant is one", async () => {
    const { run } = open({ one: "canary", two: "canary", three: "" });
    assert.equal((await run("preview", "--tag", "ring=canary", "--tenant", "two,three")).code, 0);
    assert.deepEqual(stacks(), ["two"]);
    assert.equal((await run("preview", "--tag", "ring=general")).code, 0);
    assert.deepEqual(stacks(), ["two", "three"]);
    assert.equal((await run("preview", "--tag", "ring!=canary")).code, 0);
    assert.deepEqual(stacks(), ["two", "three", "three"]);
    const none = await run("preview", "--tag", "ring=none");
    assert.deepEqual([none.code, none.stdout], [0, "No tenant is selected: nothing to do.\n"]);
    const unknown = await run("preview", "--tenant", "nobody");
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /QT9017/);
    assert.equal((await run("preview", "--parallel", "0")).code, 2);
    assert.equal(stacks().length, 3);
  });

  it("tells drift by the exit code, and a failure before it", async () => {
    const { run } = open({ acme: "", same: "", fails: "" });
    assert.equal((await run("drift", "--tenant", "same")).code, 0);
    assert.equal((await run("drift", "--tenant", "same,acme")).code, 3);
    assert.equal((await run("drift")).code, 1);
    assert.deepEqual(project.calls()[0]?.args.slice(0, 2), ["refresh", "--preview-only"]);
  });

  it("does not deploy unasked", async () => {
    const { run } = open({ acme: "" });
    for (const verb of ["up", "destroy"]) {
      const { code, stderr } = await run(verb);
      assert.equal(code, 2);
      assert.match(stderr, /QT9511/);
    }
    assert.deepEqual(stacks(), []);
  });

  it("deploys ring after ring, stops where too many failed, and goes on with the rest", async () => {
    const { run, folder } = open({ general: "", fails: "early", a: "canary", b: "early" });
    const first = await run("up", "--yes", "--json");
    assert.equal(first.code, 1);
    const [canary, ...early] = stacks();
    assert.equal(canary, "a");
    assert.deepEqual(early.sort(), ["b", "fails"]);
    assert.deepEqual(statuses(first.stdout), {
      a: "done",
      b: "done",
      fails: "failed",
      general: "not started",
    });

    const again = await run("up", "--yes", "--resume", "--max-failures", "1");
    assert.equal(again.code, 1);
    assert.deepEqual(stacks().slice(3), ["fails", "general"]);
    const last = await run("up", "--yes", "--resume", "--json");
    assert.deepEqual(statuses(last.stdout), { fails: "failed" });
    assert.ok(existsSync(join(folder, ".fleet", "up.json")));
  });

  it("refuses to resume what never ran", async () => {
    const { run } = open({ acme: "" });
    const { code, stderr } = await run("up", "--yes", "--resume");
    assert.equal(code, 2);
    assert.match(stderr, /QT9512/);
  });

  it("shows outputs, and no secret one", async () => {
    const { run } = open({ acme: "" });
    const { code, stdout } = await run("outputs", "--json");
    assert.equal(code, 0);
    const [acme] = (JSON.parse(stdout) as Report).tenants;
    assert.deepEqual(acme?.outputs, { webhookUrl: "[secret]", name: "acme" });
    assert.ok(!project.calls()[0]?.args.includes("--show-secrets"));
  });

  it("lets Pulumi finish at Ctrl-C, asks it once, and says what is left", async () => {
    const { start } = open({ a: "canary", hangs: "canary", z: "" });
    const { code, stdout } = await start(["up", "--yes", "--json"], (child, output) => {
      const look = setInterval(() => {
        if (!output().includes("✓ a") || !stacks().includes("hangs")) return;
        clearInterval(look);
        // Two in a row are one Ctrl-C: the terminal's and npm's.
        child.kill("SIGINT");
        child.kill("SIGTERM");
      }, 50);
    });
    assert.equal(code, 130);
    assert.deepEqual(statuses(stdout), { a: "done", hangs: "stopped", z: "not started" });
    const { tenants, summary } = JSON.parse(stdout) as Report;
    assert.equal(tenants[1]?.next, "npm run fleet -- up --tenant hangs");
    assert.match(summary.stacks[1]?.problems[0] ?? "", /^Stopped: what was begun is finished/);
    assert.deepEqual(stacks().sort(), ["a", "hangs"]);
  });

  it("ends at once at a second Ctrl-C, and says how to mend the stack", async () => {
    const { start } = open({ deaf: "" });
    const { code, stdout } = await start(["up", "--yes", "--json"], (child) => {
      // Two, and no more: whatever is left to say after the second must not be cut short by a third. The time between them is what
      // tells a second Ctrl-C from the echo of the first.
      let first: number | undefined;
      const watch = setInterval(() => {
        if (child.exitCode !== null || child.signalCode !== null) {
          clearInterval(watch);
        } else if (first === undefined && stacks().includes("deaf")) {
          first = performance.now();
          child.kill("SIGINT");
        } else if (first !== undefined && performance.now() - first > 2_000) {
          clearInterval(watch);
          child.kill("SIGINT");
        }
      }, 50);
    });
    assert.equal(code, 130);
    const [deaf] = (JSON.parse(stdout) as Report).tenants;
    assert.equal(deaf?.status, "stopped");
    assert.match(deaf?.next ?? "", /^pulumi cancel --stack deaf --yes, then pulumi refresh/);
  });
});

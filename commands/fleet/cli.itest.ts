import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type CliProject, cliProject, runCli } from "./testing/run-cli";

interface Report {
  readonly tenants: readonly {
    tenant: string;
    status: string;
    durationMs: number;
    next?: string;
    outputs?: unknown;
  }[];
  readonly summary: {
    stacks: readonly { stack: string; totals: { update: number }; problems: readonly string[] }[];
  };
}

describe("npm run fleet", () => {
  let project: CliProject;
  const open = (tenants: Readonly<Record<string, string>>) => {
    project = cliProject(tenants);
    return project;
  };
  afterEach(() => project.remove());
  const statuses = (stdout: string) =>
    Object.fromEntries((JSON.parse(stdout) as Report).tenants.map(({ tenant, status }) => [tenant, status]));
  const stacks = () => project.calls().map(({ stack }) => stack);

  it("previews every tenant, and neither stops nor hides the others if one fails", async () => {
    const { run, folder } = open({ acme: "", fails: "", same: "", silent: "" });
    const files = ["--markdown", join(folder, "out/short.md"), "--artifact", join(folder, "out/full.md")];
    const { code, stdout } = await run("preview", ...files);
    assert.equal(code, 1);
    assert.match(stdout, /✓ acme: 1 update/);
    assert.match(stdout, /✗ fails: failed: No quota in fails/);
    assert.match(stdout, /✗ silent: failed: could not read the state/);
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

  it("selects by name and by tag, accepts an empty selection, and refuses an unknown tenant", async () => {
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

  it("takes no tenant to Azure that only the emulator has, and says so, also of one that is named", async () => {
    const { run, folder } = open({ acme: "", lab: "" });
    const file = join(folder, "Pulumi.lab.yaml");
    writeFileSync(file, `${readFileSync(file, "utf8")}  quantemplate:emulatorOnly: true\n`);
    for (const [verb, ...flags] of [
      ["preview"],
      ["up", "--yes"],
      ["drift"],
      ["outputs"],
      ["destroy", "--yes"],
    ]) {
      const { stderr } = await run(verb as string, ...flags);
      assert.match(stderr, /^Only the emulator has lab \(quantemplate:emulatorOnly\)/m, verb);
    }
    assert.deepEqual([...new Set(stacks())], ["acme"]);
    const named = await run("preview", "--tenant", "lab");
    assert.deepEqual([named.code, named.stdout], [0, "No tenant is selected: nothing to do.\n"]);
    assert.deepEqual([...new Set(stacks())], ["acme"]);
  });

  it("reports drift in the exit code, but a failure takes precedence", async () => {
    const { run } = open({ acme: "", same: "", fails: "" });
    assert.equal((await run("drift", "--tenant", "same")).code, 0);
    assert.equal((await run("drift", "--tenant", "same,acme")).code, 3);
    assert.equal((await run("drift")).code, 1);
    assert.deepEqual(project.calls()[0]?.args.slice(0, 2), ["refresh", "--preview-only"]);
  });

  it("does not deploy or destroy without confirmation", async () => {
    const { run } = open({ acme: "" });
    for (const verb of ["up", "destroy"]) {
      const { code, stderr } = await run(verb);
      assert.equal(code, 2);
      assert.match(stderr, /QT9511/);
    }
    assert.deepEqual(stacks(), []);
  });

  it("deploys ring by ring, stops if too many fail, and resumes with the rest", async () => {
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

  it("refuses to resume if nothing ran before", async () => {
    const { run } = open({ acme: "" });
    const { code, stderr } = await run("up", "--yes", "--resume");
    assert.equal(code, 2);
    assert.match(stderr, /QT9512/);
  });

  it("shows outputs, but no secrets", async () => {
    const { run } = open({ acme: "" });
    const { code, stdout } = await run("outputs", "--json");
    assert.equal(code, 0);
    const [acme] = (JSON.parse(stdout) as Report).tenants;
    assert.deepEqual(acme?.outputs, {
      webhookUrl: "[secret]",
      name: "acme",
      nested: { url: "https://x/api?code=[secret]" },
      "a\u001b[2J": "b\u001b[2J",
    });
    assert.ok(!project.calls()[0]?.args.includes("--show-secrets"));
    const text = (await run("outputs")).stdout;
    assert.match(text, /url.*\[secret\]/);
    for (const never of ["PLAINSECRET", "\u001b"]) assert.ok(!text.includes(never));
  });

  it("lets Pulumi finish after Ctrl-C, signals it once, and reports what is left", async () => {
    const { start } = open({ a: "canary", hangs: "canary", z: "" });
    const { code, stdout } = await start(["up", "--yes", "--json"], (child, output) => {
      const look = setInterval(() => {
        if (!output().includes("✓ a") || !stacks().includes("hangs")) return;
        clearInterval(look);
        // Two signals in quick succession are one Ctrl-C: the terminal's and npm's.
        child.kill("SIGINT");
        child.kill("SIGTERM");
      }, 50);
    });
    assert.equal(code, 130);
    assert.deepEqual(statuses(stdout), { a: "done", hangs: "stopped", z: "not started" });
    const { tenants, summary } = JSON.parse(stdout) as Report;
    assert.equal(tenants[1]?.next, "npm run fleet -- up --tenant hangs");
    assert.match(summary.stacks[1]?.problems[0] ?? "", /^Stopped: Pulumi finished/);
    assert.deepEqual(stacks().sort(), ["a", "hangs"]);
    assert.deepEqual(project.signals(), ["hangs"]);
  });

  it("stops also if the terminal is closed", async () => {
    const { start } = open({ hangs: "" });
    const { code } = await start(["up", "--yes"], (child) => {
      const look = setInterval(() => {
        if (!stacks().includes("hangs")) return;
        clearInterval(look);
        child.kill("SIGHUP");
      }, 50);
    });
    assert.equal(code, 130);
    assert.deepEqual(project.signals(), ["hangs"]);
  });

  /** Sends exactly two. The time between them distinguishes a second Ctrl-C from the echo of the first. */
  const interruptTwice = (stack: string) => (child: { kill(name: "SIGINT"): boolean }) => {
    let first: number | undefined;
    const watch = setInterval(() => {
      if (first === undefined && stacks().includes(stack)) {
        first = performance.now();
        child.kill("SIGINT");
      } else if (first !== undefined && performance.now() - first > 1_500) {
        clearInterval(watch);
        child.kill("SIGINT");
      }
    }, 50);
  };
  const isAlive = (pid: number) => {
    try {
      process.kill(pid, 0);
      return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
    } catch {
      return false;
    }
  };

  it("asks Pulumi to end at once after a second Ctrl-C, reads what is in its log, and says how to repair the stack", async () => {
    const { start } = open({ stubborn: "" });
    const { code, stdout } = await start(["up", "--yes", "--json"], interruptTwice("stubborn"));
    assert.equal(code, 130);
    const { tenants, summary } = JSON.parse(stdout) as Report;
    const [stubborn] = tenants;
    assert.equal(stubborn?.status, "stopped");
    assert.ok((stubborn?.durationMs ?? 0) > 1_000);
    assert.match(stubborn?.next ?? "", /^pulumi cancel --stack stubborn --yes, then npm run fleet/);
    assert.equal(summary.stacks[0]?.totals.update, 1);
    assert.match(summary.stacks[0]?.problems[0] ?? "", /^Ended at once/);
    assert.deepEqual(project.signals(), ["stubborn", "stubborn"]);
    assert.deepEqual(project.leftovers(), []);
  });

  it("kills a Pulumi that does not end, with its children", async () => {
    const { start } = open({ deaf: "" });
    const { code, stdout } = await start(["up", "--yes", "--json"], interruptTwice("deaf"));
    assert.equal(code, 130);
    assert.deepEqual(statuses(stdout), { deaf: "stopped" });
    assert.deepEqual(project.signals(), ["deaf", "deaf"]);
    const { child = 0 } = project.calls()[0] ?? {};
    assert.ok(child > 0);
    const isLeft = isAlive(child);
    if (isLeft) process.kill(child, "SIGKILL");
    assert.ok(!isLeft, "a child of Pulumi is left");
    assert.deepEqual(project.leftovers(), []);
  });

  it("reports the changes of a Pulumi that was killed", async () => {
    const { run } = open({ killed: "" });
    const { code, stdout } = await run("up", "--yes", "--json");
    assert.equal(code, 1);
    const { tenants, summary } = JSON.parse(stdout) as Report;
    assert.equal(tenants[0]?.status, "failed");
    assert.equal(tenants[0]?.next, "npm run fleet -- up --tenant killed");
    assert.ok((tenants[0]?.durationMs ?? 0) > 0);
    assert.equal(summary.stacks[0]?.totals.update, 1);
    assert.match(summary.stacks[0]?.problems[0] ?? "", /^pulumi was ended by a signal/);
  });

  it("reports a broken log, and never takes it for a log without changes", async () => {
    const { run } = open({ garbled: "", "garbled-same": "" });
    assert.equal((await run("drift", "--tenant", "garbled-same")).code, 1);
    const { code, stdout } = await run("up", "--yes", "--json", "--tenant", "garbled");
    assert.equal(code, 0);
    const [stack] = (JSON.parse(stdout) as Report).summary.stacks;
    assert.equal(stack?.totals.update, 1);
    assert.match(stack?.problems.join() ?? "", /1 lines of Pulumi's event log could not be read/);
  });

  it("lets Pulumi's preview refuse before anything changes, and counts each change once", async () => {
    const { run } = open({ protected: "", acme: "" });
    for (const verb of ["up", "destroy"]) {
      const { code, stdout } = await run(verb, "--yes", "--json");
      assert.equal(code, 1);
      assert.deepEqual(statuses(stdout), { protected: "failed", acme: "done" });
      const [acme, refused] = (JSON.parse(stdout) as Report).summary.stacks;
      assert.equal(acme?.totals.update, 1);
      assert.equal(refused?.totals.update, 0);
      assert.match(refused?.problems[0] ?? "", /protected$/);
      assert.match(refused?.problems[1] ?? "", /^Nothing was done/);
    }
  });

  it("refreshes first with --refresh, and suggests that after drift", async () => {
    const { run } = open({ acme: "", same: "" });
    const { stdout } = await run("drift");
    assert.match(stdout, /To put it back: npm run fleet -- up --refresh --tenant acme\n/);
    assert.equal((await run("up", "--yes", "--tenant", "acme")).code, 0);
    assert.equal((await run("up", "--yes", "--refresh", "--tenant", "acme")).code, 0);
    const ups = project.calls().filter(({ args }) => args[0] === "up");
    assert.deepEqual(
      ups.map(({ args }) => args.includes("--refresh")),
      [false, true],
    );
  });

  it("continues without a reader, and keeps its exit code", async () => {
    const { start } = open({ a: "", b: "", fails: "" });
    const { code } = await start(["up", "--yes", "--parallel", "1"], (child) => {
      child.stdout.destroy();
      child.stderr.destroy();
    });
    assert.equal(code, 1);
    assert.deepEqual(stacks(), ["a", "b", "fails"]);
    assert.deepEqual(project.leftovers(), []);
    const { stdout } = await project.run("up", "--yes", "--resume", "--json");
    assert.deepEqual(statuses(stdout), { fails: "failed" });
  });

  it("remembers what is left to do if only a part of it runs", async () => {
    const { run, folder } = open({ a: "canary", fails1: "canary", z: "", fails: "" });
    await run("up", "--yes");
    writeFileSync(join(folder, "calls.txt.mended"), "");
    assert.equal((await run("up", "--yes", "--tenant", "fails1")).code, 0);
    const part = await run("up", "--yes", "--resume", "--tenant", "z", "--json");
    assert.deepEqual(statuses(part.stdout), { z: "done" });
    // A tenant that no longer exists is not left to do.
    const record = join(folder, ".fleet", "up.json");
    const known = JSON.parse(readFileSync(record, "utf8")) as { tenants: Record<string, unknown> };
    known.tenants.gone = { status: "failed" };
    writeFileSync(record, JSON.stringify(known));
    const rest = await run("up", "--yes", "--resume", "--json");
    assert.deepEqual(statuses(rest.stdout), { fails: "done" });
  });

  it("reports on --resume what was deployed from another commit", async () => {
    const { run, folder } = open({ a: "canary", fails: "canary" });
    const author = ["-c", "user.name=t", "-c", "user.email=t@example.com"];
    const git = (...args: string[]) =>
      execFileSync("git", [...author, ...args], { cwd: folder, encoding: "utf8" }).trim();
    git("init", "--quiet");
    git("commit", "--quiet", "--allow-empty", "-m", "first");
    const first = git("rev-parse", "HEAD").slice(0, 12);
    writeFileSync(join(folder, ".gitignore"), "*\n");
    await run("up", "--yes");
    assert.doesNotMatch((await run("up", "--yes", "--resume")).stderr, /another commit/);
    git("commit", "--quiet", "--allow-empty", "-m", "second");
    const { stderr } = await run("up", "--yes", "--resume");
    assert.ok(stderr.includes(`left as is: a (${first}).`), stderr);
  });

  it("allows one run at a time, and takes over the lock of a process that has ended", async () => {
    const { run, folder } = open({ a: "" });
    const lock = join(folder, ".fleet", "up.lock");
    mkdirSync(join(folder, ".fleet"));
    writeFileSync(lock, `${process.pid}\n`);
    const second = await run("up", "--yes", "--json");
    assert.equal(second.code, 2);
    const { error } = JSON.parse(second.stdout) as { error: { code: string; message: string } };
    assert.equal(error.code, "QT9517");
    assert.equal(error.message, `Another npm run fleet -- up is running already, as process ${process.pid}.`);
    assert.deepEqual(stacks(), []);
    // Other commands do not wait for it.
    assert.equal((await run("preview")).code, 0);
    const { pid } = spawnSync(process.execPath, ["--version"]);
    writeFileSync(lock, `${pid}\n`);
    assert.equal((await run("up", "--yes")).code, 0);
    assert.deepEqual(readdirSync(join(folder, ".fleet")), ["up.json"]);
  });

  it("continues if the record cannot be written", async () => {
    const { run, folder } = open({ a: "", b: "" });
    mkdirSync(join(folder, ".fleet", "up.json", "in-the-way"), { recursive: true });
    const { code, stderr } = await run("up", "--yes");
    assert.equal(code, 0);
    assert.equal(stderr.match(/--resume will not know about this run/g)?.length, 1);
    assert.deepEqual(stacks().sort(), ["a", "b"]);
  });

  it("tests the report files before it starts, and leaves none if there is nothing to report", async () => {
    const { run, folder } = open({ a: "" });
    writeFileSync(join(folder, "file"), "");
    const { code, stderr } = await run("up", "--yes", "--markdown", join(folder, "file", "x.md"));
    assert.equal(code, 2);
    assert.match(stderr, /QT9516: .*x\.md cannot be written/);
    assert.deepEqual(stacks(), []);
    const file = join(folder, "new", "x.md");
    assert.equal((await run("up", "--artifact", file)).code, 2);
    assert.ok(!existsSync(file));
  });

  it("prints the result even if a report file can no longer be written", async () => {
    const { start, folder } = open({ hangs: "" });
    const file = join(folder, "out", "x.md");
    const { code, stdout, stderr } = await start(["preview", "--markdown", file, "--json"], (child) => {
      const look = setInterval(() => {
        if (!stacks().includes("hangs")) return;
        clearInterval(look);
        mkdirSync(file);
        child.kill("SIGINT");
      }, 50);
    });
    assert.equal(code, 130);
    assert.deepEqual(statuses(stdout), { hangs: "stopped" });
    assert.match(stderr, /The summary could not be written: EISDIR/);
  });

  it("reports failures as JSON, mistakes in one line, and the tags to select by", async () => {
    const { run } = open({ one: "canary", two: "" });
    const unknown = await run("preview", "--json", "--tenant", "nobody");
    assert.equal(unknown.code, 2);
    assert.equal((JSON.parse(unknown.stdout) as { error: { code: string } }).error.code, "QT9017");
    const wrong = await run("preview", "--json", "--parallel", "0");
    assert.equal(wrong.code, 2);
    assert.equal((JSON.parse(wrong.stdout) as { error: { code: string } }).error.code, "QT9018");
    assert.equal(wrong.stderr.trim().split("\n").length, 2, wrong.stderr);
    assert.match((await run("up", "--help")).stdout, /failed \(default: 0\)/);
    const none = await run("preview", "--tag", "ring=none");
    assert.equal(none.code, 0);
    assert.equal(none.stderr, "The tags are: ring=canary, ring=general\n");
  });

  it("refuses a Pulumi CLI that cannot run a program, for the commands that run one", async () => {
    const { folder } = open({ one: "" });
    rmSync(join(folder, "pulumi-language-nodejs"));
    const withoutHost = (...args: readonly string[]) =>
      runCli(folder, args, { ...process.env, PATH: folder });
    for (const args of [["preview"], ["up", "--yes"]]) {
      const refused = await withoutHost(...args, "--json");
      assert.equal(refused.code, 2, refused.stderr);
      assert.equal((JSON.parse(refused.stdout) as { error: { code: string } }).error.code, "QT9027");
    }
    assert.equal((await withoutHost("outputs")).code, 1);
  });
});

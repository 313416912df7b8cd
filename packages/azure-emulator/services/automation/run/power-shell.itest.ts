import assert from "node:assert/strict";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { findPowerShell } from "../../../../kit/find-power-shell";
import { needsPowerShell } from "../../../../kit/testing/power-shell";
import { skip } from "../../../../kit/testing/skip";
import { localRunbooks } from "./local-runbooks";
import { powerShellExecutor, sandboxInput } from "./power-shell";
import { spawnTree } from "./process-tree";
import type { Execution, RunbookTwin } from "./runbook-executor";
import type { SandboxCredential } from "./sandbox";

const pace = {
  armEndpoint: "http://127.0.0.1:1",
  loginEndpoint: "http://127.0.0.1:1",
  firstPollSeconds: 0.001,
  longestPollSeconds: 0.002,
};

function execution(content: string, more: Partial<Execution> = {}) {
  const lines: string[] = [];
  const given: Execution = {
    runbookName: "load",
    content,
    parameters: {},
    sandbox: { jobId: "0f5c3e0a-6f43-4b63-9d39-6f4be1b1a0c1", variables: new Map(), credentials: new Map() },
    write: (_type, text) => lines.push(text),
    signal: new AbortController().signal,
    ...more,
  };
  return { given, lines };
}

describe("a command in place of PowerShell", () => {
  let folder: string;
  const command = (name: string, script: string) => {
    const file = path.join(folder, name);
    fs.writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return file;
  };

  before(function () {
    if (process.platform === "win32") {
      skip(this, "the commands are shell scripts");
    }
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "power-shell-"));
  });
  after(() => folder && fs.rmSync(folder, { recursive: true, force: true }));

  it("ends with all its child processes if the job is stopped", async () => {
    // The child ignores every signal but SIGKILL, and holds the output open.
    const child = `process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log(process.pid)`;
    const starts = command("starts-another", `"${process.execPath}" -e '${child}'\nexit 0`);
    const stopping = new AbortController();
    let pid = 0;
    const { given } = execution("", {
      signal: stopping.signal,
      write(_type, text) {
        pid = Number(text);
        stopping.abort();
      },
    });
    const ended = assert.rejects(powerShellExecutor(starts, pace).run(given), { name: "AbortError" });
    const limit = AbortSignal.timeout(300_000);
    const late = once(limit, "abort").then(() => {
      process.kill(pid, "SIGKILL");
      throw new Error("What it started still ran five minutes later.");
    });
    await Promise.race([ended, late]);
    assert.ok(pid > 0);
  });

  it("runs only the allowed number of processes at once, and the other jobs wait", async () => {
    const running = path.join(folder, "running");
    fs.mkdirSync(running);
    // Counts the running processes, and gives the others time to start.
    const counts = command(
      "counts",
      `mkdir "${running}/$$"; ls "${running}" | wc -l; sleep 0.2; rmdir "${running}/$$"`,
    );
    const { given, lines } = execution("");
    const executor = powerShellExecutor(counts, pace, 2);
    await Promise.all([1, 2, 3, 4, 5, 6].map(() => executor.run(given)));
    assert.equal(lines.length, 6);
    assert.equal(Math.max(...lines.map(Number)), 2, String(lines));
  });

  it("does not start if the job is stopped during its preparation", async () => {
    const sleeps = command("sleeps", "exec sleep 60");
    const stopping = new AbortController();
    const { given } = execution("", { signal: stopping.signal });
    const ended = powerShellExecutor(sleeps, pace).run(given);
    queueMicrotask(() => stopping.abort());
    const late = once(AbortSignal.timeout(300_000), "abort").then(() => assert.fail("It runs."));
    await assert.rejects(Promise.race([ended, late]), { name: "AbortError" });
  });

  it("lets the next job run if one could not be prepared", async () => {
    const executor = powerShellExecutor(command("ends", "exit 0"), pace, 1);
    const temporary = process.env.TMPDIR;
    process.env.TMPDIR = path.join(folder, "nowhere");
    try {
      await assert.rejects(executor.run(execution("").given), { code: "ENOENT" });
    } finally {
      if (temporary === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = temporary;
    }
    await executor.run(execution("").given);
  });

  it("is reported as broken or as missing, and the twin runs in either case", async () => {
    const broken = command("broken", `echo "You must install .NET.\nSee https://…" >&2; exit 131`);
    assert.equal(await findPowerShell(path.join(folder, "none")), undefined);
    assert.deepEqual(await findPowerShell(broken), { problem: "You must install .NET." });
    const script = path.join(folder, "load.ps1");
    fs.writeFileSync(script, "Write-Output loaded\r\n");
    const twin: RunbookTwin = {
      name: "load.ps1",
      script,
      run: async ({ write }) => write("Output", "loaded"),
    };
    for (const [powerShell, why] of [
      [broken, "PowerShell is installed and cannot run (You must install .NET.)"],
      [path.join(folder, "none"), "PowerShell is not installed"],
    ] as const) {
      const { given, lines } = execution("Write-Output loaded\n");
      await localRunbooks({ powerShell, twins: [twin], pace, powerShellPace: pace }).run(given);
      assert.deepEqual(lines, [`[local] ${why}: the TypeScript twin of load.ps1 runs.`, "loaded"]);
    }
  });
});

describe("PowerShell, run by the emulator", () => {
  const locale = process.env.LC_ALL;

  before(async function () {
    await needsPowerShell(this);
    process.env.LC_ALL = "en_US.ISO-8859-1";
  });
  after(() => {
    if (locale === undefined) delete process.env.LC_ALL;
    else process.env.LC_ALL = locale;
  });

  it("passes every text in both directions unchanged, whatever the console's encoding", async () => {
    const passwords = [
      "p\u00e4ss w\u00f6rd \u20ac \u{1f600}",
      "2026-01-02T03:04:05Z",
      "/Date(0)/",
      "",
      "=x",
      '"\\\n',
    ];
    const credentials = new Map<string, SandboxCredential>(
      passwords.map((password, index) => [`c${index}`, { userName: "2026-01-02", password }]),
    );
    const variables = new Map<string, unknown>([
      ["text", "2026-01-02T03:04:05Z"],
      ["number", 7],
      ["none", null],
    ]);
    const content = `param([object] $WebhookData)
${passwords.map((_, index) => `$c = Get-AutomationPSCredential -Name c${index}; ConvertTo-Json -Compress "$($c.UserName) $($c.GetNetworkCredential().Password)"`).join("\n")}
Get-AutomationVariable -Name text
(Get-AutomationVariable -Name number).GetType().Name
$null -eq (Get-AutomationVariable -Name none)
$WebhookData.RequestBody
"\u00fc \u20ac"
`;
    // With a byte order mark, so that every PowerShell reads the runbook's non-ASCII letters.
    const { given, lines } = execution(`\ufeff${content}`, {
      parameters: { WebhookData: { RequestBody: "Z\u00fcrich 2026-01-02T03:04:05Z" } },
      sandbox: { ...execution("").given.sandbox, variables, credentials },
    });
    await powerShellExecutor("pwsh", pace).run(given);
    assert.deepEqual(
      lines.slice(0, passwords.length).map((line) => JSON.parse(line) as string),
      passwords.map((password) => `2026-01-02 ${password}`),
    );
    assert.deepEqual(lines.slice(passwords.length), [
      "2026-01-02T03:04:05Z",
      "Int64",
      "True",
      "Z\u00fcrich 2026-01-02T03:04:05Z",
      "\u00fc \u20ac",
    ]);
  });

  it("ends when its stdin closes, as it does if the emulator is killed", async () => {
    const file = path.join(os.tmpdir(), `lifeline-${process.pid}.ps1`);
    fs.writeFileSync(file, "'begun'; Start-Sleep -Seconds 3600");
    try {
      const host = path.join(__dirname, "sandbox-host.ps1");
      const child = spawnTree("pwsh", ["-NoProfile", "-NonInteractive", "-File", host], {
        ...process.env,
        RUNBOOK_FILE: file,
      });
      const { stdin } = sandboxInput(execution("").given, pace);
      child.stdin.write(`${stdin}\n`);
      await once(child.stdout, "data");
      const closed = once(child, "close");
      child.stdin.destroy();
      assert.deepEqual(await closed, [130, null]);
    } finally {
      fs.rmSync(file);
    }
  });

  it("fails with the runbook's message", async () => {
    const { given } = execution(`throw "Z\u00fcrich"`);
    await assert.rejects(powerShellExecutor("pwsh", pace).run(given), { message: "Z\u00fcrich" });
  });

  it("reports a missing asset", async () => {
    const { given } = execution(`$ErrorActionPreference = 'Stop'; Get-AutomationVariable -Name Nope`);
    await assert.rejects(powerShellExecutor("pwsh", pace).run(given), /Variables asset not found\./);
  });
});

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import readline from "node:readline";
import type { StartedCase } from "./runbook-case-server";
import { type CaseEnd, casesFile, type RunbookCase, runbookCases } from "./runbook-cases";

const fileOf = (name: string) => path.join(path.dirname(casesFile), name);
const pester = fs.readFileSync(fileOf("Start-QuantemplateLoad.Tests.ps1"), "utf8");

describe("the server of the runbook's cases", () => {
  let server: ChildProcess;
  let url: string;

  before(async () => {
    const script = path.join(__dirname, "runbook-case-server.ts");
    server = spawn(process.execPath, ["--require", "tsx/cjs", script], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    assert.ok(server.stdout);
    [url] = (await once(readline.createInterface({ input: server.stdout }), "line")) as [string];
  });

  const send = async (route: string, body: object): Promise<unknown> => {
    const response = await fetch(`${url}/${route}`, { method: "POST", body: JSON.stringify(body) });
    return response.ok ? response.json() : undefined;
  };
  const start = (name: string | undefined, process = false) =>
    send("start", { name, process }) as Promise<StartedCase & { run: number }>;
  const end = async (run: number, ended: Partial<CaseEnd>) =>
    ((await send("end", { run, ...ended })) as { problems: string[] } | undefined)?.problems;

  const rejected = runbookCases.find(({ expect }) => expect.outcome === "rejected") as RunbookCase;
  const fails: CaseEnd = { output: [], exception: rejected.expect.exception ?? "" };

  it("reports no problem if a case ends as expected", async () => {
    assert.deepEqual(await end((await start(rejected.name)).run, fails), []);
  });

  const wrong: Record<string, Partial<CaseEnd>> = {
    output: { output: ["Started"] },
    exception: { exception: null },
    "it did not end": { timedOut: true },
    "time for an answer": { timeout: 300 },
    "TLS 1.2": { tls12: false },
    "it wrote a secret": { streams: "Bearer token-1" },
  };
  for (const [problem, change] of Object.entries(wrong)) {
    it(`reports a wrong result: ${problem}`, async () => {
      const problems = await end((await start(rejected.name)).run, { ...fails, ...change });
      assert.equal(problems?.length, 1, String(problems));
      assert.ok(problems[0]?.startsWith(problem), problems[0]);
    });
  }

  it("reports other streams of a completed job, and a load time that differs from its pauses", async () => {
    const waits = runbookCases.find(({ expect }) => expect.output.at(-1)?.endsWith(" # s.")) as RunbookCase;
    const problemsAfter = async (seconds: string, streams: string) => {
      const output = waits.expect.output.map((line) => line.replace("#", seconds));
      return end((await start(waits.name)).run, { output, exception: null, streams });
    };
    const missed = 'runs started: [], expected [{"DatasetID":"d-bordereau-premium"}]';
    assert.deepEqual(await problemsAfter("12.6", ""), [missed]);
    assert.deepEqual(await problemsAfter("1", "WARNING"), [
      missed,
      "loaded in 1 s, of which it waited 12.5",
      'warnings and other streams: "WARNING", expected ""',
    ]);
  });

  it("reports a run that was not started", async () => {
    const first = runbookCases[0] as RunbookCase;
    const problems = await end((await start(first.name)).run, {
      output: first.expect.output,
      exception: null,
    });
    assert.deepEqual(problems, ['runs started: [], expected [{"DatasetID":"d-bordereau-premium"}]']);
  });

  it("sends every case in ASCII, and short pauses only to a process", async () => {
    for (const { name, parameters = {} } of runbookCases) {
      const { stdin, run } = await start(name);
      assert.match(stdin, /^[\0-\x7e]+$/, name);
      assert.equal(stdin.includes("PollSeconds"), "FirstPollSeconds" in parameters, name);
      await end(run, fails);
    }
    const { stdin, run } = await start(runbookCases[0]?.name, true);
    assert.match(stdin, /"FirstPollSeconds":0.001/);
    await end(run, fails);
  });

  it("refuses an unknown case, and a run that has ended", async () => {
    assert.equal(await start("no such case"), undefined);
    const { run } = await start(rejected.name);
    assert.notEqual(await end(run, fails), undefined);
    assert.equal(await end(run, fails), undefined);
  });

  it("ends with its stdin", async () => {
    const exited = once(server, "exit");
    server.stdin?.end();
    assert.deepEqual(await exited, [0, null]);
  });
});

describe("the Pester tests", () => {
  // Without PowerShell this is the only check that they still compare what they should.
  it("accept only a case without a problem", () => {
    const compared = [...pester.matchAll(/^ +(\S.*?) \| Should (.*)$/gm)].map(([, what = "", how]) => [
      what.split(" ")[0],
      how,
    ]);
    assert.deepEqual(compared, [
      ["Get-Problems", "-BeNullOrEmpty"],
      ["@($errors)", "-BeNullOrEmpty"],
      ["Get-Problems", "-BeNullOrEmpty"],
    ]);
    assert.equal(pester.match(/\bShould\b/g)?.length, 3);
  });

  it("are ASCII, as are the script and the scripts that run it", () => {
    const root = path.join(__dirname, "../../..");
    const scripts = fs.globSync("{local,packages,runbooks}/**/*.ps1", { cwd: root });
    assert.ok(scripts.length >= 8, scripts.join());
    for (const file of scripts.map((name) => path.join(root, name)))
      assert.ok(
        fs.readFileSync(file).every((byte) => byte < 0x80),
        file,
      );
  });
});

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import readline from "node:readline";
import type { EndedCase, StartedCase } from "./runbook-case-server";
import { caseJobId, casesFile, comparableOutput, type RunbookCase, runbookCases } from "./runbook-cases";
import { runTwin } from "./runbook-twin";
import type { SandboxCredential } from "./sandbox";

const pester = fs.readFileSync(
  path.join(path.dirname(casesFile), "Start-QuantemplateLoad.Tests.ps1"),
  "utf8",
);

interface Input {
  readonly jobId: string;
  readonly variables: { name: string; value: unknown }[];
  readonly credentials: ({ name: string } & SandboxCredential)[];
  readonly parameters: Record<string, unknown>;
}

/** Does with what the server gave as the host script does, with the twin in the script's place. */
async function playAsHost({ stdin, environment }: StartedCase) {
  const { jobId, variables, credentials, parameters } = JSON.parse(stdin) as Input;
  const { ArmEndpoint, LoginEndpoint, FirstPollSeconds, LongestPollSeconds, ...others } = parameters;
  const { IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: header } = environment;
  const output: string[] = [];
  const exception = await runTwin(
    {
      runbookName: "Start-QuantemplateLoad",
      content: "",
      parameters: others,
      sandbox: {
        jobId,
        variables: new Map(variables.map(({ name, value }) => [name, value])),
        credentials: new Map(credentials.map(({ name, ...credential }) => [name, credential])),
        ...(endpoint !== undefined && header !== undefined && { identity: { endpoint, header } }),
      },
      write: (_type, text) => output.push(text),
      signal: new AbortController().signal,
    },
    {
      armEndpoint: String(ArmEndpoint),
      loginEndpoint: String(LoginEndpoint),
      firstPollSeconds: Number(FirstPollSeconds),
      longestPollSeconds: Number(LongestPollSeconds),
    },
  ).then(
    () => undefined,
    (error: Error) => error.message,
  );
  return { output: comparableOutput(output), exception };
}

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

  for (const given of runbookCases) {
    it(`gives a host in another process what it needs for: ${given.name}`, async () => {
      const { outcome, datasetId = "d-bordereau-premium", startsRun } = given.expect;
      const start = (await send("start", { name: given.name })) as StartedCase;
      const { output, exception } = await playAsHost(start);
      const end = (await send("end", { run: start.run })) as EndedCase;
      assert.deepEqual(output, given.expect.output);
      if (given.expect.message === undefined) assert.equal(exception, given.expect.exception);
      else assert.match(exception ?? "", new RegExp(given.expect.message, "s"));
      assert.equal(
        end.started,
        (startsRun ?? outcome === "started") ? `[{"DatasetID":"${datasetId}"}]` : "[]",
      );
      assert.ok(["[]", JSON.stringify([caseJobId])].includes(end.jobIds), end.jobIds);
      assert.ok(
        Buffer.from(start.stdin).every((byte) => byte < 0x80),
        "the host's stdin is ASCII",
      );
    });
  }

  it("knows no other case and no run twice", async () => {
    assert.equal(await send("start", { name: "no such case" }), undefined);
    const { run } = (await send("start", { name: runbookCases[0]?.name })) as StartedCase;
    assert.notEqual(await send("end", { run }), undefined);
    assert.equal(await send("end", { run }), undefined);
  });

  it("ends with its stdin", async () => {
    const exited = once(server, "exit");
    server.stdin?.end();
    assert.deepEqual(await exited, [0, null]);
  });
});

describe("the Pester tests", () => {
  it("look at every expectation that cases.json has", () => {
    const keys = new Set(runbookCases.flatMap(({ expect }) => Object.keys(expect)));
    for (const key of keys) assert.match(pester, new RegExp(`\\$expected\\.${key}\\b`), key);
  });

  // Where no PowerShell is, this is all that tells whether they still compare what they are for.
  it("compare everything that a job ends with", () => {
    const compared = [...pester.matchAll(/^ +(?:.*\{ )?(\S.*?) \| Should (-Not )?-(\w+)/gm)];
    assert.deepEqual(
      compared.map(([, what, not = "", how]) => `${what} ${not}${how}`),
      [
        "$ended.ExitCode BeExactly",
        '$output -join "`n" BeExactly',
        "$ended.Errors BeExactly",
        "$ended.Errors MatchExactly",
        "$ended.Started BeExactly",
        "$ended.JobIds BeIn",
        '"$($ended.Output)$($ended.Errors)" -Not Match',
      ],
    );
    assert.equal(pester.match(/\bShould\b/g)?.length, 7);
  });

  it("leave every other field to the server", () => {
    const known: readonly (keyof RunbookCase)[] = [
      "name",
      "webhookData",
      "parameters",
      "variables",
      "credentials",
      "identity",
      "factory",
      "expect",
    ];
    for (const given of runbookCases)
      for (const key of Object.keys(given)) assert.ok((known as readonly string[]).includes(key), key);
  });

  it("expect the job id that the server gives", () => assert.ok(pester.includes(caseJobId)));

  it("are ASCII, as the script and its host are", () => {
    for (const file of [
      path.join(__dirname, "sandbox-host.ps1"),
      ...["", ".Tests"].map((kind) =>
        path.join(path.dirname(casesFile), `Start-QuantemplateLoad${kind}.ps1`),
      ),
    ])
      assert.ok(
        fs.readFileSync(file).every((byte) => byte < 0x80),
        file,
      );
  });
});

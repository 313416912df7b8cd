import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { projectRoot } from "../../local/places";
import { workflowStep } from "./workflow-files";

export interface StepEnd {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A recorded call of the fleet. */
export interface FleetCall {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The token that it found, and its file's mode. */
  readonly token?: string;
  readonly mode?: number;
}

export type CiFolder = ReturnType<typeof ciFolder>;

/** A temporary checkout that runs steps as the runner does, with a fake fleet. */
export function ciFolder() {
  const folder = fs.mkdtempSync(join(tmpdir(), "qt-ci-"));
  const write = (name: string, content: string, mode = 0o644) => {
    const file = join(folder, name);
    fs.mkdirSync(dirname(file), { recursive: true });
    fs.writeFileSync(file, content, { mode });
    return file;
  };
  fs.cpSync(join(projectRoot, "scripts/ci"), join(folder, "scripts/ci"), { recursive: true });

  const started: ChildProcess[] = [];

  /** Starts a step's own script in bash; of this machine it sees only Node and git. */
  const start = (script: string, env: Readonly<Record<string, string>> = {}) => {
    const file = write("tmp/step.sh", script);
    const path = [join(folder, "bin"), dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter);
    const temporary = join(folder, "tmp");
    const child = spawn("bash", ["--noprofile", "--norc", "-e", "-o", "pipefail", file], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: path, RUNNER_TEMP: temporary, TMPDIR: temporary, HOME: folder, ...env },
      // A separate process group, so that all of it can be ended at once.
      detached: true,
    });
    started.push(child);
    return child;
  };
  const runScript = async (script: string, env?: Readonly<Record<string, string>>): Promise<StepEnd> => {
    const child = start(script, env);
    const [stdout, stderr, [status]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "close") as Promise<[number | null]>,
    ]);
    return { status, stdout, stderr };
  };

  return {
    folder,
    write,
    start,
    runScript,
    runStep: (file: string, name: string, env?: Readonly<Record<string, string>>) =>
      runScript(workflowStep(file, name).run ?? "", env),
    read: (name: string) => fs.readFileSync(join(folder, name), "utf8"),
    exists: (name: string) => fs.existsSync(join(folder, name)),
    git: (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
        cwd: folder,
        encoding: "utf8",
      }),
    /** Replaces the fleet: records its call, writes the Markdown if there is any, and ends with the code. */
    fakeFleet(markdown: string | undefined, code: number): void {
      write(
        "scripts/bootstrap.mjs",
        `import fs from "node:fs";
const { argv, env } = process;
const args = argv.slice(2);
const file = env.AZURE_FEDERATED_TOKEN_FILE;
const token = file && { token: fs.readFileSync(file, "utf8"), mode: fs.statSync(file).mode & 0o777 };
fs.writeFileSync(${JSON.stringify(join(folder, "tmp/fleet.json"))}, JSON.stringify({ args, env, ...token }));
const markdown = ${JSON.stringify(markdown) ?? "undefined"};
if (markdown !== undefined) fs.writeFileSync(args[args.indexOf("--markdown") + 1], markdown);
process.exitCode = ${code};
`,
      );
    },
    fleetCall: () => JSON.parse(fs.readFileSync(join(folder, "tmp/fleet.json"), "utf8")) as FleetCall,
    /** Also ends processes that a failed test left running. */
    remove() {
      for (const { pid } of started) if (pid !== undefined) endGroup(pid);
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function endGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}

export const option = (args: readonly string[], name: string) => args[args.indexOf(name) + 1];

/** Issues OpenID Connect tokens as GitHub and Azure Pipelines do. @param answer the n-th token; undefined answers status 500 */
export async function startTokenServer(answer: (number: number) => string | undefined = () => "oidc-marker") {
  const asked: { url: string; bearer: string | undefined; method: string | undefined }[] = [];
  const server = http.createServer((request, response) => {
    asked.push({ url: request.url ?? "", bearer: request.headers.authorization, method: request.method });
    const token = answer(asked.length);
    if (token === undefined) response.writeHead(500);
    response.end(JSON.stringify(request.method === "POST" ? { oidcToken: token } : { value: token }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
  const subscription = { ARM_SUBSCRIPTION_ID: "subscription" };
  return {
    asked,
    /** Variables of a job on GitHub Actions. */
    gitHub: {
      ...{ ...subscription, ARM_CLIENT_ID: "client", ARM_TENANT_ID: "tenant" },
      ACTIONS_ID_TOKEN_REQUEST_URL: `${url}?api-version=2`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: "runner",
    },
    /** Variables of a job on Azure Pipelines after the step that signs in. */
    azurePipelines: {
      ...{ ...subscription, SYSTEM_OIDCREQUESTURI: url, SYSTEM_ACCESSTOKEN: "job", TF_BUILD: "True" },
      AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: "connection",
      AZURESUBSCRIPTION_CLIENT_ID: "client",
      AZURESUBSCRIPTION_TENANT_ID: "tenant",
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCli } from "../commands/fleet/testing/run-cli";
import { commitAll, fleetProject } from "../local/fleet/testing/fleet-project";

/** A text that occurs nowhere else, so that it is found wherever it ends up. */
const planted = "planted-credential-3f9c";

/** Variables with credentials, as machines and pipelines have them, and some whose names only begin like permitted ones. */
const credentials = [
  ...["AZURE_CLIENT_SECRET", "AZURE_FEDERATED_TOKEN_FILE", "AZURE_STORAGE_KEY"],
  ...["ARM_CLIENT_SECRET", "ARM_OIDC_TOKEN", "ARM_OIDC_REQUEST_TOKEN", "ARM_CLIENT_CERTIFICATE_PASSWORD"],
  ...["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "GOOGLE_CREDENTIALS"],
  ...["PULUMI_ACCESS_TOKEN", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG"],
  ...["GITHUB_TOKEN", "GH_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "ACTIONS_RUNTIME_TOKEN"],
  ...["SYSTEM_ACCESSTOKEN", "AZURE_DEVOPS_EXT_PAT", "CI_JOB_TOKEN"],
  ...["QT_DATABASE_PASSWORD", "QT_TOKEN", "QUANTEMPLATE_CLIENT_SECRET", "SQLSERVER_URL"],
  ...["NPM_TOKEN", "NODE_AUTH_TOKEN", "npm_config__authToken", "HTTPS_PROXY", "https_proxy"],
  ...[
    "LC_PASSWORD",
    "LANG_TOKEN",
    "NODE_TOKEN",
    "PATH_TOKEN",
    "HOME_TOKEN",
    "TZ_TOKEN",
    "SECRET",
    "PASSWORD",
  ],
];

interface Report {
  readonly when: "loaded" | "run";
  /** The program's folder. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** A program that also reports its environment when it is loaded and when it is run. */
const spy = (file: string) => `
import { appendFileSync } from "node:fs";
import * as program from "./deployed";

const report = (when: string) =>
  appendFileSync(${JSON.stringify(file)}, JSON.stringify({ when, folder: __dirname, environment: process.env }) + "\\n");
report("loaded");
export const deployTenant = () => {
  report("run");
  return program.deployTenant();
};
`;

describe("A program previewed in the emulator", () => {
  const folder = mkdtempSync(join(tmpdir(), "qt-preview-environment-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("sees no credential from the command's environment", async () => {
    const file = join(folder, "reports.txt");
    const project = fleetProject(join(folder, "project"), ["acme"]);
    const program = join(project, "infra", "program.ts");
    renameSync(program, join(project, "infra", "deployed.ts"));
    writeFileSync(program, spy(file));
    commitAll(project);
    const { code, stdout, stderr } = await runCli(project, ["preview", "--local"], {
      ...process.env,
      ...Object.fromEntries(credentials.map((name) => [name, `https://x:${planted}@127.0.0.1`])),
      NODE_EXTRA_CA_CERTS: join(folder, "ca.pem"),
      LANG: "C.UTF-8",
      LC_ALL: "C.UTF-8",
    });
    assert.equal(code, 0, stdout + stderr);

    const reports = readFileSync(file, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Report);
    // The commit's program and the working tree's.
    assert.equal(new Set(reports.map((report) => report.folder)).size, 2);
    assert.deepEqual(reports.map(({ when }) => when).sort(), ["loaded", "loaded", "run", "run"]);
    for (const { environment } of reports) {
      const readable = Object.keys(environment).filter((name) => environment[name]?.includes(planted));
      assert.deepEqual(readable, []);
      assert.deepEqual(
        Object.keys(environment).filter((name) => credentials.includes(name)),
        [],
      );
      // Variables that Node needs do arrive.
      assert.equal(environment.NODE_EXTRA_CA_CERTS, join(folder, "ca.pem"));
      assert.equal(environment.LC_ALL, "C.UTF-8");
      assert.ok(environment.PATH);
    }
  });
});

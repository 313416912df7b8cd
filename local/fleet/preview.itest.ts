import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { linkCompiled, runCli } from "../../commands/fleet/testing/run-cli";
import { commitAll, fleetProject } from "./testing/fleet-project";
import { edit } from "./testing/project-copy";

interface Report {
  readonly tenants: readonly { readonly tenant: string; readonly status: string }[];
  readonly summary: {
    readonly stacks: readonly {
      readonly stack: string;
      readonly totals: Readonly<Record<string, number>>;
      readonly problems: readonly string[];
      readonly notes: readonly string[];
    }[];
    readonly sections: readonly {
      readonly stacks: readonly string[];
      readonly changes: readonly { readonly op: string; readonly name: string }[];
    }[];
  };
}

const pipeline = "adf-definitions/pipeline/QT_fetch_data.json";
const planted = "c2VjcmV0LXBsYW50ZWQtaW4tYS10ZW5hbnQ";

describe("npm run fleet -- preview --local", () => {
  let folder: string;
  let project: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "qt-fleet-preview-"));
    linkCompiled(folder);
    project = fleetProject(join(folder, "project"), ["acme", "beta"]);
    for (const tenant of ["acme", "beta"]) {
      edit(project, `Pulumi.${tenant}.yaml`, (text) =>
        text.replace("config:", `config:\n  quantemplate:clientSecret:\n    secure: v1:${planted}`),
      );
    }
    commitAll(project);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function preview(...args: readonly string[]) {
    // No Pulumi CLI, no cloud credential, and no place in which either could be found.
    const path = process.env.PATH?.split(delimiter).filter((part) => !part.includes("pulumi"));
    const { code, stdout, stderr } = await runCli(project, ["preview", "--local", "--json", ...args], {
      PATH: path?.join(delimiter),
      HOME: folder,
      TMPDIR: folder,
    });
    assert.ok(!(stdout + stderr).includes(planted));
    return { code, stderr, stdout, report: () => JSON.parse(stdout) as Report };
  }

  const sections = ({ summary }: Report) =>
    summary.sections.map(({ stacks, changes }) => [stacks, changes.map(({ op, name }) => `${op} ${name}`)]);

  /** Makes a change for one preview only. */
  async function changed<T>(
    file: string,
    change: (text: string) => string,
    work: () => Promise<T>,
  ): Promise<T> {
    const before = readFileSync(join(project, file), "utf8");
    edit(project, file, change);
    return work().finally(() => writeFileSync(join(project, file), before));
  }

  it("reports a changed pipeline, and nothing else, for every tenant", async () => {
    const { code, report } = await changed(
      pipeline,
      (text) => text.replace(/"retry": \d+/, '"retry": 9'),
      () => preview("--base", "HEAD", "--artifact", join(folder, "full.md")),
    );
    assert.equal(code, 0);
    assert.deepEqual(sections(report()), [[["acme", "beta"], ["update QT_fetch_data"]]]);
    const artifact = readFileSync(join(folder, "full.md"), "utf8");
    assert.match(artifact, /^\+.*"retry": 9/m);
    assert.ok(!artifact.includes(planted));
  });

  it("reports only the tenant whose settings changed", async () => {
    const { report } = await changed(
      "Pulumi.beta.yaml",
      (text) => text.replace(/organisationId: .*/, "organisationId: org-other"),
      () => preview(),
    );
    const [[stacks] = []] = sections(report());
    assert.deepEqual(stacks, ["beta"]);
    assert.equal(sections(report()).length, 1);
  });

  it("reports no change for a comment, with the same output twice", async () => {
    const [one, two] = await changed(
      "infra/program.ts",
      (text) => `// Nothing else.\n${text}`,
      async () => [await preview(), await preview()],
    );
    assert.equal(one?.code, 0);
    assert.deepEqual(sections(one.report()), []);
    assert.deepEqual(one.report().summary, two?.report().summary);
  });

  it("creates a tenant that the base does not have, and says that a tenant whose file is gone keeps its stack", async () => {
    const [beta, fresh] = [join(project, "Pulumi.beta.yaml"), join(project, "Pulumi.new.yaml")];
    renameSync(beta, fresh);
    const { code, report } = await preview().finally(() => renameSync(fresh, beta));
    assert.equal(code, 0);
    const [acme, created, gone] = [...report().summary.stacks].sort(
      (a, b) => ["acme", "new", "beta"].indexOf(a.stack) - ["acme", "new", "beta"].indexOf(b.stack),
    );
    assert.equal(acme?.totals.create, 0);
    assert.ok((created?.totals.create ?? 0) > 50);
    assert.match(gone?.notes.join() ?? "", /^Its file is gone\. If its stack still exists, it stays/);
  });

  it("needs no value of an encrypted setting", async () => {
    const { code, report, stdout } = await changed(
      "Pulumi.beta.yaml",
      (text) => text.replace("config:", "config:\n  quantemplate:alertEmail:\n    secure: v1:AAAA:BBBB"),
      () => preview("--tenant", "beta"),
    );
    assert.equal(code, 0, stdout);
    assert.match(JSON.stringify(sections(report())), /create monitoring-mail/);
  });

  it("fails for a tenant whose file has mistakes, says where they are, and reports the others", async () => {
    const { code, report, stdout } = await changed(
      "Pulumi.beta.yaml",
      (text) => `${text}  quantemplate:deploymentSalt: "no end\n`,
      () => preview(),
    );
    assert.equal(code, 1);
    assert.deepEqual(
      report().tenants.map(({ tenant, status }) => `${tenant} ${status}`),
      ["acme done", "beta failed"],
    );
    assert.match(stdout, /Pulumi\.beta\.yaml:\d+:\d+ .*quote/i);
  });

  it("fails for every tenant, with a summary, if the program does not load", async () => {
    const { code, report } = await changed(
      "infra/program.ts",
      (text) => `${text}\nconst broken = ;\n`,
      () => preview(),
    );
    assert.equal(code, 1);
    for (const { problems } of report().summary.stacks)
      assert.match(problems.join(), /infra\/program\.ts:\d+/);
  });

  it("does not begin if there is no such commit, and leaves nothing behind", async () => {
    const { code, stderr } = await preview("--base", "nowhere");
    assert.equal(code, 2);
    assert.match(stderr, /git does not know the commit nowhere/);
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.startsWith("qt-base-")),
      [],
    );
  });
});

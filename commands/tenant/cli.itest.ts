import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { goodFile, projectFolder } from "./testing/project-folder";

describe("The tenant command", () => {
  const project = projectFolder();
  const run = (root: string, ...args: string[]) =>
    spawnSync(
      process.execPath,
      ["--require", require.resolve("tsx/cjs"), join(__dirname, "cli.ts"), "--cwd", root, ...args],
      { encoding: "utf8", input: "" },
    );

  it("reports a failure to machines too, in one JSON document", () => {
    const root = project();
    for (const [args, code] of [
      [["show", "nosuch", "--json"], "QT9017"],
      [["diff", "a", "b", "--json"], "QT9017"],
      [["show", "--json"], "QT9018"],
      [["check", "--json"], "QT9018"],
      [["remove", "acme", "--yes", "--json"], "QT9113"],
      [["repair", "acme", "--json"], "QT9113"],
    ] as const) {
      const { status, stdout, stderr } = run(root, ...args);
      assert.equal(status, 1, args.join(" "));
      assert.equal((JSON.parse(stdout) as { error: { code: string } }).error.code, code);
      assert.notEqual(stderr, "");
    }
    const forPeople = run(root, "show", "nosuch");
    assert.equal(forPeople.stdout, "");
    assert.match(forPeople.stderr, /^QT9017: /);
    assert.equal(run(root, "show", "--help").status, 0);
  });

  it("returns the mistakes as its result, and exits with 1", () => {
    const root = project({ "Pulumi.acme.yaml": goodFile, "Pulumi.acme.prod.yaml": goodFile });
    assert.equal(run(root, "check", "acme").status, 0);
    const { status, stdout, stderr } = run(root, "check", "--all", "--json");
    assert.equal(status, 1);
    const found = JSON.parse(stdout) as { tenant: string; mistakes: object[] }[];
    assert.deepEqual(
      found.map(({ tenant, mistakes }) => [tenant, mistakes.length]),
      [
        ["acme", 0],
        ["acme.prod", 1],
      ],
    );
    assert.match(stderr, /^QT9106: .* acme\.prod/);
  });

  it("shows a tenant with mistakes as written, then the mistakes, and exits with 1", () => {
    const root = project({ "Pulumi.acme.yaml": `${goodFile}  quantemplate:protect: maybe\n` });
    const { status, stdout, stderr } = run(root, "show", "acme", "--origin");
    assert.equal(status, 1);
    assert.match(stdout, /^quantemplate:protect +maybe +Pulumi\.acme\.yaml:17$/m);
    assert.match(
      stderr,
      /^Pulumi\.acme\.yaml:17:3 quantemplate:protect expects true or false.*\nQT9106: .*\n {2}Safe: Nothing was changed/,
    );
  });

  it("reports an unknown tenant, and lists the existing ones", () => {
    const root = project();
    assert.match(
      run(root, "check", "--all").stdout,
      /^There are no tenants yet: npm run tenant -- new <name>\n$/,
    );
    for (const args of [
      ["remove", "nobody", "--yes"],
      ["new", "acme", "--from", "nobody"],
    ]) {
      const { stderr } = run(root, ...args);
      assert.match(stderr, /^QT9113: There is no tenant nobody; the tenants are: none\.\n/);
      assert.doesNotMatch(stderr, /new nobody/);
    }
  });

  it("warns of tenants that share an organisation", () => {
    const root = project({ "Pulumi.acme.yaml": goodFile, "Pulumi.beta.yaml": goodFile });
    for (const args of [["--all"], ["beta"]]) {
      const { status, stdout } = run(root, "check", ...args);
      assert.equal(status, 0);
      assert.match(
        stdout,
        /^Pulumi\.beta\.yaml:3:3 warning: quantemplate:organisationId is also that of acme/m,
      );
    }
  });

  it("lists the tenants, and reports files that are not tenants'", () => {
    const root = project({ "Pulumi.acme.yaml": goodFile, "Pulumi.acme.prod.yaml": goodFile });
    const { status, stdout, stderr } = run(root, "list", "--json");
    assert.equal(status, 0);
    assert.deepEqual(
      (JSON.parse(stdout) as { name: string }[]).map(({ name }) => name),
      ["acme"],
    );
    assert.equal(stderr, "Pulumi.acme.prod.yaml is ignored: npm run tenant -- check --all shows why.\n");
  });
});

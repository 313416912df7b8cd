import assert from "node:assert/strict";
import {
  chmodSync,
  copyFileSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildVersion, languageHost } from "../../packages/kit/find-pulumi";
import { type Machine, pulumiMachines } from "./testing/pulumi-machines";

const marker = "marker-s3cret-0b5c1f";

describe("Tenants with the real Pulumi CLI", () => {
  const { machine, run } = pulumiMachines();
  const tenant = (on: Machine, args: readonly string[], input?: string) =>
    run(
      on,
      process.execPath,
      ["--require", require.resolve("tsx/cjs"), join(__dirname, "cli.ts"), "--cwd", on.root, ...args],
      input,
    );
  const acme = [
    "--organisation-id",
    "c-acme",
    "--client-id",
    "acme",
    "--dataset",
    "id=d-1,table=premium,key=Policy",
  ];

  it("new encrypts the secret with the stack's own provider, and never shows it", async () => {
    const on = machine();
    const made = await tenant(on, ["new", "acme", ...acme, "--secret-stdin"], `${marker}\n`);
    assert.equal(made.code, 0, made.output);
    assert.match(
      made.output,
      /Wrote Pulumi\.acme\.yaml\.\nA passphrase encrypts .*\nNext:\n {2}pulumi config set --path .*\n {2}pulumi config set --path .*\n {2}pulumi up -s acme/,
    );
    for (const [field, value] of [
      ["login", "DBAs"],
      ["objectId", "00000000-0000-0000-0000-00000000ad31"],
    ] as const) {
      const key = `quantemplate:sqlAdmin.${field}`;
      const set = await run(on, "pulumi", ["config", "set", "--path", key, value, "-s", "acme"]);
      assert.equal(set.code, 0, set.output);
    }
    const checked = await tenant(on, ["check", "--all"]);
    assert.equal(checked.output, "No mistake in acme.\n");
    const file = readFileSync(join(on.root, "Pulumi.acme.yaml"), "utf8");
    assert.match(file, /^# yaml-language-server: /);
    assert.match(file, /clientSecret:\n\s+secure: v1:/);

    // Search before asking Pulumi for the secret by name.
    const files = readdirSync(on.root, { recursive: true, encoding: "utf8" }).filter((name) =>
      statSync(join(on.root, name)).isFile(),
    );
    assert.ok(files.includes("record.txt") && files.some((name) => name.endsWith("acme.json")), files.join());
    for (const name of files) {
      assert.ok(!readFileSync(join(on.root, name)).includes(marker), `${name} holds the secret`);
    }
    for (const args of [["list"], ["show", "acme", "--origin"], ["show", "acme", "--json"]]) {
      const shown = await tenant(on, args);
      assert.equal(shown.code, 0, shown.output);
      assert.ok(!`${made.output}${shown.output}`.includes(marker));
    }
    const kept = await run(on, "pulumi", ["config", "get", "quantemplate:clientSecret", "-s", "acme"]);
    assert.equal(kept.output.trim(), marker);
  });

  it("takes the secret from the environment, and passes the variable to no process", async () => {
    const on = machine();
    const env = { ...on.env, QUANTEMPLATE_CLIENT_SECRET: marker };
    const made = await tenant({ ...on, env }, ["new", "acme", ...acme]);
    assert.equal(made.code, 0, made.output);
    assert.ok(!`${made.output}${readFileSync(on.env.PULUMI_RECORD, "utf8")}`.includes(marker));
    const kept = await run(on, "pulumi", ["config", "get", "quantemplate:clientSecret", "-s", "acme"]);
    assert.equal(kept.output.trim(), marker);
  });

  it("new does not reuse a stack that Pulumi already has", async () => {
    const on = machine();
    await run(on, "pulumi", ["stack", "init", "acme", "--no-select"]);
    rmSync(join(on.root, "Pulumi.acme.yaml"));
    const before = await run(on, "pulumi", ["stack", "export", "-s", "acme"]);
    const made = await tenant(on, ["new", "acme", ...acme, "--secret-stdin"], marker);
    assert.equal(made.code, 1, made.output);
    assert.match(made.output, /^QT9111[\s\S]*pulumi config refresh -s acme/);
    assert.deepEqual(globSync("Pulumi.acme.yaml", { cwd: on.root }), []);
    const after = await run(on, "pulumi", ["stack", "export", "-s", "acme"]);
    assert.equal(after.output, before.output);
  });

  it("new passes the secrets provider to Pulumi, and shows it in the commands to run", async () => {
    const on = machine();
    const passphrase = ["--secrets-provider", "passphrase", "--secret-stdin"];
    const made = await tenant(on, ["new", "acme", ...acme, ...passphrase], marker);
    assert.equal(made.code, 0, made.output);
    const record = readFileSync(on.env.PULUMI_RECORD, "utf8");
    assert.match(record, /^ARGS stack init acme --no-select --secrets-provider passphrase /m);
    assert.match(readFileSync(join(on.root, "Pulumi.acme.yaml"), "utf8"), /^encryptionsalt: /m);

    // Pulumi refuses this address before it calls it.
    const key = "azurekeyvault://vault.invalid/keys/stacks";
    const env = { ...on.env, PULUMI_OPTION_SECRETS_PROVIDER: key };
    const refused = await tenant({ ...on, env }, ["new", "beta", ...acme, "--secret-stdin"], marker);
    assert.equal(refused.code, 0, refused.output);
    assert.match(
      refused.output,
      /The file does not contain the secret: .*invalid keyID "https:\/\/vault\.invalid/,
    );
    assert.ok(
      refused.output.includes(`pulumi stack init beta --secrets-provider "${key}"\n`),
      refused.output,
    );
  });

  it("rotate-key changes what encrypts each stack's secrets, leaves out what has none, and goes on after a failure", async () => {
    const on = machine();
    for (const name of ["acme", "beta"]) await tenant(on, ["new", name, ...acme, "--secret-stdin"], marker);
    writeFileSync(join(on.root, "Pulumi.lab.yaml"), "config:\n  quantemplate:emulatorOnly: true\n");
    const wrong = await tenant(on, ["rotate-key", "azurekeyvault://v.vault.azure.net/keys/k"]);
    assert.equal(wrong.code, 1);
    assert.match(wrong.output, /^QT9038: .*with its version/);
    // Pulumi refuses this address before it calls it.
    const key = "azurekeyvault://v.invalid/keys/k/0123456789abcdef";
    const failed = await tenant(on, ["rotate-key", key]);
    assert.equal(failed.code, 1, failed.output);
    assert.match(failed.output, /^acme: failed: .*\nbeta: failed: /m);
    assert.match(failed.output, /QT9039: The secrets of acme,beta are still/);
    const telling = join(on.root, "telling");
    writeFileSync(telling, "#!/bin/sh\nexit 0\n");
    chmodSync(telling, 0o755);
    const env = { ...on.env, REAL_PULUMI: telling, PULUMI_ORG: "northgate" };
    const done = await tenant({ ...on, env }, ["rotate-key", key, "--tenant", "acme"]);
    assert.equal(done.code, 0, done.output);
    assert.match(done.output, /^acme: changed\nCommit and merge the changed files\./);
    const record = readFileSync(on.env.PULUMI_RECORD, "utf8");
    assert.ok(record.includes(`ARGS stack change-secrets-provider ${key} --stack northgate/acme `), record);
    assert.doesNotMatch(record, /lab/);
  });

  it("new fails if --secret-stdin gets no secret", async () => {
    const on = machine();
    const made = await tenant(on, ["new", "acme", ...acme, "--secret-stdin"], "\n");
    assert.equal(made.code, 1, made.output);
    assert.match(made.output, /^QT9112/);
    assert.deepEqual(globSync("Pulumi.acme.yaml", { cwd: on.root }), []);
  });

  it("new does not show the secret if Pulumi's output contains it", async () => {
    const on = machine();
    const telling = join(on.root, "telling");
    writeFileSync(telling, '#!/bin/sh\n[ "$1" != config ] || { echo "cannot store $(cat)"; exit 1; }\n');
    chmodSync(telling, 0o755);
    const env = { ...on.env, REAL_PULUMI: telling };
    const made = await tenant({ ...on, env }, ["new", "acme", ...acme, "--secret-stdin"], marker);
    assert.match(made.output, /The file does not contain the secret: cannot store \[secret\]/);
    assert.ok(!made.output.includes(marker));
  });

  it("new suggests the login if Pulumi has no backend, and the CLI's path if it is not on PATH", async () => {
    const on = machine();
    const { PULUMI_BACKEND_URL: _, PULUMI_ACCESS_TOKEN: __, ...env } = on.env;
    const away = { ...on, env: env as Machine["env"] };
    for (const [name, args] of [
      ["acme", ["--secret-stdin"]],
      ["beta", ["--no-secret"]],
    ] as const) {
      const made = await tenant(away, ["new", name, ...acme, ...args], marker);
      assert.equal(made.code, 0, made.output);
      assert.doesNotMatch(made.output, /must be set/);
      assert.match(made.output, /Next:\n {2}pulumi login <backend>\n {2}pulumi stack init/);
    }
    const versions = join(on.root, ".pulumi", "versions", buildVersion, "bin");
    mkdirSync(versions, { recursive: true });
    for (const file of ["pulumi", languageHost])
      copyFileSync(join(on.root, "bin", file), join(versions, file));
    const hidden = { ...on, env: { ...on.env, PATH: "/usr/bin:/bin", HOME: on.root } };
    const made = await tenant(hidden, ["new", "gamma", ...acme, "--secret-stdin"], marker);
    const next = made.output.slice(made.output.indexOf("Next:")).trimEnd().split("\n");
    const cli = join(versions, "pulumi");
    assert.ok(
      next
        .slice(1)
        .every((line) => line.startsWith(`  ${cli} config set --path `) || line === `  ${cli} up -s gamma`),
      made.output,
    );
    assert.equal(next.at(-1), `  ${cli} up -s gamma`);
  });

  it("shows what to run if Pulumi cannot encrypt", async () => {
    const on = machine();
    const { PULUMI_CONFIG_PASSPHRASE: _, ...env } = on.env;
    const made = await tenant(
      { ...on, env: env as Machine["env"] },
      ["new", "acme", ...acme, "--secret-stdin"],
      marker,
    );
    assert.equal(made.code, 0, made.output);
    assert.match(made.output, /The file does not contain the secret: .*passphrase/);
    assert.match(made.output, /pulumi config set --secret quantemplate:clientSecret -s acme/);
    assert.ok(!made.output.includes(marker));
  });

  it("plain Pulumi reads common settings as the commands show them", async () => {
    const on = machine();
    const common = `config:
  azure-native:location: northeurope
  quantemplate:unknownDatasets: land
  quantemplate:tags.owner: platform
  quantemplate:tags.ring: last
  quantemplate:sql: {default: {capacity: 4}}
  quantemplate:sql.maxSizeGb: 64
  quantemplate:function: {default: {memoryMb: 4096}}
`;
    writeFileSync(join(on.root, "Pulumi.yaml"), `name: quantemplate\nruntime: nodejs\n${common}`);
    await tenant(on, ["new", "acme", ...acme, "--secret-stdin"], marker);
    const file = join(on.root, "Pulumi.acme.yaml");
    const own = "  quantemplate:tags: {ring: canary}\n  quantemplate:function: {maximumInstances: 7}\n";
    writeFileSync(file, readFileSync(file, "utf8").replace("config:\n", `config:\n${own}`));
    const listed = await run(on, "pulumi", ["config", "--json", "-s", "acme"]);
    const pulumiValues = JSON.parse(listed.output) as Record<
      string,
      { value?: string; objectValue?: unknown }
    >;
    const value = (key: string) => pulumiValues[key]?.objectValue ?? pulumiValues[key]?.value;
    assert.equal(value("azure-native:location"), "northeurope", listed.output);
    assert.equal(value("quantemplate:unknownDatasets"), "land");
    assert.deepEqual(value("quantemplate:tags"), { owner: "platform", ring: "canary" });
    assert.deepEqual(value("quantemplate:sql"), { capacity: 4, maxSizeGb: 64 });
    assert.deepEqual(value("quantemplate:function"), { maximumInstances: 7 });
    const shown = await tenant(on, ["show", "acme", "--origin"]);
    for (const line of [
      /^azure-native:location +northeurope +Pulumi\.yaml:4$/m,
      /^quantemplate:unknownDatasets +land +Pulumi\.yaml:5$/m,
      /^quantemplate:tags\.owner +platform +Pulumi\.yaml:6$/m,
      /^quantemplate:tags\.ring +canary +Pulumi\.acme\.yaml:\d+$/m,
      /^quantemplate:sql\.capacity +4 +Pulumi\.yaml:8$/m,
      /^quantemplate:sql\.maxSizeGb +64 +Pulumi\.yaml:9$/m,
      /^quantemplate:function\.maximumInstances +7 +Pulumi\.acme\.yaml:\d+$/m,
      /^quantemplate:function\.memoryMb +2048 +default$/m,
    ]) {
      assert.match(shown.output, line);
    }
  });

  it("remove is refused while the stack has resources, then removes stack and file", async () => {
    const on = machine();
    await tenant(on, ["new", "acme", ...acme, "--secret-stdin"], marker);
    const bucket = { urn: "urn:pulumi:acme::quantemplate::a:b:C::x", type: "a:b:C", custom: true, id: "1" };
    const empty = await run(on, "pulumi", ["stack", "export", "-s", "acme"]);
    const state = JSON.parse(empty.output) as { deployment: { resources?: object[] } };
    state.deployment.resources = [{ ...bucket, provider: "" }];
    const imported = await run(
      on,
      "pulumi",
      ["stack", "import", "--force", "-s", "acme"],
      JSON.stringify(state),
    );
    assert.equal(imported.code, 0, imported.output);

    const unasked = await tenant(on, ["remove", "acme"]);
    assert.match(unasked.output, /^QT9110/);
    const refused = await tenant(on, ["remove", "acme", "--yes"]);
    assert.equal(refused.code, 1);
    assert.match(refused.output, /^QT9107[\s\S]*pulumi destroy -s acme/);
    assert.ok(globSync("Pulumi.acme.yaml", { cwd: on.root }).length === 1);

    await run(on, "pulumi", ["stack", "import", "--force", "-s", "acme"], empty.output);
    const removed = await tenant(on, ["remove", "acme", "--yes"]);
    assert.equal(removed.code, 0, removed.output);
    assert.deepEqual(globSync("Pulumi.acme.yaml", { cwd: on.root }), []);
    // The file is ours to remove, after the stack.
    assert.match(readFileSync(on.env.PULUMI_RECORD, "utf8"), /^ARGS stack rm acme .*--preserve-config/m);
    const stacks = await run(on, "pulumi", ["stack", "ls", "--json"]);
    assert.deepEqual(JSON.parse(stacks.output), []);
  });

  it("remove keeps the file of a stack on another backend, unless forced", async () => {
    const on = machine();
    await tenant(on, ["new", "acme", ...acme, "--secret-stdin"], marker);
    mkdirSync(join(on.root, "other"));
    const url = pathToFileURL(join(on.root, "other")).href;
    const away = { ...on, env: { ...on.env, PULUMI_BACKEND_URL: url } };
    const refused = await tenant(away, ["remove", "acme", "--yes"]);
    assert.equal(refused.code, 1, refused.output);
    assert.match(refused.output, /^QT9108[\s\S]*the backend file:\S+other has no such stack[\s\S]*--force/);
    assert.match(readFileSync(join(on.root, "Pulumi.acme.yaml"), "utf8"), /secure: v1:/);
    const forced = await tenant(away, ["remove", "acme", "--yes", "--force"]);
    assert.equal(forced.code, 0, forced.output);
    assert.deepEqual(globSync("Pulumi.acme.yaml", { cwd: on.root }), []);
  });

  it("remove deletes the file of a tenant that never had a stack, once Pulumi confirms that", async () => {
    const on = machine();
    await tenant(on, ["new", "acme", ...acme, "--no-secret"]);
    const away = { ...on.env, PULUMI_BACKEND_URL: pathToFileURL(join(on.root, "nowhere")).href };
    const unknown = await tenant({ ...on, env: away }, ["remove", "acme", "--yes"]);
    assert.match(unknown.output, /^QT9108/);
    assert.equal(globSync("Pulumi.acme.yaml", { cwd: on.root }).length, 1);
    const removed = await tenant(on, ["remove", "acme", "--yes"]);
    assert.equal(removed.code, 0, removed.output);
    assert.deepEqual(globSync("Pulumi.acme.yaml", { cwd: on.root }), []);
  });
});

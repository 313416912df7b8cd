import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { changesFromEvents, type StackChanges, summarise, toJson } from "../../fleet/summary";
import { projectRoot } from "../../infra/content-hash";
import { findPulumi } from "../engine";
import { createAutomationEngine } from "../engine/automation-engine";
import type { Engine } from "../engine/engine";
import { openPulumi } from "../engine/pulumi-cli";
import { openStackFolder } from "../engine/stack-folder";
import { foreseenProviders, rehearse, type Version } from "./rehearsal";
import { copyProject, edit } from "./testing/project-copy";
import { openCheckout } from "./version";

const pipeline = "adf-definitions/pipeline/QT_fetch_data.json";
const tenant = "Pulumi.dev.yaml";

/** What a pull request may change, and whether it must show. */
const cases: readonly { name: string; change(folder: string): void; isQuiet?: true; isCascade?: true }[] = [
  { name: "nothing", change() {}, isQuiet: true },
  {
    name: "a comment of the program",
    change: (folder) => edit(folder, "infra/program.ts", (text) => `// A comment.\n${text}`),
    isQuiet: true,
  },
  {
    name: "a pipeline",
    change: (folder) => edit(folder, pipeline, (text) => text.replace(/"retry": \d+/, '"retry": 9')),
  },
  {
    name: "the runbook",
    change: (folder) => edit(folder, "runbooks/Start-QuantemplateLoad.ps1", (text) => `${text}\n# More.\n`),
  },
  {
    name: "a SQL file",
    change: (folder) => edit(folder, "database/tsql/repeatable/purge.sql", (text) => `${text}\n-- More.\n`),
  },
  {
    name: "the function's code",
    change: (folder) => edit(folder, "functions/src/main.ts", (text) => `${text}\nconsole.log("started");\n`),
  },
  {
    name: "a tag, on every resource",
    change: (folder) => edit(folder, tenant, (text) => text.replace("environment: dev", "environment: test")),
  },
  {
    name: "a dataset more",
    change: (folder) =>
      edit(folder, tenant, (text) =>
        text.replace("  quantemplate:tags:", "    - {id: d-new, table: new}\n  quantemplate:tags:"),
      ),
  },
  {
    name: "nothing but protection",
    change: (folder) => edit(folder, tenant, (text) => text.replace('protect: "false"', 'protect: "true"')),
  },
  {
    name: "a dataset's table and key, another dataset less",
    change: (folder) =>
      edit(folder, tenant, (text) =>
        text
          .replace("table: premium_bordereau", "table: premium_new")
          .replace("[Policy Reference, Line Number]", "[Policy Reference]")
          .replace(/ {4}- id: d-claims-notes\n(?: {6}.*\n)+/, ""),
      ),
  },
  {
    name: "another region",
    isCascade: true,
    change: (folder) =>
      edit(folder, tenant, (text) =>
        text.replace("config:", "config:\n  azure-native:location: northeurope"),
      ),
  },
  {
    name: "other names, so everything new",
    isCascade: true,
    change: (folder) =>
      edit(folder, tenant, (text) => text.replace("config:", "config:\n  quantemplate:deploymentSalt: two")),
  },
  {
    name: "a trigger and its pipeline less",
    change(folder) {
      rmSync(join(folder, "adf-definitions/trigger/QT_reconcile_daily.json"));
    },
  },
  {
    name: "a component less",
    change: (folder) =>
      edit(folder, "infra/observability.ts", (text) =>
        text.replace(/ {2}new Alerts\([\s\S]*?\n {2}\}\);\n/, ""),
      ),
  },
];

describe("A preview without the engine", function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), "qt-rehearsal-"));
  let base: Version;
  let engine: Engine;

  const open = (name: string, change: (folder: string) => void): Version => {
    const copy = copyProject(join(folder, name));
    change(copy);
    const version = openCheckout(copy).version("dev");
    assert.ok(version);
    return version;
  };

  before(async function () {
    const cli = findPulumi();
    if (cli === undefined) {
      process.stdout.write("    skipped: no Pulumi CLI on PATH or in ~/.pulumi/versions\n");
      return this.skip();
    }
    const command = await openPulumi(cli);
    assert.ok(typeof command !== "string", String(command));
    process.env.no_grpc_proxy ??= "127.0.0.1,localhost";
    base = open("base", () => {});
    const providers = foreseenProviders();
    engine = createAutomationEngine({
      command,
      stacks: openStackFolder(join(folder, "engine"), projectRoot),
      environment: {},
      providers: () => providers,
    });
    await engine.up({ name: "dev", ...base });
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  it("fails as Pulumi's engine does where something protected would go, and tells all the rest beside", async () => {
    const { program, config } = base;
    const guarded = { program, config: { ...config, "quantemplate:protect": { value: "true" } } };
    const stack = "guarded";
    await engine.up({ name: stack, ...guarded });
    const moved = {
      ...guarded,
      config: { ...guarded.config, "azure-native:location": { value: "northeurope" } },
    };
    const ours = await rehearse(stack, guarded, moved);
    await assert.rejects(engine.preview({ name: stack, ...moved }), /sql-database.*protect/s);
    assert.match(ours.problems.join(), /sql-database is protected/);
    assert.ok(ours.steps.length > 50);
  });

  const history = [
    [
      "is edited",
      "QT4040",
      (file: string) => writeFileSync(file, `${readFileSync(file, "utf8")}\n-- More.\n`),
    ],
    ["is gone", "QT4041", (file: string) => rmSync(file)],
    [
      "gets one before it",
      "QT4042",
      (file: string) => writeFileSync(`${dirname(file)}/0000-late.sql`, "select 1;\n"),
    ],
  ] as const;
  for (const [what, code, change] of history) {
    it(`fails as Pulumi's engine does where a migration that ran ${what}`, async () => {
      const head = open(`history-${code}`, (copy) =>
        change(join(copy, "database/tsql/migrations/0002-tables.sql")),
      );
      const { problems } = await rehearse("dev", base, head);
      const [problem = ""] = problems.map((text) => text.replace(/^database-migration: /, ""));
      assert.match(problem, new RegExp(`^${code}: .*\\n {2}Safe: Nothing was run\\.\\n {2}Next: `));
      await assert.rejects(engine.preview({ name: "dev", ...head }), (error: unknown) => {
        assert.ok(String(error).includes(problem), String(error));
        return true;
      });
    });
  }

  it("tells that protection is taken away, as Pulumi's engine does", async () => {
    const guarded = { ...base, config: { ...base.config, "quantemplate:protect": { value: "true" } } };
    await engine.up({ name: "freed", ...guarded });
    const ours = await rehearse("freed", guarded, base);
    const events: object[] = [];
    await engine.preview({ name: "freed", ...base }, { onEvent: (event) => events.push(event) });
    assert.deepEqual(
      ours.steps.map(({ name, changes }) => [name, changes.map(({ path, after }) => [path, after])]),
      [
        ["key-vault", [["protect", "false"]]],
        ["sql-database", [["protect", "false"]]],
      ],
    );
    assert.deepEqual(told(ours, false), told(changesFromEvents(events, { stack: "freed" }), false));
  });

  it("tells what Pulumi's engine tells: a new stack", async () => {
    const ours = await rehearse("fresh", undefined, base);
    assert.ok(ours.steps.length > 50 && ours.steps.every(({ op }) => op === "create"));
    assert.deepEqual(told(ours, false), told(await byTheEngine(base, "fresh"), false));
  });

  async function byTheEngine(head: Version, stack = "dev"): Promise<StackChanges> {
    const events: object[] = [];
    await engine.preview({ name: stack, ...head }, { onEvent: (event) => events.push(event) });
    return changesFromEvents(events, { stack });
  }

  for (const [index, { name, change, isQuiet = false, isCascade = false }] of cases.entries()) {
    it(`tells what Pulumi's engine tells: ${name}`, async () => {
      const head = open(`head-${index}`, change);
      const ours = await rehearse("dev", base, head);
      assert.equal(ours.steps.length === 0, isQuiet);
      assert.deepEqual(told(ours, isCascade), told(await byTheEngine(head), isCascade));
    });
  }
});

/**
 * The summary, which is what people and comments get. Where one replacement draws others along, the engine does not tell which
 * property is the cause: then that is left out.
 */
function told(changes: StackChanges, isCascade: boolean): unknown {
  const text = toJson(summarise([changes]));
  return JSON.parse(text, (key, value) => (isCascade && key === "replaces" ? undefined : value));
}

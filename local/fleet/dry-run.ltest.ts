import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { changesFromEvents, type StackChanges, summarise, toJson } from "../../commands/fleet/summary";
import type { Engine } from "../../packages/azure-emulator/engine/engine";
import { skip } from "../../packages/kit/testing/skip";
import { dryRun, type Version } from "./dry-run";
import { openDryRunEngine } from "./testing/dry-run-engine";
import { copyProject, edit } from "./testing/project-copy";
import { openCheckout } from "./version";

const pipeline = "adf-definitions/pipeline/QT_fetch_data.json";
const tenant = "Pulumi.dev.yaml";

/** Changes that a pull request may make, and whether each shows in the preview. */
const cases: readonly { name: string; change(folder: string): void; isQuiet?: true; isCascade?: true }[] = [
  {
    name: "a comment of the program",
    change: (folder) => edit(folder, "infra/program.ts", (text) => `// A comment.\n${text}`),
    isQuiet: true,
  },
  {
    name: "a pipeline, the runbook, a SQL file and the function's code",
    change(folder) {
      edit(folder, pipeline, (text) => text.replace(/"retry": \d+/, '"retry": 9'));
      edit(folder, "runbooks/Start-QuantemplateLoad.ps1", (text) => `${text}\n# More.\n`);
      edit(folder, "database/tsql/repeatable/purge.sql", (text) => `${text}\n-- More.\n`);
      edit(folder, "functions/src/main.ts", (text) => `${text}\nconsole.log("started");\n`);
    },
  },
  {
    name: "a tag, on every resource",
    change: (folder) => edit(folder, tenant, (text) => text.replace("environment: dev", "environment: test")),
  },
  {
    name: "only protection",
    change: (folder) => edit(folder, tenant, (text) => text.replace('protect: "false"', 'protect: "true"')),
  },
  {
    name: "a dataset's table and key, one dataset added, another removed",
    change: (folder) =>
      edit(folder, tenant, (text) =>
        text
          .replace("table: premium_bordereau", "table: premium_new")
          .replace("[Policy Reference, Line Number]", "[Policy Reference]")
          .replace(/ {4}- id: d-claims-notes\n(?: {6}.*\n)+/, "    - {id: d-new, table: new}\n"),
      ),
  },
  {
    name: "another region",
    isCascade: true,
    change: (folder) =>
      edit(folder, tenant, (text) =>
        text.replace(
          "config:",
          "config:\n  azure-native:location: northeurope\n  quantemplate:deploymentSalt: two",
        ),
      ),
  },
  {
    name: "other names, so everything new",
    isCascade: true,
    change: (folder) =>
      edit(folder, tenant, (text) => text.replace("config:", "config:\n  quantemplate:deploymentSalt: two")),
  },
  {
    name: "a trigger and its pipeline removed",
    change(folder) {
      rmSync(join(folder, "adf-definitions/trigger/QT_reconcile_daily.json"));
    },
  },
  {
    name: "a component removed",
    change: (folder) =>
      edit(folder, "infra/observability.ts", (text) =>
        text.replace(/ {2}new Alerts\([\s\S]*?\n {2}\}\);\n/, ""),
      ),
  },
];

describe("A preview without the engine", () => {
  const folder = mkdtempSync(join(tmpdir(), "qt-dry-run-"));
  let base: Version;
  /** The same, with everything that could lose data protected. */
  let guarded: Version;
  let engine: Engine;

  const open = (name: string, change: (folder: string) => void): Version => {
    const copy = copyProject(join(folder, name));
    change(copy);
    const version = openCheckout(copy).version("dev");
    assert.ok(version);
    return version;
  };

  before(async function () {
    const opened = await openDryRunEngine(join(folder, "engine"));
    if (opened === undefined) {
      skip(this, "no Pulumi CLI on PATH or in ~/.pulumi/versions");
    }
    engine = opened;
    base = open("base", () => {});
    guarded = { ...base, config: { ...base.config, "quantemplate:protect": { value: "true" } } };
    await engine.up({ name: "dev", ...base });
    await engine.up({ name: "guarded", ...guarded });
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  it("fails as Pulumi's engine does if something protected would be deleted, and reports the rest", async () => {
    const config = {
      ...guarded.config,
      "azure-native:location": { value: "northeurope" },
      "quantemplate:deploymentSalt": { value: "two" },
    };
    const moved = { ...guarded, config };
    const ours = await dryRun("guarded", guarded, moved);
    await assert.rejects(engine.preview({ name: "guarded", ...moved }), /sql-database.*protect/s);
    assert.match(ours.problems.join(), /sql-database is protected/);
    assert.ok(ours.steps.length > 50);
  });

  it("fails as Pulumi's engine does if a migration that already ran is edited", async () => {
    const head = open("history", (copy) =>
      edit(copy, "database/tsql/migrations/0002-tables.sql", (text) => `${text}\n-- More.\n`),
    );
    const { problems } = await dryRun("dev", base, head);
    const [problem = ""] = problems.map((text) => text.replace(/^database-migration: /, ""));
    assert.match(problem, /^QT4040: .*\n {2}Safe: Nothing was run\.\n {2}Next: Restore the file/);
    await assert.rejects(engine.preview({ name: "dev", ...head }), (error: unknown) => {
      assert.ok(String(error).includes(problem), String(error));
      return true;
    });
  });

  it("reports removed protection as Pulumi's engine does", async () => {
    const ours = await dryRun("guarded", guarded, base);
    assert.deepEqual(
      ours.steps.map(({ name, changes }) => [name, changes.map(({ path, after }) => [path, after])]),
      [
        ["key-vault", [["protect", "false"]]],
        ["sql-database", [["protect", "false"]]],
        // It refuses lossy moves of what is protected.
        ["placement", [["protect", "false"]]],
      ],
    );
    assert.deepEqual(comparable(ours, false), comparable(await byTheEngine(base, "guarded"), false));
  });

  it("reports what Pulumi's engine reports: a new stack", async () => {
    const ours = await dryRun("fresh", undefined, base);
    assert.ok(ours.steps.length > 50 && ours.steps.every(({ op }) => op === "create"));
    assert.deepEqual(comparable(ours, false), comparable(await byTheEngine(base, "fresh"), false));
  });

  async function byTheEngine(head: Version, stack = "dev"): Promise<StackChanges> {
    const events: object[] = [];
    await engine.preview({ name: stack, ...head }, { onEvent: (event) => events.push(event) });
    return changesFromEvents(events, { stack });
  }

  for (const [index, { name, change, isQuiet = false, isCascade = false }] of cases.entries()) {
    it(`reports what Pulumi's engine reports: ${name}`, async () => {
      const head = open(`head-${index}`, change);
      const ours = await dryRun("dev", base, head);
      assert.equal(ours.steps.length === 0, isQuiet);
      assert.deepEqual(comparable(ours, isCascade), comparable(await byTheEngine(head), isCascade));
    });
  }
});

/**
 * The summary that people and comments get. If one replacement causes others, the engine does not report which
 * property is the cause, so that is left out.
 */
function comparable(changes: StackChanges, isCascade: boolean): unknown {
  const text = toJson(summarise([changes]));
  return JSON.parse(text, (key, value) => (isCascade && key === "replaces" ? undefined : value));
}

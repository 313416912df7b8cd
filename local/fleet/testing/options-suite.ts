import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { changesFromEvents, type StackChanges, summarise, toJson } from "../../../commands/fleet/summary";
import type { Engine } from "../../../packages/azure-emulator/engine/engine";
import { dryRun, type Version } from "../dry-run";
import { openDryRunEngine } from "./dry-run-engine";
import { type OptionsProgram, optionsProgram } from "./options-program";

const version = (options: OptionsProgram = {}): Version => ({ config: {}, program: optionsProgram(options) });

/** How the program differs from the deployed one, and the expected steps, as operation and name. */
const cases: readonly { name: string; change: OptionsProgram; expected: readonly string[] }[] = [
  {
    name: "a resource moved out of its component, with an alias",
    change: { isMoved: true, databaseOptions: ({ data }) => ({ aliases: [{ parent: data }] }) },
    expected: [],
  },
  {
    name: "a resource moved out of its component, without an alias",
    change: { isMoved: true },
    // The name of the new one is unknown to what takes it as an input.
    expected: ["create data-database", "delete data-database", "replace migration"],
  },
  {
    name: "a component renamed, with an alias that its children inherit, also in their names",
    change: { component: "store", componentOptions: { aliases: [{ name: "data" }] } },
    expected: [],
  },
  {
    name: "a component of another type, and a child renamed",
    change: {
      componentType: "quantemplate:test:Store",
      componentOptions: { aliases: [{ type: "quantemplate:test:Data" }] },
      databaseName: "db",
      databaseOptions: () => ({ aliases: [{ name: "data-database" }] }),
    },
    expected: [],
  },
  {
    name: "a moved resource that also changes",
    change: {
      isMoved: true,
      databaseOptions: ({ data }) => ({ aliases: [{ parent: data }] }),
      sku: { name: "S1", tier: "Standard", capacity: 10 },
    },
    expected: ["update data-database"],
  },
  ...["tags", "tags.owner", "tags.*", "*"].map((path) => ({
    name: `replaceOnChanges: ${path}`,
    change: { owner: "b", serverOptions: { replaceOnChanges: [path] } },
    // Nothing of the provider's forces it, so the new server is made first; until then its database's server is unknown.
    expected: ["replace data-database", "replace data-server", "replace migration", "update group"],
  })),
  {
    name: "replaceOnChanges of another property",
    change: { owner: "b", serverOptions: { replaceOnChanges: ["tags.other", "identity"] } },
    expected: ["update data-server", "update group"],
  },
  ...["sku.name", "sku.*", "sku", "*"].map((path) => ({
    name: `ignoreChanges: ${path}`,
    change: {
      sku: { name: "S1", tier: "Standard", capacity: 5 },
      databaseOptions: () => ({ ignoreChanges: [path] }),
    },
    expected: [],
  })),
  {
    name: "ignoreChanges of one property, while another changes",
    change: {
      sku: { name: "S1", tier: "Standard", capacity: 10 },
      databaseOptions: () => ({ ignoreChanges: ["sku.name"] }),
    },
    expected: ["update data-database"],
  },
  ...["emailReceivers[0].emailAddress", "emailReceivers[*].emailAddress"].map((path) => ({
    name: `ignoreChanges: ${path}`,
    change: { mails: ["c@x.example", "d@x.example"], receiverOptions: { ignoreChanges: [path] } },
    expected: path.includes("*") ? [] : ["update receivers"],
  })),
  {
    name: "a new name of a resource that a step takes its inputs from",
    change: { identity: "id-other" },
    expected: ["replace identity", "replace migration"],
  },
  {
    name: "another login of the server, which is deleted first, with everything on it",
    change: { login: "other" },
    expected: ["replace data-database", "replace data-server", "replace migration"],
  },
  {
    name: "another login of the server, which is deleted last",
    change: { login: "other", serverOptions: { deleteBeforeReplace: false } },
    expected: ["replace data-database", "replace data-server", "replace migration"],
  },
  {
    name: "a replacement that exists beside the old resource for a while",
    change: { region: "northeurope" },
    expected: ["replace account", "replace variable"],
  },
  {
    name: "the same, with the old resource deleted first",
    change: { region: "northeurope", accountOptions: { deleteBeforeReplace: true } },
    expected: ["replace account", "replace variable"],
  },
];

/** Declares the suite. @param every each case is checked against its expectation, and every n-th one against the engine too */
export function describeOptions(every: number): void {
  describe("The options of resources, without the engine", () => declareCases(every));
}

function declareCases(every: number): void {
  const folder = mkdtempSync(join(tmpdir(), "qt-options-"));
  let engine: Engine | undefined;

  before(async () => {
    engine = await openDryRunEngine(folder);
    if (engine === undefined)
      process.stdout.write("    not compared: no Pulumi CLI on PATH or in ~/.pulumi/versions\n");
    await engine?.up({ name: "dev", ...version() });
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  async function byTheEngine(head: Version): Promise<StackChanges | undefined> {
    const events: object[] = [];
    if (engine === undefined) return undefined;
    await engine.preview({ name: "dev", ...head }, { onEvent: (event) => events.push(event) });
    return changesFromEvents(events, { stack: "dev" });
  }

  for (const [index, { name, change, expected }] of cases.entries()) {
    const isCompared = index % every === 0;
    it(`mean what they mean to Pulumi${isCompared ? "'s engine" : ""}: ${name}`, async () => {
      const head = version(change);
      const ours = await dryRun("dev", version(), head);
      assert.deepEqual(ours.problems, []);
      assert.deepEqual(ours.steps.map((step) => `${step.op} ${step.name}`).sort(), expected);
      const theirs = isCompared ? await byTheEngine(head) : undefined;
      if (theirs !== undefined) assert.deepEqual(comparable(ours), comparable(theirs));
    });
  }
}

/**
 * The summary, without what cannot match: the engine does not report the cause of a replacement that another one
 * forces, and a generated name differs each time.
 */
function comparable(changes: StackChanges): unknown {
  const text = toJson(summarise([changes])).replace(/\baccount[0-9a-f]{8}\b/g, "account…");
  return JSON.parse(text, (key, value) => (key === "replaces" ? undefined : value));
}

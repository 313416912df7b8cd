import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { parse, stringify } from "yaml";
import { runCli } from "../commands/fleet/testing/run-cli";
import { sync } from "../local/commands/emulator-client";
import { connectStack } from "../local/deploy-stack";
import { copyProject, edit, replaceSample } from "../local/fleet/testing/project-copy";
import { type LocalAzure, startLocalAzure } from "../local/local-azure";
import { project } from "../local/places";
import { readTenantStack, type TenantStack } from "../local/tenant-stack";
import { type Attachment, attachProviders } from "../packages/azure-emulator/engine";
import { needsLanguageHost, skip } from "../packages/kit/testing/skip";
import { numbersFrom } from "./mutations/draw";
import { keyed, land } from "./support/emulator";
import { killTree } from "./support/process-tree";

/** Kills of one run; `QT_KILLS=50` takes about half an hour. */
const kills = Number(process.env.QT_KILLS || 5);
/** `QT_SEED` repeats a run: the same kills, as far as one machine is as quick as another. */
const seed = Number(process.env.QT_SEED || Date.now() % 1_000_000);

/** What is deployed when the kill comes, and what ends it. */
type Work = "first up" | "update" | "destroy" | "destroy, then up";
const works: readonly Work[] = ["first up", "update", "update", "destroy, then up", "destroy"];

/** When to kill: after so many changes of the emulator's resources, and a little later. */
interface Moment {
  readonly changes: number;
  readonly laterMs: number;
}

/** Changes of a whole run, more or less; a run that ends before its moment says better. */
const changesOf: Record<Work, number> = {
  "first up": 150,
  update: 30,
  destroy: 90,
  "destroy, then up": 90,
};

describe(`A killed deployment (seed ${seed}, ${kills} kills)`, function () {
  this.timeout(120_000 + kills * 180_000);
  const folder = mkdtempSync(join(tmpdir(), "qt-killed-"));
  const root = join(folder, "project");
  const file = join(root, "Pulumi.acme.yaml");
  let azure: LocalAzure;
  let attached: Attachment;
  let pulumi: string;
  let tenant: TenantStack;
  /** Fivetran has what was sent, so the next event must have other rows. */
  let generation = 0;

  before(async function () {
    if (process.platform !== "linux") skip(this, "only Linux shows a process's children");
    pulumi = needsLanguageHost(this).binary;
    const state = join(folder, "emulator");
    azure = await startLocalAzure({ folder: state });
    const { context, controlPlane } = azure;
    attached = await attachProviders({ project, folder: state, context, controlPlane });
    copyProject(root);
    replaceSample(root, ["acme"]);
    tenant = readTenantStack(root, "acme", context);
    const { endpoint, tokenUrl, clientSecret } = tenant.quantemplate;
    await succeeds("stack", "init");
    await succeeds("config", "set", "--secret", "quantemplate:clientSecret", clientSecret);
    const sqlAdmin: unknown = JSON.parse(tenant.config["quantemplate:sqlAdmin"]?.value ?? "{}");
    settings({ apiUrl: endpoint, tokenUrl, sqlAdmin });
  });
  after(async () => {
    attached?.close();
    await azure?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const environment = (): NodeJS.ProcessEnv => ({
    ...process.env,
    ...attached.environment,
    PULUMI_HOME: join(folder, "home"),
  });
  function start(...args: readonly string[]) {
    const all = [...args, "--stack", "acme", "--non-interactive", "--color", "never"];
    const child = spawn(pulumi, all, { cwd: root, env: environment(), stdio: ["ignore", "pipe", "pipe"] });
    const code = new Promise<number | null>((resolve) => child.once("close", resolve));
    const said = Promise.all([text(child.stdout), text(child.stderr)]);
    return {
      child,
      ended: Promise.all([code, said]).then(([code, [out, err]]) => ({ code, out, said: out + err })),
    };
  }
  async function succeeds(...args: readonly string[]): Promise<string> {
    const { code, out, said } = await start(...args).ended;
    assert.equal(code, 0, `pulumi ${args.join(" ")}\n${said}`);
    return out;
  }
  async function fleet(...args: readonly string[]): Promise<void> {
    const { code, stdout, stderr } = await runCli(
      root,
      [...args, "--yes", "--tenant", "acme"],
      environment(),
    );
    assert.equal(code, 0, `${stdout}\n${stderr}`);
  }
  function settings(more: Readonly<Record<string, unknown>>): void {
    const before = parse(readFileSync(file, "utf8")) as { readonly config: Record<string, unknown> };
    const named = Object.entries(more).map(([name, value]) => [`quantemplate:${name}`, value]);
    writeFileSync(file, stringify({ ...before, config: { ...before.config, ...Object.fromEntries(named) } }));
  }

  /** A dataset more or less, another key, another tag, another pipeline. */
  function changeSettings(round: number): void {
    const more = { id: "d-more", table: "more", keyColumns: ["Id"] };
    const { config } = parse(readFileSync(file, "utf8")) as {
      readonly config: { readonly "quantemplate:datasets": readonly { readonly id: string }[] };
    };
    const datasets = config["quantemplate:datasets"];
    settings({
      datasets: datasets.some(({ id }) => id === more.id)
        ? datasets.filter(({ id }) => id !== more.id)
        : [...datasets, more],
      tags: { environment: "dev", round: String(round) },
      rotation: { functionKey: { generation: round + 1 }, webhook: { generation: round + 1 } },
    });
    edit(root, "adf-definitions/pipeline/QT_fetch_data.json", (pipeline) =>
      pipeline.replace(/"description": "(Round \d+\. )?/, `"description": "Round ${round}. `),
    );
  }

  /** Deploys or destroys, and kills it at that moment. If it ended before: the number of its changes. */
  async function killed(work: Work, { changes, laterMs }: Moment): Promise<number | undefined> {
    const { child, ended } = work.startsWith("destroy")
      ? start("destroy", "--yes", "--skip-preview")
      : start("up", "--yes", "--skip-preview");
    let seen = 0;
    const reached = new Promise<"reached">((resolve) => {
      const stop = azure.context.resources.subscribe(() => {
        seen += 1;
        if (seen === changes) resolve("reached");
      });
      void ended.then(stop);
    });
    const how = await Promise.race([reached, ended]);
    if (how === "reached") await Promise.race([delay(laterMs), ended]);
    if (child.exitCode !== null) {
      const { code, said } = await ended;
      assert.equal(code, 0, said);
      return seen;
    }
    if (child.pid !== undefined) killTree(child.pid);
    await ended;
    return undefined;
  }

  const ids = () => azure.context.resources.list().map(({ id }) => id);

  async function isClean(): Promise<void> {
    const preview = await start("preview", "--expect-no-changes").ended;
    assert.equal(preview.code, 0, preview.said);
    const { deployment } = JSON.parse(await succeeds("stack", "export")) as {
      readonly deployment: {
        readonly pending_operations?: unknown;
        readonly resources: readonly {
          readonly id?: string;
          readonly type: string;
          readonly delete?: boolean;
        }[];
      };
    };
    assert.equal(deployment.pending_operations, undefined);
    assert.ok(deployment.resources.every((resource) => !resource.delete));
    const open = ids().filter((id) => /\/firewallRules\/deployment-/.test(id));
    assert.deepEqual(open, []);
    // What was made and is not in the state would be left behind when the tenant goes.
    const webhooks = (all: readonly string[]) =>
      all
        .filter((id) => /\/(webhooks|roleAssignments)\//i.test(id))
        .map((id) => id.toLowerCase())
        .sort();
    const known = deployment.resources.flatMap(({ id = "" }) => [id]);
    assert.deepEqual(webhooks(ids()), webhooks(known));
  }

  async function eventArrives(): Promise<void> {
    const shown = JSON.parse(await succeeds("stack", "output", "--json", "--show-secrets")) as Record<
      string,
      unknown
    >;
    const outputs = Object.fromEntries(
      Object.entries(shown).map(([name, value]) => [name, { value, secret: false }]),
    );
    const connected = await connectStack(azure, tenant, { outputs });
    generation += 1;
    const end = await land(connected, keyed, generation, 50);
    assert.equal(end.status, "succeeded", end.error);
    const { inserts, updates } = await sync(connected);
    assert.ok(inserts + updates > 0, "nothing came to Fivetran");
  }

  it("ends clean with the next up or destroy, and an event arrives", async () => {
    const next = numbersFrom(seed);
    let done = 0;
    for (let round = 0; done < kills; round++) {
      const work = works[round % works.length] ?? "update";
      if (work === "update") changeSettings(round);
      const changes = 1 + Math.floor(next() * changesOf[work]);
      const laterMs = Math.floor(next() * 400);
      const seen = await killed(work, { changes, laterMs });
      if (seen === undefined) done += 1;
      else changesOf[work] = seen;
      const how = seen === undefined ? "killed" : `had ended after ${seen}`;
      console.log(`    ${done}: ${work}, ${changes} changes and ${laterMs} ms: ${how}`);
      // A deleted vault keeps its name, so a destroy that came so far must be ended before the next up (docs/fleet.md).
      const isPastVault = !ids().some((id) => /\/vaults\/[^/]+$/i.test(id));
      if (work === "destroy" || (work === "destroy, then up" && isPastVault)) {
        await fleet("destroy");
        assert.deepEqual(ids(), []);
      } else {
        await fleet("up");
        await isClean();
        if (round % 2 === 1) await eventArrives();
      }
    }
    if (ids().length > 0) {
      await eventArrives();
      await fleet("destroy");
    }
    assert.deepEqual(ids(), []);
  });
});

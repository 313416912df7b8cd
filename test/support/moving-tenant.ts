import assert from "node:assert/strict";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DeployingEmulator, startWithEngine, stopEmulator } from "../../local/commands/bring-up";
import { compareDestinationWithTable, compareTableWithCsv } from "../../local/commands/compare";
import { findDataset, loadOutcome, runOf } from "../../local/commands/demo";
import { sync } from "../../local/commands/emulator-client";
import { removeEverything } from "../../local/commands/server-choice";
import { connectStack, stackRequest } from "../../local/deploy-stack";
import type { Environment } from "../../local/environment";
import { project, projectRoot } from "../../local/places";
import { sampleSnapshot } from "../../local/sample-data";
import { readTenantStack, type TenantStack } from "../../local/tenant-stack";
import { callerEnvironment } from "../../packages/azure-emulator/control-plane/network/caller-environment";
import { createEngine, type Engine, type RunResult } from "../../packages/azure-emulator/engine";
import { armClient } from "./arm-client";
import { keyless, land, type TestEmulator } from "./emulator";
import { makePlatform, type Platform } from "./platform";
import { reconcile } from "./reconciliation";

/** Settings of the tenant in addition to its file, by name. */
export type Settings = Readonly<Record<string, unknown>>;

const ROWS = 40;

/** A tenant beside what a platform team has made, while Quantemplate changes its dataset and Fivetran syncs all the time. */
export class MovingTenant {
  /** Of the tenant as the outside parties know it. */
  #environment: Environment | undefined;
  #engine: Engine;
  #generation = -1;
  /** What did not go as it does without a move. */
  #faults: string[] = [];
  /** Changes of the table, and changes that Fivetran got. */
  #published = 0;
  #delivered = 0;

  private constructor(
    private readonly folder: string,
    readonly emulator: DeployingEmulator,
    readonly platform: Platform,
  ) {
    this.#engine = emulator.engine;
  }

  static async start(): Promise<MovingTenant> {
    const folder = await mkdtemp(join(tmpdir(), "qt-shapes-"));
    const emulator = await startWithEngine({ folder, pulumi: "in-process" });
    return new MovingTenant(folder, emulator, await makePlatform(emulator));
  }

  async close(): Promise<void> {
    await stopEmulator(this.emulator);
    await removeEverything(this.folder);
  }

  get environment(): Environment {
    return this.#environment ?? assert.fail("The tenant is not deployed.");
  }

  /** Deployments run in this subnet from now on. */
  async deployFrom(subnetId: string): Promise<void> {
    const { context, controlPlane } = this.emulator.azure;
    const own = await callerEnvironment(context, { kind: "subnet", subnetId });
    const withNetwork = { ...project, environment: { ...project.environment, ...own } };
    const options = { project: withNetwork, folder: this.folder, pulumi: "in-process" } as const;
    this.#engine = await createEngine({ ...options, context, controlPlane });
  }

  #stack(settings: Settings): TenantStack {
    const stack = readTenantStack(projectRoot, "dev", this.emulator.azure.context);
    const more = Object.entries(settings).map(([name, value]) => [
      `quantemplate:${name}`,
      { value: typeof value === "string" ? value : JSON.stringify(value) },
    ]);
    return { ...stack, config: { ...stack.config, ...Object.fromEntries(more) } };
  }

  /** Deploys; Quantemplate and Fivetran keep what they have. */
  up(settings: Settings): Promise<RunResult> {
    return this.#engine.up(stackRequest(this.#stack(settings)));
  }

  preview(settings: Settings) {
    return this.#engine.preview(stackRequest(this.#stack(settings)));
  }

  /** Gives Quantemplate and Fivetran what is deployed now. */
  async connect(settings: Settings, result: RunResult): Promise<void> {
    this.#environment = await connectStack(this.emulator.azure, this.#stack(settings), result);
  }

  /** Deploys while events and syncs go on. @returns what did not go as it does without a move */
  async moves(settings: Settings): Promise<readonly string[]> {
    return (await this.meanwhile(() => this.up(settings))).faults;
  }

  /** Events and syncs all the time while the work is under way, and at least once before and after it. */
  async meanwhile<T>(work: () => Promise<T>): Promise<{ result: T; faults: readonly string[] }> {
    this.#faults = [];
    await this.change();
    const state = { isOver: false };
    const changing = (async () => {
      while (!state.isOver) await this.change();
    })();
    const result = await work().finally(() => {
      state.isOver = true;
    });
    await changing;
    await this.change();
    return { result, faults: this.#faults };
  }

  /** Quantemplate changes the dataset and sends its event; when its load has ended, Fivetran syncs. */
  async change(): Promise<void> {
    const { environment } = this;
    this.#generation++;
    const end = await land(environment, keyless, this.#generation, ROWS).catch((error: Error) => error);
    if (end instanceof Error) this.#faults.push(`event: ${end.message}`);
    else if (end.status !== "succeeded") this.#faults.push(`load: ${end.error}`);
    else {
      const { inserted, updated, deleted } = await loadOutcome(environment, keyless, runOf(end.steps));
      this.#published += inserted + updated + deleted;
    }
    await this.sync();
  }

  async sync(): Promise<void> {
    const report = await sync(this.environment).catch((error: Error) => error);
    if (report instanceof Error) this.#faults.push(`sync: ${report.message}`);
    else this.#delivered += report.inserts + report.updates + report.deletes;
  }

  /** The reconciliation, as its trigger starts it. */
  async reconcile(): Promise<void> {
    const { environment, emulator } = this;
    await reconcile(armClient({ environment, running: { azure: emulator.azure } } as TestEmulator));
  }

  /** Destination, table and Quantemplate's last CSV agree cell by cell, and Fivetran has nothing left to get. */
  async requireWhole(): Promise<void> {
    const { environment } = this;
    const dataset = findDataset(environment, keyless);
    const { csv } = sampleSnapshot(keyless, ROWS, this.#generation);
    await compareTableWithCsv(environment, dataset, csv());
    await compareDestinationWithTable(environment, dataset);
    const { inserts, updates, deletes } = await sync(environment);
    assert.deepEqual({ inserts, updates, deletes }, { inserts: 0, updates: 0, deletes: 0 });
  }

  /** Forgets what was counted, for example because a resync sent more. */
  countAgain(): void {
    this.#published = 0;
    this.#delivered = 0;
  }

  /** Each change of the table reached Fivetran once. */
  requireOnce(): void {
    assert.equal(this.#delivered, this.#published);
  }
}

import { apply, messageOf } from "./apply";
import { type MoreRuns, runChain } from "./chain";
import { notCompiling } from "./compile";
import { deployMutable, type MutableDeployment } from "./deployment";
import { drawMutations } from "./draw";
import { type Mutation, valueAt } from "./mutation";
import { isPassive, survivalReason } from "./reasons";

/** What noticed a mutation. */
export type Catcher = "types" | "control plane" | "policies" | "chain";

export interface Result {
  readonly mutation: Mutation;
  readonly by: Catcher | undefined;
  /** What was said; of a survivor, why nobody did. */
  readonly said: string | undefined;
}

export interface RunOptions {
  readonly count: number;
  readonly seed: number;
  onResult?(result: Result): void;
}

/** Draws mutations of a deployment, and looks for each who notices it. */
export async function runMutations({ count, seed, onResult = () => {} }: RunOptions): Promise<Result[]> {
  let deployment = await deployMutable();
  const results: Result[] = [];
  try {
    const graph = { resources: deployment.resources(), waits: deployment.waits };
    const mutations = drawMutations(graph, count, seed);
    const wrong = notCompiling(mutations, graph.resources);
    const judge = new Judge(() => deployment);
    for (const mutation of mutations) {
      const result = wrong.has(mutation.number)
        ? { mutation, by: "types" as const, said: "it does not compile" }
        : await judge.result(mutation);
      if (result !== undefined) {
        results.push(result);
        onResult(result);
      }
      if (judge.isBroken) {
        await deployment.close();
        deployment = await deployMutable();
        judge.isBroken = false;
      }
    }
    return results;
  } finally {
    await deployment.close();
  }
}

class Judge {
  /** True if the deployment could not be put back: the next mutation needs another. */
  isBroken = false;
  #generation = 0;

  constructor(private readonly deployment: () => MutableDeployment) {}

  /** undefined if the mutation asks for what is there already. */
  async result(mutation: Mutation): Promise<Result | undefined> {
    const deployment = this.deployment();
    const before = deployment.ids();
    const applied = await apply(mutation, deployment);
    if (applied.kind === "nothing") return undefined;
    let result: Result;
    let ended: Promise<unknown> = Promise.resolve();
    if (applied.kind === "refused") {
      const by = applied.reason.includes("RequestDisallowedByPolicy") ? "policies" : "control plane";
      result = { mutation, by, said: applied.reason };
    } else if (isPassive(mutation) || mutation.kind === "missing dependsOn") {
      result = { mutation, by: undefined, said: this.#reason(mutation) };
    } else {
      const run = await runChain(deployment.environment(), ++this.#generation, moreRuns(mutation));
      ended = run.ended;
      const by = run.failure === undefined ? undefined : "chain";
      result = { mutation, by, said: run.failure ?? this.#reason(mutation) };
    }
    await this.#restore(applied.restore, ended, before, result.by === "chain");
    return result;
  }

  #reason(mutation: Mutation): string | undefined {
    const resource = this.deployment()
      .resources()
      .find(({ urn }) => urn === mutation.urn);
    return survivalReason(
      mutation,
      "path" in mutation ? valueAt(resource?.inputs, mutation.path) : undefined,
    );
  }

  async #restore(
    restore: (() => Promise<void>) | "all",
    ended: Promise<unknown>,
    before: string,
    wasBroken: boolean,
  ): Promise<void> {
    const deployment = this.deployment();
    try {
      if (restore === "all") await deployment.restoreAll();
      else await restore();
      await within(ended, 60_000);
      const isWhole = async () => {
        if (deployment.ids() !== before) return false;
        if (!wasBroken && restore !== "all") return true;
        // The first run may still meet a role that is on its way.
        for (let attempt = 0; attempt < 2; attempt++)
          if ((await runChain(deployment.environment(), ++this.#generation)).failure === undefined)
            return true;
        return false;
      };
      if (await isWhole()) return;
      await deployment.restoreAll();
      this.isBroken = !(await isWhole());
    } catch (error) {
      process.stderr.write(`A new deployment is needed: ${messageOf(error).split("\n")[0]}\n`);
      this.isBroken = true;
    }
  }
}

/** The pipelines and the function have ways that an event does not go. */
function moreRuns({ name, type }: Mutation): MoreRuns {
  if (type.includes(":web:")) return "connection test";
  if (!type.includes(":datafactory:")) return undefined;
  if (name.startsWith("QT_reconcile") || name === "ds_azure_sql") return "daily run";
  return name === "QT_fetch_data" ? "failing run" : undefined;
}

async function within(work: Promise<unknown>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("A run of the chain does not end.")), milliseconds);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

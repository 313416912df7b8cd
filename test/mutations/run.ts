import { apply, messageOf } from "./apply";
import { type MoreRuns, runChain } from "./chain";
import { notCompiling } from "./compile";
import { deployMutable, type MutableDeployment } from "./deployment";
import { drawMutations } from "./draw";
import { type Mutation, valueAt } from "./mutation";
import { isPassive, survivalReason } from "./reasons";
import { watchingFaults } from "./watching";

/** What noticed a mutation. */
export type Catcher = "types" | "control plane" | "policies" | "watching" | "chain";

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

/** Draws mutations of a deployment, and looks for each who notices it: first who is quick to ask, then, for the others, the chain. */
export async function runMutations({ count, seed, onResult = () => {} }: RunOptions): Promise<Result[]> {
  let deployment = await deployMutable();
  const results: Result[] = [];
  try {
    const graph = { resources: deployment.resources(), waits: deployment.waits };
    const mutations = drawMutations(graph, count, seed);
    const wrong = notCompiling(mutations, graph.resources);
    const judge = new Judge(() => deployment);
    judge.refuseUnfair();
    const note = (result: Result) => {
      results.push(result);
      onResult(result);
    };
    const undecided: Mutation[] = [];
    for (const round of ["quick", "chain"] as const) {
      const due = round === "quick" ? mutations : undecided.splice(0);
      for (const mutation of due) {
        if (wrong.has(mutation.number)) {
          note({ mutation, by: "types", said: "it does not compile" });
          continue;
        }
        const result = await judge.result(mutation, round);
        if (result === "undecided") undecided.push(mutation);
        else if (result !== undefined) note(result);
        if (judge.isBroken) {
          await deployment.close();
          deployment = await deployMutable();
          judge.isBroken = false;
        }
      }
    }
    return results.sort((one, other) => one.mutation.number - other.mutation.number);
  } finally {
    await deployment.close();
  }
}

class Judge {
  /** True if the deployment could not be put back: the next mutation needs another. */
  isBroken = false;
  #generation = 0;

  constructor(private readonly deployment: () => MutableDeployment) {}

  /** @throws Error if the deployment as it is already misses something: then a mutation would be blamed for it. */
  refuseUnfair(): void {
    const faults = this.#faults();
    if (faults.length > 0) throw new Error(`Without any mutation ${faults.join("; ")}`);
  }

  #faults(): string[] {
    return watchingFaults(this.deployment().azure.context.resources.list());
  }

  /** undefined if the mutation asks for what is there already; `undecided` if only the chain can tell. */
  async result(mutation: Mutation, round: "quick" | "chain"): Promise<Result | "undecided" | undefined> {
    // It deploys a whole stack.
    if (round === "quick" && mutation.kind === "missing dependsOn") return "undecided";
    const deployment = this.deployment();
    const before = deployment.ids();
    const applied = await apply(mutation, deployment);
    if (applied.kind === "nothing") return undefined;
    // A stack without a dependsOn is a second one beside the whole first.
    const isOne = mutation.kind !== "missing dependsOn";
    const faults = applied.kind === "done" && isOne ? this.#faults() : [];
    let result: Result | "undecided";
    let ended: Promise<unknown> = Promise.resolve();
    if (applied.kind === "refused") {
      const by = applied.reason.includes("RequestDisallowedByPolicy") ? "policies" : "control plane";
      result = { mutation, by, said: applied.reason };
    } else if (faults.length > 0) {
      result = { mutation, by: "watching", said: faults.join("; ") };
    } else if (isPassive(mutation) || mutation.kind === "missing dependsOn") {
      result = { mutation, by: undefined, said: this.#reason(mutation) };
    } else if (round === "quick" && applied.restore !== "all") {
      result = "undecided";
    } else {
      const run = await runChain(deployment.environment(), ++this.#generation, moreRuns(mutation));
      ended = run.ended;
      const by = run.failure === undefined ? undefined : "chain";
      result = { mutation, by, said: run.failure ?? this.#reason(mutation) };
    }
    await this.#restore(applied.restore, ended, before, result !== "undecided" && result.by === "chain");
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

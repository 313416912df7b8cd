import { Command } from "commander";
import { mutationText } from "../test/mutations/mutation";
import { reportText, sharesOf } from "../test/mutations/report";
import { type Result, runMutations } from "../test/mutations/run";

/** The share that must be noticed of the mutations that have no reason to survive. */
const target = 0.95;

const program = new Command("npm run mutants:deployment --")
  .description(
    "Changes the resources of a deployed tenant one at a time (a property dropped or changed, a wrong scope, swapped names, a removed resource, a missing dependsOn), and tells what notices: the SDK's types, the control plane, policies, what watches (an incident that nobody would be told of, a log that is not kept), or one event through the chain.",
  )
  .option("--count <n>", "mutations", Number, 500)
  .option("--seed <n>", "another seed draws others", Number, 1)
  .option("--verbose", "print each with what noticed it", false);

async function main(): Promise<void> {
  const { count, seed, verbose } = program.parse().opts<{ count: number; seed: number; verbose: boolean }>();
  const started = performance.now();
  let last = started;
  const print = ({ mutation, by, said = "no reason" }: Result) => {
    const seconds = ((performance.now() - last) / 1000).toFixed(1);
    last = performance.now();
    const reason = said.split("\n")[0]?.slice(0, 200);
    process.stdout.write(
      `${mutation.number} (${seconds} s) ${mutationText(mutation)}: ${by ?? "survived"}: ${reason}\n`,
    );
  };
  const results = await runMutations({ count, seed, ...(verbose ? { onResult: print } : {}) });
  process.stdout.write(
    `\n${reportText(results)}${((performance.now() - started) / 60_000).toFixed(1)} min\n`,
  );
  process.exitCode = sharesOf(results).share < target ? 1 : 0;
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);

import { type Mutation, mutationText } from "./mutation";
import type { Catcher, Result } from "./run";

const catchers: readonly Catcher[] = ["types", "control plane", "policies", "watching", "chain"];

const percent = (part: number, whole: number) =>
  whole === 0 ? "-" : `${((100 * part) / whole).toFixed(1)} %`;

/** Shares of what was noticed, in all and without the survivors that have a reason. */
export function sharesOf(results: readonly Result[]) {
  const caught = results.filter(({ by }) => by !== undefined).length;
  const open = results.filter(({ by, said }) => by === undefined && said === undefined);
  return { caught, all: results.length, open, share: caught / Math.max(1, caught + open.length) };
}

/** The table by kind of mutation, then the survivors by reason. */
export function reportText(results: readonly Result[]): string {
  const kinds = [...new Set(results.map(({ mutation }) => mutation.kind))].sort();
  const row = (title: string, some: readonly Result[]) => {
    const counts = catchers.map((by) => some.filter((result) => result.by === by).length);
    const survived = some.filter(({ by }) => by === undefined).length;
    return `| ${[title, some.length, ...counts, survived, percent(some.length - survived, some.length)].join(" | ")} |`;
  };
  const { caught, open, share } = sharesOf(results);
  return [
    `| mutation | number | ${catchers.join(" | ")} | survived | caught |`,
    `|---|${"--:|".repeat(catchers.length + 3)}`,
    ...kinds.map((kind) =>
      row(
        kind,
        results.filter(({ mutation }) => mutation.kind === kind),
      ),
    ),
    row("all", results),
    "",
    `${percent(caught, results.length)} are caught; ${(100 * share).toFixed(1)} % without the survivors that have a reason.`,
    ...survivors(results),
    ...(open.length === 0 ? [] : ["", "Survivors without a reason:", ...list(open)]),
    "",
  ].join("\n");
}

function survivors(results: readonly Result[]): string[] {
  const reasons = new Map<string, Result[]>();
  for (const result of results)
    if (result.by === undefined && result.said !== undefined)
      reasons.set(result.said, [...(reasons.get(result.said) ?? []), result]);
  return [...reasons].flatMap(([reason, some]) => ["", `Survivors, ${reason}:`, ...list(some)]);
}

const list = (results: readonly { readonly mutation: Mutation }[]) =>
  results.map(({ mutation }) => `- ${mutation.number}: ${mutationText(mutation)}`);

import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { startCaseHost } from "../local/runbook/cases/case-host";
import { caseScript, startedCase } from "../local/runbook/cases/runbook-case-server";
import { caseProblems, type RunbookCase, runbookCases } from "../local/runbook/cases/runbook-cases";
import { startFakeFactory } from "../local/runbook/cases/test-factory";

/** One change of the script, by offsets in its text. */
interface Mutant {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly line: number;
  readonly kind: string;
  /** Offset of the statement around it; -1 if there is none. */
  readonly statement: number;
}

/** A mutant that no case can kill: in lines that contain `line`, `from` becomes `to`. */
interface Equivalent {
  readonly line: string;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

const help = `npm run mutants:runbook [-- --only TEXT] [--again FILE] [--after FILE] [--most N] [--verbose]

Changes the runbook in one place at a time and runs the cases of runbooks/cases.json on each change, as the tests do: in
PowerShell 7 and, if none noticed it there, in an imitation of Windows PowerShell 5.1; two at a time.
Prints the changes that no case noticed, and a table. Ends with 1 if under 95 % were noticed. Needs pwsh on PATH.

  --only TEXT   only changes in lines that contain TEXT
  --again FILE  only changes that survived in an earlier output
  --after FILE  start with the case that noticed a change in an earlier --verbose output: many times faster
  --most N      at most N cases for a change, through the script by as many ways as possible; some changes then survive that
                another case would notice
  --verbose     show for each change which case noticed it
`;

const target = 0.95;
const processes = 2;
/** For the unchanged script; a changed one has a multiple of the case's own time. */
const secondsPerCase = 60;
const equivalentsFile = path.join(path.dirname(caseScript), "equivalent-mutants.json");

/** The changes, and the script with code that records each statement it runs. */
function mutantsOf(script: string): { readonly mutants: readonly Mutant[]; readonly noted: string } {
  const tool = path.join(__dirname, "runbook-mutants.ps1");
  const found = spawnSync("pwsh", ["-NoProfile", "-NonInteractive", "-File", tool, script], {
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  if (found.status !== 0) throw new Error(`pwsh cannot look for changes: ${found.error ?? found.stderr}`);
  return JSON.parse(found.stdout) as { mutants: Mutant[]; noted: string };
}

/** Plays cases over scripts, one after the other. */
function startPlayer(file: string, source: string) {
  const hosts = [startCaseHost(), startCaseHost("pwsh", { likeWindows: true })] as const;
  return {
    async play(script: string, given: RunbookCase, likeWindows: boolean, seconds: number) {
      const host = hosts[likeWindows ? 1 : 0];
      fs.writeFileSync(file, script);
      const factory = await startFakeFactory(given.factory);
      try {
        const ended = await host.run(file, startedCase(given, source, factory.url), seconds);
        return { ended, problems: caseProblems(given, ended, factory) };
      } finally {
        await factory.close();
      }
    },
    close: () => Promise.all(hosts.map((host) => host.close())),
  };
}
type Player = ReturnType<typeof startPlayer>;

/** Read from an earlier --verbose output: the case that noticed a change, and its place. */
function noticedIn(text: string) {
  const lines = text.matchAll(
    /^noticed by "(.*?)"( like Windows)?(?:, which did not end)?: \w+, line (\d+): (.*)$/gm,
  );
  return [...lines].map(([, name = "", likeWindows, line, what = ""]) => {
    return { name, likeWindows: likeWindows !== undefined, line: Number(line), what };
  });
}

async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--help")) {
    process.stdout.write(help);
    return 0;
  }
  const option = (name: string) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
  const only = option("--only") ?? "";
  const most = Number(option("--most") ?? runbookCases.length);
  const [earlier, after] = [option("--again"), option("--after")];
  const noticers = after === undefined ? [] : noticedIn(fs.readFileSync(after, "utf8"));
  const survived = (text: string) =>
    [...text.matchAll(/^survived: \w+, line \d+: (.*)$/gm)].map(([, what]) => what);
  const again = earlier === undefined ? undefined : new Set(survived(fs.readFileSync(earlier, "utf8")));
  const verbose = args.includes("--verbose");
  const began = Date.now();
  const source = fs.readFileSync(caseScript, "utf8");
  const lines = source.split("\n");
  const equivalents = JSON.parse(fs.readFileSync(equivalentsFile, "utf8")) as Equivalent[];
  const used = new Set<Equivalent>();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "qt-mutants-"));
  const players = Array.from({ length: processes }, (_, index) =>
    startPlayer(path.join(folder, `${index}.ps1`), source),
  );
  // Cases that take different ways through the script come first, quick ones before slow ones; a case that noticed a change moves to the front.
  const order = [...runbookCases];
  const seconds = new Map<RunbookCase, number>();

  /** Gives each player the next one of `all` until none is left. */
  const share = async <T>(all: readonly T[], work: (one: T, player: Player) => Promise<void>) => {
    const left = [...all];
    await Promise.all(
      players.map(async (player) => {
        for (let one = left.shift(); one !== undefined; one = left.shift()) await work(one, player);
      }),
    );
  };

  const hits = new Map<RunbookCase, ReadonlySet<number>>();
  const hit = (given: RunbookCase, statement: number) => hits.get(given)?.has(statement) === true;

  // Alternates between cases that run the next statement of the text and cases that do not: the change affects one of the two.
  const chosen = ({ start, statement }: Mutant): RunbookCase[] => {
    const next = Math.min(
      ...[...hits.values()].flatMap((one) => [...one].filter((offset) => offset > start)),
    );
    const reaching = order.filter((given) => statement < 0 || hit(given, statement));
    const [first, ...rest] = reaching;
    const sides = [true, false].map((side) => rest.filter((given) => hit(given, next) === side));
    const turns = rest.flatMap((_, index) => sides.flatMap((side) => side.slice(index, index + 1)));
    return first === undefined ? [] : [first, ...turns].slice(0, most);
  };

  interface Trial {
    readonly given: RunbookCase;
    readonly likeWindows: boolean;
  }
  const known = (line: number, what: string): Trial[] => {
    const far = (one: { line: number }) => Math.abs(one.line - line);
    const [nearest] = noticers.filter((one) => one.what === what).sort((one, other) => far(one) - far(other));
    const given = runbookCases.find(({ name }) => name === nearest?.name);
    return nearest === undefined || given === undefined ? [] : [{ given, likeWindows: nearest.likeWindows }];
  };

  const noticedBy = async (mutant: Mutant, what: string, player: Player): Promise<string | undefined> => {
    const changed = source.slice(0, mutant.start) + mutant.text + source.slice(mutant.end);
    const cases = chosen(mutant);
    const trials = [false, true].flatMap((likeWindows) => cases.map((given) => ({ given, likeWindows })));
    for (const { given, likeWindows } of [...known(mutant.line, what), ...trials]) {
      const patience = 5 + 5 * (seconds.get(given) ?? 0);
      const { ended, problems } = await player.play(changed, given, likeWindows, patience);
      if (problems.length === 0) continue;
      order.splice(order.indexOf(given), 1);
      order.unshift(given);
      return `"${given.name}"${likeWindows ? " like Windows" : ""}${ended.timedOut ? ", which did not end" : ""}`;
    }
    return undefined;
  };

  const table = new Map<string, { all: number; survived: number; equivalent: number }>();
  try {
    const { mutants, noted } = mutantsOf(caseScript);
    await share(runbookCases, async (given, player) => {
      const start = Date.now();
      const { ended, problems } = await player.play(noted, given, false, secondsPerCase);
      seconds.set(given, (Date.now() - start) / 1000);
      if (problems.length > 0) throw new Error(`The unchanged script fails "${given.name}": ${problems}`);
      hits.set(given, new Set(ended.hits));
    });
    const ways = new Map<string, number>();
    const turn = new Map(
      runbookCases.map((given) => {
        const way = [...(hits.get(given) ?? [])].sort().join(" ");
        ways.set(way, (ways.get(way) ?? 0) + 1);
        return [given, ways.get(way) ?? 0];
      }),
    );
    const rank = (given: RunbookCase) => (turn.get(given) ?? 0) * secondsPerCase + (seconds.get(given) ?? 0);
    order.sort((one, other) => rank(one) - rank(other));
    await share(mutants, async (mutant, player) => {
      const { start, end, text, line, kind } = mutant;
      if (!(lines[line - 1] ?? "").includes(only)) return;
      const from = source.slice(start, end);
      const what = `${JSON.stringify(from)} -> ${JSON.stringify(text)}`;
      if (again !== undefined && !again.has(what)) return;
      const row = table.get(kind) ?? { all: 0, survived: 0, equivalent: 0 };
      table.set(kind, row);
      const same = equivalents.find(
        (one) => (lines[line - 1] ?? "").includes(one.line) && one.from === from && one.to === text,
      );
      if (same !== undefined) {
        used.add(same);
        row.equivalent++;
        return;
      }
      row.all++;
      const noticed = await noticedBy(mutant, what, player);
      const change = `line ${line}: ${what}`;
      if (noticed === undefined) {
        row.survived++;
        process.stdout.write(`survived: ${kind}, ${change}\n`);
      } else if (verbose) process.stdout.write(`noticed by ${noticed}: ${kind}, ${change}\n`);
    });
  } finally {
    await Promise.all(players.map((player) => player.close()));
    fs.rmSync(folder, { recursive: true, force: true });
  }

  for (const one of equivalents)
    if (only === "" && again === undefined && !used.has(one))
      process.stdout.write(`no such change any more: ${JSON.stringify(one)}\n`);
  const rows = [...table.values()];
  const sum = (key: "all" | "survived" | "equivalent") => rows.reduce((total, row) => total + row[key], 0);
  const percent = (all: number, survived: number) =>
    all === 0 ? "" : `${((100 * (all - survived)) / all).toFixed(1)} %`;
  const print = (kind: string, all: number, survived: number, equivalent: number) =>
    process.stdout.write(
      `${kind.padEnd(10)} ${String(all).padStart(8)} ${String(survived).padStart(8)} ${percent(all, survived).padStart(8)} ${String(equivalent).padStart(10)}\n`,
    );
  process.stdout.write(`\nkind        changes survived  noticed equivalent\n`);
  for (const [kind, { all, survived, equivalent }] of table) print(kind, all, survived, equivalent);
  print("all", sum("all"), sum("survived"), sum("equivalent"));
  process.stdout.write(`${runbookCases.length} cases, ${Math.round((Date.now() - began) / 1000)} s\n`);
  return sum("survived") <= (1 - target) * sum("all") ? 0 : 1;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  },
);

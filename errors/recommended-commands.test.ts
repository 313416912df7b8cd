import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { nameThisProject } from "../local/emulator-phrases";
import { emulatorErrors } from "../packages/azure-emulator/errors/emulator-error";
import { hostPhrases } from "../packages/azure-emulator/errors/host-phrases";
import type { ErrorCatalogue } from "../packages/kit/errors/error-entry";
import { fill } from "../packages/kit/errors/fill";
import { catalogue } from "./catalogue";

const root = join(__dirname, "..");
const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};

/** Of Pulumi's CLI, what the texts may recommend (https://www.pulumi.com/docs/iac/cli/commands/), with the options that each takes. */
const pulumiCommands: Readonly<Record<string, readonly string[]>> = {
  up: ["-s", "--stack"],
  preview: ["-s", "--stack", "--json", "--non-interactive", "--event-log"],
  refresh: ["-s", "--stack"],
  destroy: ["-s", "--stack"],
  login: [],
  cancel: ["--stack", "--yes"],
  "config refresh": ["-s"],
  "config set": ["-s", "--path", "--secret"],
  "config rm": ["-s", "--path"],
  "stack init": ["--secrets-provider"],
  "stack output": ["-s"],
  "stack ls": [],
  "stack rename": ["-s"],
  "stack rm": ["-s", "--yes"],
};

interface Recommended {
  readonly code: string;
  readonly command: string;
}

/** What follows a program's name, up to the end of the sentence or of the quotation. */
const commandForm =
  /(?:npm (?:run|start|exec)|pulumi|az)(?: (?:--?[\w-]+|[\w:.=/]+|"[^"]+"|<[\w-]+>|\{\w+\}))*/g;

function recommended(): Recommended[] {
  nameThisProject();
  const entries = Object.entries<ErrorCatalogue[string]>({ ...catalogue, ...emulatorErrors });
  return entries.flatMap(([code, { next }]) =>
    [...fill(next, hostPhrases() as never).matchAll(commandForm)]
      // "the Pulumi CLI" and "pulumi-language-nodejs" are no commands.
      .filter(([command]) => command.includes(" "))
      .map(([command]) => ({ code, command })),
  );
}

/** The source of the command line behind `npm run <script>`. */
function sourceOf(script: string): string {
  const [, file = ""] = /bootstrap\.mjs (\S+\.ts)/.exec(scripts[script] ?? "") ?? [];
  return file === "" ? "" : readFileSync(join(root, file), "utf8");
}

/** Commander and Pulumi both add --help to every command. */
const flagsOf = (words: readonly string[]) =>
  words.filter((word) => /^--?\w/.test(word) && word !== "--help");

/** What is wrong with a recommended command; undefined if it can run. */
function problemOf(command: string): string | undefined {
  const [program = "", ...words] = command.split(" ");
  if (program === "pulumi") {
    const name = [words.slice(0, 2).join(" "), words[0] ?? ""].find((one) =>
      Object.hasOwn(pulumiCommands, one),
    );
    if (name === undefined) return "Pulumi has no such command, or the test does not know it";
    const unknown = flagsOf(words).find((flag) => !pulumiCommands[name]?.includes(flag));
    return unknown && `pulumi ${name} has no ${unknown}, or the test does not know it`;
  }
  if (program !== "npm" || words[0] !== "run") return undefined;
  const [, script = "", dashes, verb] = words;
  if (!Object.hasOwn(scripts, script)) return `package.json has no script ${script}`;
  if (dashes === undefined) return undefined;
  if (dashes !== "--") return `npm keeps ${dashes} for itself: write npm run ${script} -- ${dashes}`;
  const source = sourceOf(script);
  const own = { load: "commands/local/cli.ts" }[script];
  if (source.includes("command(") && own === undefined && verb !== undefined && /^[a-z]/.test(verb)) {
    if (!source.includes(`command("${verb}"`) && !new RegExp(`command\\(\\s*"${verb}`).test(source))
      return `npm run ${script} has no ${verb}`;
  }
  const unknown = flagsOf(words).find((flag) => !source.includes(`${flag} `) && !source.includes(`${flag}"`));
  return unknown && `npm run ${script} has no ${unknown}`;
}

describe("The commands that errors recommend", () => {
  it("exist, with their options", () => {
    const found = recommended();
    assert.ok(found.length > 60, `only ${found.length} were found`);
    const wrong = found.flatMap(({ code, command }) => {
      const problem = problemOf(command);
      return problem === undefined ? [] : [`${code}: ${command}: ${problem}`];
    });
    assert.deepEqual(wrong, []);
  });

  it("are checked: what does not exist is found", () => {
    for (const command of [
      "npm run lokal -- up",
      "npm run local -- begin",
      "npm run local -- up --no-such",
      "npm run local --json",
      "pulumi deploy",
      "pulumi up --no-such",
    ])
      assert.ok(problemOf(command) !== undefined, command);
  });
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../local/places";
import type { Settings } from "./moving-tenant";

/** What a person does: a deployment with these settings, or another command, with what stands for it in a test. */
export type DocumentedStep =
  | { readonly does: "deploys"; readonly settings: Settings }
  | { readonly does: "reads the address" | "loads everything" };

const others: Readonly<Record<string, DocumentedStep>> = {
  "pulumi stack output webhookUrl --show-secrets": { does: "reads the address" },
  "npm run load -- --all --cloud": { does: "loads everything" },
};

/**
 * The commands of a page's section, in their order.
 * @param settings The tenant's before the first one. @param values What stands for `<name>`.
 */
export function documentedSteps(
  page: string,
  heading: string,
  settings: Settings,
  values: Readonly<Record<string, string>> = {},
): readonly DocumentedStep[] {
  const text = readFileSync(join(projectRoot, page), "utf8");
  const section = text.split(/^## /m).find((one) => one.startsWith(`${heading}\n`)) ?? assert.fail(heading);
  const commands = [...section.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block = ""]) =>
    block.trim().split("\n"),
  );
  assert.ok(commands.length > 0, heading);
  let current = settings;
  const steps: DocumentedStep[] = [];
  for (const command of commands) {
    const filled = command.replace(/<([^>]+)>/g, (_, name: string) => values[name] ?? assert.fail(name));
    const change = /^pulumi config (set|rm)(?: --path)? quantemplate:(\S+)(?: (\S+))?$/.exec(filled);
    if (change)
      current = changed(current, change[2]?.split(".") ?? [], change[1] === "set" ? change[3] : undefined);
    else if (filled === "pulumi up") steps.push({ does: "deploys", settings: current });
    else steps.push(others[filled] ?? assert.fail(`${page}: ${command}`));
  }
  return steps;
}

/** As `pulumi config set --path` takes a value: numbers and truth values are no texts. */
function parsed(value: string): unknown {
  return /^(?:true|false|\d+)$/.test(value) ? JSON.parse(value) : value;
}

/** @param value undefined: without it */
function changed(
  settings: Settings,
  [name = "", ...rest]: readonly string[],
  value: string | undefined,
): Settings {
  const { [name]: old, ...others } = settings;
  if (rest.length > 0) return { ...others, [name]: changed((old ?? {}) as Settings, rest, value) };
  return value === undefined ? others : { ...others, [name]: parsed(value) };
}

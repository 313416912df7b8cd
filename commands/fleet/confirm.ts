import { createInterface } from "node:readline/promises";
import type { Verb } from "./outcome";
import type { Ring } from "./run-fleet";

export type Answer = "yes" | "no" | "interrupted";

const works: Readonly<Partial<Record<Verb, string>>> = {
  up: "Deploys",
  destroy: "Deletes everything of",
};

/** The question before a run, with what it will do, ring by ring: `Deploys ring canary: acme`. */
export function questionOf(verb: Verb, rings: readonly Ring[], isLocal: boolean): string {
  const target = isLocal ? " in the local emulator" : "";
  const lines = rings.map(({ ring, tenants }) => {
    const named = verb === "up" ? ` ring ${ring}` : "";
    return `${works[verb] ?? verb}${named}: ${tenants.join(", ")}\n`;
  });
  const number = rings.flatMap(({ tenants }) => tenants).length;
  return `${lines.join("")}Really ${verb} ${number} tenant${number === 1 ? "" : "s"}${target}? yes/no: `;
}

/** Asks on a terminal. `y` and `yes` mean yes, Ctrl-C is `interrupted`, and the end of the input means no. */
export async function ask(
  question: string,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): Promise<Answer> {
  const terminal = createInterface({ input, output, terminal: true });
  try {
    return await new Promise<Answer>((resolve) => {
      terminal.once("SIGINT", () => {
        output.write("\n");
        resolve("interrupted");
      });
      terminal.once("close", () => resolve("no"));
      terminal.question(question).then(
        (text) => resolve(/^y(es)?$/i.test(text.trim()) ? "yes" : "no"),
        () => resolve("no"),
      );
    });
  } finally {
    terminal.close();
  }
}

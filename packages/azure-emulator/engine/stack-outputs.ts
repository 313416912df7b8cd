import { isSecret, type Output, output } from "@pulumi/pulumi";
import type { StackOutput, StackProgram } from "./engine";

/** A program that remembers what it returned, so that nobody has to ask the CLI for the outputs (0.2 s a call). */
export interface ObservedProgram {
  readonly program: StackProgram;
  /** What the program threw itself; the engine tells it as text only. */
  thrown(): unknown;
  /** The outputs that are known, once the run is over. */
  outputs(): Promise<Record<string, StackOutput>>;
}

/** @param prepare runs before the program, inside Pulumi's runtime. */
export function observe(program: StackProgram, prepare: () => void): ObservedProgram {
  let thrown: unknown;
  let pending: Promise<(readonly [string, StackOutput])[]> = Promise.resolve([]);
  return {
    async program() {
      prepare();
      const returned = await program().catch((error: unknown) => {
        thrown = error;
        throw error;
      });
      pending = Promise.all(Object.entries(returned ?? {}).map(([name, value]) => settle(name, value))).then(
        (entries) => entries.filter((entry) => entry !== undefined),
      );
      // A failed run is told by the engine; here it must not count as an unhandled rejection as well.
      pending.catch(() => {});
      return returned;
    },
    thrown: () => thrown,
    outputs: async () => Object.fromEntries(await pending),
  };
}

/** Undefined where the value is not known: `apply` does not run its callback then. */
async function settle(name: string, value: unknown): Promise<readonly [string, StackOutput] | undefined> {
  const seen: unknown[] = [];
  const resolved: Output<unknown> = output(value);
  const secret = await isSecret(resolved.apply((plain) => seen.push(plain)));
  const [plain] = seen;
  return plain === undefined ? undefined : [name, { value: plain, secret }];
}

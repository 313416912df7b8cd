import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { QtError } from "../../errors/qt-error";
import { ownMember } from "../../packages/kit/json-object";
import type { Status } from "./outcome";

const recordSchema = z.object({
  version: z.literal(2),
  tenants: z.record(
    z.string(),
    z.object({
      status: z.enum(["done", "failed", "stopped", "not started"]),
      /** The commit of the checkout (`checkoutCommit`). */
      commit: z.string().optional(),
    }),
  ),
});

/** The result of each tenant, by name. */
export type LastRun = z.infer<typeof recordSchema>["tenants"];

export interface RunRecordOptions {
  readonly file: string;
  /** All tenants of the run, none of them started. */
  readonly tenants: readonly string[];
  readonly commit: string | undefined;
  /** Called once if the record cannot be written; the run continues. */
  onTrouble(text: string): void;
}

/**
 * The result of each tenant of a run, written after each tenant: only names, states and commits. Tenants of earlier runs that are not
 * in this one keep their entries, so that nothing left to do is forgotten.
 */
export class RunRecord {
  readonly #options: RunRecordOptions;
  readonly #tenants: LastRun;
  #isTroubled = false;

  constructor(options: RunRecordOptions) {
    this.#options = options;
    this.#tenants = { ...read(options.file) };
    for (const tenant of options.tenants) this.#put(tenant, "not started");
    this.#write();
  }

  set(tenant: string, status: Status): void {
    this.#put(tenant, status);
    this.#write();
  }

  #put(tenant: string, status: Status): void {
    const { commit } = this.#options;
    this.#tenants[tenant] = { status, ...(commit === undefined ? {} : { commit }) };
  }

  #write(): void {
    const { file, onTrouble } = this.#options;
    const text = JSON.stringify({ version: 2, tenants: this.#tenants }, null, 2);
    const own = `${file}.${process.pid}.new`;
    try {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(own, `${text}\n`);
      renameSync(own, file);
    } catch (error) {
      if (!this.#isTroubled)
        onTrouble(`--resume will not know about this run: ${(error as NodeJS.ErrnoException).message}`);
      this.#isTroubled = true;
    }
  }
}

/**
 * The results of all runs of a kind so far.
 * @throws QtError QT9512 if there was none, or its record cannot be read.
 */
export function lastRun(file: string, command: string): LastRun {
  const tenants = read(file);
  if (tenants === undefined) throw new QtError("QT9512", { command, file });
  return tenants;
}

/** The existing tenants that are left to do. */
export function leftToDo(tenants: LastRun, existing: readonly string[]): string[] {
  return existing.filter((name) => (ownMember(tenants, name)?.status ?? "done") !== "done");
}

/** Lists the tenants that were done at other commits. */
export function otherCommits(tenants: LastRun, commit: string | undefined): string[] {
  const done = new Map<string, string[]>();
  for (const [tenant, { status, commit: then }] of Object.entries(tenants)) {
    if (status === "done" && then !== undefined && then !== commit)
      done.set(then, [...(done.get(then) ?? []), tenant]);
  }
  return [...done].map(
    ([then, names]) =>
      `Already done at another commit, and left as is: ${names.join(", ")} (${then}). This checkout is at ${commit ?? "none"}.`,
  );
}

function read(file: string): LastRun | undefined {
  try {
    return recordSchema.parse(JSON.parse(readFileSync(file, "utf8"))).tenants;
  } catch {
    return undefined;
  }
}

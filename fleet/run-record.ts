import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { QtError } from "../errors/qt-error";
import type { Status, Verb } from "./outcome";

const recordSchema = z.object({
  version: z.literal(1),
  tenants: z.record(z.string(), z.enum(["done", "failed", "stopped", "not started"])),
});

/** What became of each tenant of a run, written after each: names and states only. */
export class RunRecord {
  readonly #file: string;
  readonly #tenants: Record<string, Status>;

  /** @param tenants all of the run; none of them is begun. */
  constructor(root: string, verb: Verb, isLocal: boolean, tenants: readonly string[]) {
    this.#file = recordFile(root, verb, isLocal);
    this.#tenants = Object.fromEntries(tenants.map((tenant) => [tenant, "not started"]));
    this.#write();
  }

  set(tenant: string, status: Status): void {
    this.#tenants[tenant] = status;
    this.#write();
  }

  #write(): void {
    mkdirSync(dirname(this.#file), { recursive: true });
    const text = JSON.stringify({ version: 1, tenants: this.#tenants }, null, 2);
    writeFileSync(`${this.#file}.new`, `${text}\n`);
    renameSync(`${this.#file}.new`, this.#file);
  }
}

/**
 * The tenants that the last run of this kind left to do.
 * @throws QtError QT9512 where there was none, or its record cannot be read.
 */
export function leftToDo(root: string, verb: Verb, isLocal: boolean): string[] {
  const file = recordFile(root, verb, isLocal);
  if (!existsSync(file)) throw new QtError("QT9512", { verb, file });
  const record = recordSchema.safeParse(json(readFileSync(file, "utf8")));
  if (!record.success) throw new QtError("QT9512", { verb, file });
  return Object.entries(record.data.tenants).flatMap(([tenant, status]) =>
    status === "done" ? [] : [tenant],
  );
}

/** In a folder that git ignores. */
function recordFile(root: string, verb: Verb, isLocal: boolean): string {
  return join(root, ".fleet", `${verb}${isLocal ? ".local" : ""}.json`);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

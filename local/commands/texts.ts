import { changesText } from "../../commands/load/load-outcome";
import { count, megabytes, seconds } from "../../commands/progress";
import type { Landed } from "./demo";
import type { SyncReport } from "./emulator-client";

/** A landed snapshot as one line. */
export function landedText({ manifest, load, bytes, durationMs, dataset }: Landed): string {
  return `${dataset}, ${count(manifest.rows)} rows, ${megabytes(bytes)}: ${changesText(load)}; visible ${seconds(durationMs)} after the event`;
}

/** A sync as one line. */
export function syncText({ pages, inserts, updates, deletes, bytes }: SyncReport): string {
  const rows = `${count(inserts)} inserts, ${count(updates)} updates, ${count(deletes)} deletes`;
  return `${rows} in ${pages} ${pages === 1 ? "page" : "pages"}, ${megabytes(bytes)}`;
}

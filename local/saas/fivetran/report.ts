/** The changes that a page, or all pages of a sync, made to the destination. */
export interface Changes {
  /** Records that were new to the destination. */
  inserts: number;
  /** Records that changed, or came back after a delete. */
  updates: number;
  /** Records marked deleted one by one. */
  deletes: number;
  /** Records marked deleted with their whole table. */
  softDeletes: number;
  /** Records sent although the destination already had the same. */
  unchanged: number;
  /** Records that had not been active in this calendar month (UTC) before. */
  newlyActive: number;
}

export const noChanges = (): Changes => ({
  inserts: 0,
  updates: 0,
  deletes: 0,
  softDeletes: 0,
  unchanged: 0,
  newlyActive: 0,
});

export function addChanges(total: Changes, more: Readonly<Changes>): void {
  total.inserts += more.inserts;
  total.updates += more.updates;
  total.deletes += more.deletes;
  total.softDeletes += more.softDeletes;
  total.unchanged += more.unchanged;
  total.newlyActive += more.newlyActive;
}

/** The outcome of a sync. */
export interface SyncReport extends Readonly<Changes> {
  readonly syncId: string;
  readonly status: "succeeded" | "failed";
  readonly pages: number;
  /** Bytes of the pages' bodies. */
  readonly bytes: number;
  readonly durationMs: number;
  /** Records that this sync wrote or deleted, each once per page: what it would add to the bill of a month in which none was active. */
  readonly activeRows: number;
  /** Distinct records of the connection active in this calendar month (UTC). */
  readonly monthlyActiveRows: number;
  /** JSON text of the state that the next sync begins with. */
  readonly state: unknown;
  /** Things that the protocol allows but that a careful function avoids. */
  readonly warnings: readonly string[];
}

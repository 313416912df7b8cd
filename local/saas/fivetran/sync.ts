import { randomUUID } from "node:crypto";
import { QtError } from "../../../errors/qt-error";
import type { FlowLog } from "../../../packages/azure-emulator/control-plane/flow-log";
import { messageOf } from "../../../packages/kit/reason-of";
import type { ConnectionStore } from "./connection-store";
import { callFunction, type FunctionAnswer } from "./function-client";
import type { DataPage } from "./page";
import { isErrorPage, parsePage } from "./page-parser";
import { violation } from "./protocol-rules";
import { addChanges, noChanges, type SyncReport } from "./report";

export interface SyncDependencies {
  readonly store: ConnectionStore;
  readonly flow: FlowLog;
}

/** Changelog May 2025: one more empty answer in a row terminates the connection. */
const MAX_EMPTY_RESPONSES = 10;
/** Changelog August 2018: a sync calls the function for six hours at most; the rest waits for the next one. */
const MAX_SYNC_MS = 6 * 3_600_000;

/** A failed sync, with what it had done until then. */
export class SyncFailure extends Error {
  override readonly name = "SyncFailure";
  constructor(
    readonly report: SyncReport,
    override readonly cause: unknown,
  ) {
    super(messageOf(cause));
  }
}

/**
 * One sync: calls the function until there is no more data, and applies each page with its state.
 * @throws SyncFailure; pages applied before it stay, with their state.
 */
export async function syncConnection(
  connection: string,
  dependencies: SyncDependencies,
): Promise<SyncReport> {
  const { store, flow } = dependencies;
  const sync = new Sync(connection, dependencies);
  const id = sync.stepId;
  flow.append({ id, hop: "fivetran", name: "sync", status: "started", detail: { connection } });
  let failure: unknown;
  try {
    await sync.run();
  } catch (error) {
    failure = error;
  }
  const report = await sync.report(failure === undefined ? "succeeded" : "failed", store);
  const { pages, inserts, updates, deletes, softDeletes, unchanged, bytes, activeRows, durationMs } = report;
  const detail = { connection, pages, inserts, updates, deletes, softDeletes, unchanged, bytes, activeRows };
  const step = { id, hop: "fivetran", name: "sync", durationMs, detail } as const;
  if (failure === undefined) {
    flow.append({ ...step, status: "succeeded" });
    return report;
  }
  const error = messageOf(failure);
  flow.append({ ...step, status: "failed", error });
  throw new SyncFailure(report, failure);
}

class Sync {
  readonly #syncId = randomUUID();
  readonly #started = performance.now();
  readonly #total = noChanges();
  readonly #warnings = new Set<string>();
  #pages = 0;
  #bytes = 0;

  constructor(
    private readonly connection: string,
    private readonly dependencies: SyncDependencies,
  ) {}

  get stepId(): string {
    return `fivetran/${this.connection}/${this.#syncId}`;
  }

  async run(): Promise<void> {
    const { store } = this.dependencies;
    const config = await store.config(this.connection);
    let empty = 0;
    for (let more = true; more && performance.now() - this.#started < MAX_SYNC_MS; ) {
      const state = await store.state(this.connection);
      const call = { connection: this.connection, config, state, syncId: this.#syncId };
      const page = await this.#page(await callFunction(call));
      empty = isEmpty(page) ? empty + 1 : 0;
      if (page.hasMore && empty > MAX_EMPTY_RESPONSES) {
        throw violation("emptyResponses", `${empty} answers in a row held no record and said hasMore`);
      }
      more = page.hasMore;
    }
  }

  async report(status: SyncReport["status"], store: ConnectionStore): Promise<SyncReport> {
    const { inserts, updates, deletes, unchanged } = this.#total;
    return {
      syncId: this.#syncId,
      status,
      pages: this.#pages,
      ...this.#total,
      bytes: this.#bytes,
      durationMs: Math.round(performance.now() - this.#started),
      activeRows: inserts + updates + deletes + unchanged,
      monthlyActiveRows: await store.monthlyActiveRows(this.connection),
      state: JSON.parse(await store.state(this.connection)) as unknown,
      warnings: [...this.#warnings],
    };
  }

  async #page(answer: FunctionAnswer): Promise<DataPage> {
    const { store, flow } = this.dependencies;
    const started = performance.now();
    const page = parsePage(answer.text, await store.knownKeys(this.connection));
    if (isErrorPage(page)) throw new QtError("QT8504", { message: page.errorMessage });
    const { changes, warnings } = await store.apply(this.connection, page);
    this.#pages++;
    this.#bytes += answer.bytes;
    addChanges(this.#total, changes);
    for (const warning of warnings) this.#warnings.add(warning);
    const { newlyActive: _, ...counted } = changes;
    flow.append({
      id: `${this.stepId}/page-${this.#pages}`,
      parent: this.stepId,
      hop: "fivetran",
      name: "page",
      status: "succeeded",
      durationMs: Math.round(performance.now() - started),
      detail: { ...counted, bytes: answer.bytes, hasMore: page.hasMore, state: page.state.slice(0, 1000) },
    });
    return page;
  }
}

function isEmpty(page: DataPage): boolean {
  return page.tables.every(({ inserts, deletes }) => inserts.length === 0 && deletes.length === 0);
}

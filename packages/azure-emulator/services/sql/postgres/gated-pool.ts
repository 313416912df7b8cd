import pg from "pg";

type Callback = Parameters<pg.Pool["connect"]>[0];

/** A pool of connections that can be closed for a while: who wants one meanwhile waits. */
export class GatedPool extends pg.Pool {
  #opened: Promise<unknown> | undefined;

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Callback): void;
  override connect(callback?: Callback): Promise<pg.PoolClient> | undefined {
    const opened = this.#opened;
    if (callback === undefined) return opened ? opened.then(() => this.connect()) : super.connect();
    if (opened) void opened.then(() => this.connect(callback));
    else super.connect(callback);
    return undefined;
  }

  /** Lends nothing until the work has ended; one such work after the other. */
  async whileClosed<T>(work: () => Promise<T>): Promise<T> {
    while (this.#opened) await this.#opened;
    const done = work();
    const opened = done.then(
      () => undefined,
      () => undefined,
    );
    this.#opened = opened;
    await opened;
    this.#opened = undefined;
    return done;
  }
}

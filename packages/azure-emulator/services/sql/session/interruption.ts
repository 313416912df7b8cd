/**
 * The cancellation of one request. PostgreSQL ignores a cancellation that arrives between two statements of a request, so it is
 * repeated until the request has ended.
 */
export class Interruption {
  #timer: NodeJS.Timeout | undefined;
  #ended = false;
  #sending: Promise<void>;

  /**
   * @param send cancels the statement that runs now, if one does; its failures are ignored
   * @param pauseMs between two attempts
   */
  constructor(
    readonly send: () => Promise<unknown>,
    readonly pauseMs = 50,
  ) {
    this.#sending = this.#attempt();
  }

  /** Resolves when no cancellation is under way any more. */
  async end(): Promise<void> {
    this.#ended = true;
    clearTimeout(this.#timer);
    await this.#sending;
  }

  async #attempt(): Promise<void> {
    await this.send().catch(() => {});
    if (this.#ended) return;
    this.#timer = setTimeout(() => {
      this.#sending = this.#attempt();
    }, this.pauseMs);
  }
}

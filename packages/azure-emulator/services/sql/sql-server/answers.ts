import type { Duplex } from "node:stream";
import { type Message, MessageReader } from "../tds/message-reader";

/** Whole messages of a server, one at a time. */
export class Answers {
  #stream: Duplex | undefined;
  #waiting: { resolve(body: Buffer): void; reject(error: Error): void } | undefined;
  readonly #messages: Message[] = [];
  #failure: Error | undefined;
  readonly #reader = new MessageReader((message) => {
    this.#messages.push(message);
    this.#serve();
  });

  constructor(stream: Duplex) {
    this.listenTo(stream);
  }

  listenTo(stream: Duplex): void {
    this.#stream = stream;
    stream.on("data", this.#onData);
    stream.once("error", this.#fail);
    stream.once("close", this.#onClose);
  }

  /** Stops listening and leaves the stream paused for its next reader. */
  stop(): void {
    const stream = this.#stream;
    stream?.off("data", this.#onData);
    stream?.off("error", this.#fail);
    stream?.off("close", this.#onClose);
    stream?.pause();
  }

  next(): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#serve();
    });
  }

  #serve(): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    const message = this.#messages.shift();
    if (message === undefined && this.#failure === undefined) return;
    this.#waiting = undefined;
    if (message !== undefined) waiting.resolve(message.body);
    else waiting.reject(this.#failure as Error);
  }

  readonly #onData = (chunk: Buffer): void => {
    try {
      this.#reader.push(chunk);
    } catch (error) {
      this.#fail(error as Error);
    }
  };

  readonly #fail = (error: Error): void => {
    this.#failure ??= error;
    this.#serve();
  };

  readonly #onClose = (): void => this.#fail(new Error("the connection ended"));
}

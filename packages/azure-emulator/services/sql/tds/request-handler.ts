import { EmulatorError } from "../../../errors/emulator-error";
import { runText } from "../session/batch";
import { toSqlServerError } from "../session/postgres-error";
import type { ResetExtent, Session } from "../session/session";
import { SqlServerError } from "../session/sql-server-error";
import { SystemProcedures } from "../session/system-procedure";
import { ByteReader } from "./byte-reader";
import type { Message } from "./message-reader";
import type { MessageWriter } from "./message-writer";
import { UnsupportedTypeError } from "./parameter-value";
import { ProtocolError, packetStatus, packetType } from "./protocol";
import { parseRpc, type RpcRequest, skipHeaders } from "./rpc-request";
import { TdsSink } from "./tds-sink";
import { doneStatus, writeDone } from "./tokens";
import { parseTransactionRequest } from "./transaction-request";

/** Answers the requests of a connection after its login. */
export class RequestHandler {
  readonly #system: SystemProcedures;
  #sink: TdsSink | undefined;
  /** Attentions that are not acknowledged yet: whatever is served until then is cancelled. */
  #attentions = 0;
  /** Ends the wait for a client that has stopped reading, so that a cancellation gets through. */
  #stopWaiting: (() => void) | undefined;

  constructor(
    readonly session: Session,
    readonly writer: MessageWriter,
    readonly serverName: string,
    readonly drained: () => Promise<void>,
  ) {
    this.#system = new SystemProcedures(session);
  }

  /**
   * @returns false if the connection must end, after an error of severity 20 or above
   * @throws ProtocolError if it must be cut
   */
  async handle(message: Message): Promise<boolean> {
    let goOn = true;
    const sink = new TdsSink(this.writer, kindOf(message), this.serverName, () => this.#wait());
    this.#sink = sink;
    if (this.#attentions > 0) sink.silence();
    try {
      if ((message.status & packetStatus.ignore) !== 0) sink.finish();
      else await this.#answer(message, sink);
    } catch (error) {
      if (error instanceof ProtocolError) throw error;
      const explained = this.#explain(error);
      goOn = explained.class < 20;
      sink.finish(this.#attentions > 0 ? {} : { error: explained });
    }
    this.#sink = undefined;
    this.writer.end();
    return goOn;
  }

  /** The client cancels every request before this: the running one, and those that wait. */
  attention(): void {
    this.#attentions++;
    this.#sink?.silence();
    this.#stopWaiting?.();
    this.session.cancel();
  }

  reset(extent: ResetExtent): Promise<void> {
    this.#system.forget();
    return this.session.reset(extent);
  }

  close(): void {
    this.#sink?.silence();
    this.#stopWaiting?.();
    if (this.#sink !== undefined) this.session.cancel();
    void this.session.close();
  }

  /** In a separate message after the one that was cut short: with both in one message tedious closes the connection. */
  acknowledge(): void {
    this.#attentions--;
    if (this.#attentions === 0) this.session.cancellationDone();
    writeDone(this.writer, "done", doneStatus.attention);
    this.writer.end();
  }

  async #answer(message: Message, sink: TdsSink): Promise<void> {
    switch (message.type) {
      case packetType.batch: {
        const reader = new ByteReader(message.body);
        skipHeaders(reader);
        await runText(this.session, message.body.toString("utf16le", reader.at), new Map(), sink);
        sink.finish();
        return;
      }
      case packetType.rpc:
        return this.#calls(parseRpc(message.body), sink);
      case packetType.transactionManager:
        return this.#transaction(message.body, sink);
      case packetType.bulkLoad:
        throw new EmulatorError("QT6101", { statement: "INSERT BULK" });
      default:
        throw new ProtocolError(`message ${message.type} after the login`);
    }
  }

  async #calls(requests: readonly RpcRequest[], sink: TdsSink): Promise<void> {
    for (const [index, { procedure, parameters }] of requests.entries()) {
      const system = await this.#system.run(procedure, parameters, sink);
      const handle = system?.handle;
      if (system === undefined) {
        const output = parameters.find((parameter) => parameter.output);
        if (output !== undefined) throw notAnOutput(output.name);
        await this.session.call(procedure, parameters, sink);
      }
      sink.finish({ more: index < requests.length - 1, ...(handle === undefined ? {} : { handle }) });
    }
  }

  async #transaction(body: Buffer, sink: TdsSink): Promise<void> {
    const request = parseTransactionRequest(body);
    switch (request.operation) {
      case "begin":
        await this.session.begin(request.isolation, request.name, sink);
        break;
      case "save":
        await this.session.save(request.name, sink);
        break;
      case "commit":
        await this.session.commit(sink);
        break;
      case "rollback":
        await this.session.rollback(request.name, sink);
    }
    if ("next" in request && request.next !== undefined)
      await this.session.begin(request.next.isolation, request.next.name, sink);
    sink.finish();
  }

  #explain(error: unknown): SqlServerError {
    if (error instanceof UnsupportedTypeError)
      return new SqlServerError(8009, error.message, { cause: error });
    return toSqlServerError(error, { database: this.session.login.database });
  }

  #wait(): Promise<void> {
    const stopped = new Promise<void>((resolve) => {
      this.#stopWaiting = resolve;
    });
    return Promise.race([stopped, this.drained()]).finally(() => {
      this.#stopWaiting = undefined;
    });
  }
}

function kindOf(message: Message): "batch" | "call" {
  return message.type === packetType.rpc ? "call" : "batch";
}

function notAnOutput(name: string): SqlServerError {
  const text =
    `The formal parameter "${name}" was not declared as an OUTPUT parameter, ` +
    "but the actual parameter passed in requested output.";
  return new SqlServerError(8162, text, { state: 2 });
}

import type { FlowLog } from "../../../control-plane/flow-log";
import { parseBatch } from "../language/parse-batch";
import type { Argument } from "../session/call-statement";
import type { Login } from "../session/login";
import { traceCall } from "../session/trace-call";
import { resolveValue } from "../session/variables";
import { ByteReader } from "../tds/byte-reader";
import { packetType } from "../tds/protocol";
import { parseRpc, skipHeaders } from "../tds/rpc-request";
import { doneStatus } from "../tds/tokens";
import type { Packet } from "./packet-scanner";
import type { RelayObserver } from "./relay";

/** A procedure call to the server. */
export interface Call {
  readonly procedure: string;
  readonly arguments: readonly Argument[];
}

/** Token, status, command and row count: the last thing in every answer. */
const doneLength = 13;

/**
 * Reports procedure calls to the flow log, as our own sessions do. It reads only requests of one packet: a call with longer
 * arguments is not reported.
 */
export class CallObserver implements RelayObserver {
  #end: ((failure?: Error) => void) | undefined;
  #tail: Buffer = Buffer.alloc(0);

  /** @param before runs before a call is passed to the server */
  constructor(
    readonly flow: FlowLog,
    readonly login: Login,
    readonly before: (call: Call) => Promise<void> | undefined = () => undefined,
  ) {}

  toServer(packet: Packet): Promise<void> | undefined {
    if (!packet.first || !packet.last) return undefined;
    const call = findCall(packet);
    if (call === undefined) return undefined;
    this.ended();
    traceCall(this.flow, this.login, call.procedure, call.arguments, () => this.#answered()).catch(() => {});
    return this.before(call);
  }

  toClient({ body, last }: Packet): void {
    if (this.#end === undefined) return;
    // The token may be cut between two packets.
    this.#tail = body.length >= doneLength ? body : Buffer.concat([this.#tail, body]);
    if (!last) return;
    const at = this.#tail.length - doneLength;
    const failed = at >= 0 && (this.#tail.readUInt16LE(at + 1) & doneStatus.error) !== 0;
    this.#finish(
      failed ? new Error("The server answered with an error; the caller has its text.") : undefined,
    );
  }

  ended(): void {
    this.#finish(new Error("The connection ended before the answer."));
  }

  #answered(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#end = (failure) => (failure === undefined ? resolve() : reject(failure));
    });
  }

  #finish(failure: Error | undefined): void {
    this.#end?.(failure);
    this.#end = undefined;
    this.#tail = Buffer.alloc(0);
  }
}

/** The procedure call in a request; undefined for everything else, also for requests that our own endpoint does not support. */
export function findCall({ type, body }: Pick<Packet, "type" | "body">): Call | undefined {
  try {
    if (type === packetType.rpc) {
      const [request] = parseRpc(body);
      if (request === undefined || /^sp_/i.test(request.procedure)) return undefined;
      return {
        procedure: plain(request.procedure),
        arguments: request.parameters.map(({ name, value }) => ({ name, value })),
      };
    }
    if (type !== packetType.batch) return undefined;
    const reader = new ByteReader(body);
    skipHeaders(reader);
    const statements = parseBatch(body.toString("utf16le", reader.at));
    const [statement] = statements;
    if (statements.length !== 1 || statement?.kind !== "call") return undefined;
    const given = statement.arguments.map(({ name, value }) => ({
      name,
      value: resolveValue(value, new Map()),
    }));
    return { procedure: plain(statement.procedure), arguments: given };
  } catch {
    return undefined;
  }
}

const plain = (procedure: string): string => procedure.replace(/[[\]]/g, "");

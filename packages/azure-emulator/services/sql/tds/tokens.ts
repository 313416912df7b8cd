import type { SqlServerError } from "../session/sql-server-error";
import type { MessageWriter } from "./message-writer";
import { collation } from "./protocol";

/** Token types (MS-TDS 2.2.7). */
export const token = {
  returnStatus: 0x79,
  error: 0xaa,
  info: 0xab,
  returnValue: 0xac,
  loginAck: 0xad,
  featureExtAck: 0xae,
  environment: 0xe3,
  federatedInfo: 0xee,
  done: 0xfd,
  doneProcedure: 0xfe,
  doneInProcedure: 0xff,
} as const;

export const doneStatus = { final: 0, more: 1, error: 2, count: 0x10, attention: 0x20 } as const;
export type DoneToken = "done" | "doneProcedure" | "doneInProcedure";

const selectCommand = 0xc1;

export function writeDone(writer: MessageWriter, kind: DoneToken, status: number, rows = 0n): void {
  const counted = (status & doneStatus.count) !== 0;
  writer
    .u8(token[kind])
    .u16(status)
    .u16(counted ? selectCommand : 0)
    .u64(rows);
}

export function writeReturnStatus(writer: MessageWriter, status: number): void {
  writer.u8(token.returnStatus).u32(status >>> 0);
}

/** An int output value, such as the handle of a prepared statement. */
export function writeReturnValue(writer: MessageWriter, ordinal: number, name: string, value: number): void {
  writer.u8(token.returnValue).u16(ordinal).shortText(name).u8(1).u32(0).u16(0);
  writer
    .u8(0x26)
    .u8(4)
    .u8(4)
    .u32(value >>> 0);
}

export function writeError(writer: MessageWriter, error: SqlServerError, server: string): void {
  writeMessage(writer, token.error, error, server);
}

export function writeInfo(writer: MessageWriter, number: number, message: string, server: string): void {
  writeMessage(writer, token.info, { number, state: 1, class: 0, message, procedure: "", line: 1 }, server);
}

function writeMessage(
  writer: MessageWriter,
  kind: number,
  message: Pick<SqlServerError, "number" | "state" | "class" | "message" | "procedure" | "line">,
  server: string,
): void {
  sized(writer, kind, () => {
    writer.u32(message.number).u8(message.state).u8(message.class);
    writer.text(message.message).shortText(server).shortText(message.procedure).u32(message.line);
  });
}

/** A token whose length (u16) follows its type. */
function sized(writer: MessageWriter, kind: number, body: () => void): void {
  // Room for the whole token, so that the position of its length stays valid.
  writer.reserve(16_384);
  writer.u8(kind);
  const start = writer.at;
  writer.u16(0);
  body();
  writer.buffer.writeUInt16LE(writer.at - start - 2, start);
}

const environment = {
  database: 1,
  language: 2,
  packetSize: 4,
  collation: 7,
  begin: 8,
  commit: 9,
  rollback: 10,
  reset: 18,
} as const;

export function writeTextChange(
  writer: MessageWriter,
  kind: "database" | "language" | "packetSize",
  now: string,
  before: string,
): void {
  sized(writer, token.environment, () => writer.u8(environment[kind]).shortText(now).shortText(before));
}

/** A transaction began (its descriptor is new) or ended (its descriptor is old). */
export function writeTransactionChange(
  writer: MessageWriter,
  kind: "begin" | "commit" | "rollback",
  descriptor: bigint,
): void {
  sized(writer, token.environment, () => {
    writer.u8(environment[kind]);
    if (kind === "begin") writer.u8(8).u64(descriptor).u8(0);
    else writer.u8(0).u8(8).u64(descriptor);
  });
}

export function writeResetAck(writer: MessageWriter): void {
  sized(writer, token.environment, () => writer.u8(environment.reset).u8(0).u8(0));
}

/** The whole answer to a successful login, up to its DONE. */
export function writeLoginReply(
  writer: MessageWriter,
  login: {
    server: string;
    database: string;
    /** TDS's version in LOGINACK's notation. */
    version: number;
    packetSize: number;
    federated: boolean;
  },
): void {
  const { server, database, version, packetSize, federated } = login;
  writeTextChange(writer, "database", database, "master");
  writeInfo(writer, 5701, `Changed database context to '${database}'.`, server);
  sized(writer, token.environment, () => writer.u8(environment.collation).u8(5).bytes(collation).u8(0));
  writeTextChange(writer, "language", "us_english", "");
  writeInfo(writer, 5703, "Changed language setting to us_english.", server);
  sized(writer, token.loginAck, () => {
    writer.u8(1);
    writer.reserve(4);
    writer.at = writer.buffer.writeUInt32BE(version, writer.at);
    writer.shortText("Microsoft SQL Server").bytes(Buffer.from([12, 0, 0x07, 0xd0]));
  });
  writeTextChange(writer, "packetSize", String(packetSize), String(packetSize));
  writer.u8(token.featureExtAck);
  if (federated) writer.u8(2).u32(0);
  writer.u8(0x0a).u32(1).u8(1).u8(0xff);
  writeDone(writer, "done", doneStatus.final);
}

/** Sends a client of the ADAL workflow the source and the audience of its token. */
export function writeFederatedInfo(writer: MessageWriter, stsUrl: string, audience: string): void {
  const values = [stsUrl, audience].map((text) => Buffer.from(text, "utf16le"));
  const headerLength = 4 + values.length * 9;
  const length = headerLength + values.reduce((sum, value) => sum + value.length, 0);
  writer.u8(token.federatedInfo).u32(length).u32(values.length);
  let offset = headerLength;
  values.forEach((value, index) => {
    writer
      .u8(index + 1)
      .u32(value.length)
      .u32(offset);
    offset += value.length;
  });
  for (const value of values) writer.bytes(value);
}

import { ByteReader } from "./byte-reader";
import { ProtocolError } from "./protocol";

/** Option tokens of PRELOGIN (MS-TDS 2.2.6.5). */
const option = {
  version: 0,
  encryption: 1,
  instance: 2,
  threadId: 3,
  mars: 4,
  federatedAuthentication: 6,
  end: 0xff,
} as const;

/** The peer's wish for TLS: for the login only, for everything, or not at all. */
export const encryption = { loginOnly: 0, on: 1, notSupported: 2, required: 3 } as const;

export interface Prelogin {
  readonly encryption: number;
  readonly federatedAuthentication: boolean;
}

/** @throws ProtocolError */
export function parsePrelogin(body: Buffer): Prelogin {
  const reader = new ByteReader(body);
  let wanted: number = encryption.notSupported;
  let federatedAuthentication = false;
  for (;;) {
    const token = reader.u8();
    if (token === option.end) break;
    // Offset and length are the only big-endian numbers of TDS apart from the packet length.
    const offset = body.readUInt16BE(reader.skip(2));
    const length = body.readUInt16BE(reader.skip(2));
    if (offset + length > body.length) throw new ProtocolError("a PRELOGIN option lies outside the message");
    if (token === option.encryption && length >= 1) wanted = body.readUInt8(offset);
    if (token === option.federatedAuthentication && length >= 1)
      federatedAuthentication = body.readUInt8(offset) === 1;
  }
  return { encryption: wanted, federatedAuthentication };
}

/**
 * Everything is encrypted, as in Azure, also for a client that wants TLS for its login only (MS-TDS 2.2.6.5). A client without TLS
 * goes on without it, which Azure would not allow.
 * @see https://learn.microsoft.com/azure/azure-sql/database/security-overview#transport-layer-security-encryption-in-transit
 */
export function preloginReply(request: Prelogin): Buffer {
  const answer = answers[request.encryption] ?? encryption.notSupported;
  const options: [number, Buffer][] = [
    [option.version, Buffer.from([12, 0, 0x07, 0xd0, 0, 0])],
    [option.encryption, Buffer.from([answer])],
    [option.instance, Buffer.from([0])],
    [option.threadId, Buffer.alloc(0)],
    [option.mars, Buffer.from([0])],
  ];
  if (request.federatedAuthentication) options.push([option.federatedAuthentication, Buffer.from([1])]);
  return optionTable(options);
}

const answers: Readonly<Record<number, number>> = {
  [encryption.loginOnly]: encryption.required,
  [encryption.on]: encryption.on,
  [encryption.required]: encryption.on,
};

/** The first message of a client. */
export function preloginRequest(wanted: number): Buffer {
  return optionTable([
    [option.version, Buffer.from([0, 0, 0, 1, 0, 0])],
    [option.encryption, Buffer.from([wanted])],
    [option.instance, Buffer.from([0])],
    [option.threadId, Buffer.alloc(4)],
    [option.mars, Buffer.from([0])],
  ]);
}

function optionTable(options: readonly (readonly [token: number, value: Buffer])[]): Buffer {
  const table = Buffer.alloc(options.length * 5 + 1);
  let offset = table.length;
  options.forEach(([token, value], index) => {
    table[index * 5] = token;
    table.writeUInt16BE(offset, index * 5 + 1);
    table.writeUInt16BE(value.length, index * 5 + 3);
    offset += value.length;
  });
  table[options.length * 5] = option.end;
  return Buffer.concat([table, ...options.map(([, value]) => value)]);
}

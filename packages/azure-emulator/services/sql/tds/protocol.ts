/** Packet types (MS-TDS 2.2.3.1.1). */
export const packetType = {
  batch: 1,
  rpc: 3,
  response: 4,
  attention: 6,
  bulkLoad: 7,
  federatedToken: 8,
  transactionManager: 14,
  login7: 16,
  prelogin: 18,
} as const;

/** Bits of a packet's status byte. */
export const packetStatus = {
  endOfMessage: 1,
  ignore: 2,
  resetConnection: 8,
  /** RESETCONNECTIONSKIPTRAN: as resetConnection, but an open transaction stays open. */
  resetConnectionKeepTransaction: 16,
} as const;

export const packetHeaderLength = 8;
export const defaultPacketSize = 4096;
const smallestPacketSize = 512;
const largestPacketSize = 32_767;
/** Most bytes in a TLS record. */
const tlsRecordSize = 16_384;
const largestEncryptedPacketSize = tlsRecordSize - 1;

/**
 * The packet size for a wish in LOGIN7: the wish itself from 512 to 32,767, and at most 16,383 on an encrypted connection.
 * @see https://learn.microsoft.com/sql/database-engine/configure-windows/configure-the-network-packet-size-server-configuration-option
 */
export function agreedPacketSize(wish: number, encrypted: boolean): number {
  if (wish < smallestPacketSize || wish > largestPacketSize) return defaultPacketSize;
  return encrypted ? Math.min(wish, largestEncryptedPacketSize) : wish;
}

/** The size of TLS records that hold as many packets as possible, and only whole ones: Microsoft.Data.SqlClient cannot read others. */
export function recordSize(packetSize: number): number {
  return Math.floor(tlsRecordSize / packetSize) * packetSize;
}

/** TDS 7.4 in LOGINACK's notation. */
export const tdsVersion = 0x74000004;
/** TDS 8.0, as LOGIN7 and LOGINACK have it: TLS comes before PRELOGIN. The one version that is not in the order of its numbers. */
export const tdsVersion8 = 0x08000000;
/** The oldest version whose requests carry ALL_HEADERS and whose DONE counts 64 bits. */
export const oldestTdsVersion = 0x72090002;

/** Data types on the wire (MS-TDS 2.2.5.4). */
export const dataType = {
  int1: 0x30,
  bit: 0x32,
  int2: 0x34,
  int4: 0x38,
  int8: 0x7f,
  guid: 0x24,
  intN: 0x26,
  date: 0x28,
  time: 0x29,
  dateTime2: 0x2a,
  dateTimeOffset: 0x2b,
  bitN: 0x68,
  decimalN: 0x6a,
  numericN: 0x6c,
  floatN: 0x6d,
  dateTimeN: 0x6f,
  varBinary: 0xa5,
  varChar: 0xa7,
  char: 0xaf,
  nVarChar: 0xe7,
  nChar: 0xef,
} as const;

/** LCID 1033, sort id 52: SQL_Latin1_General_CP1_CI_AS, Azure's default. */
export const collation = Buffer.from([0x09, 0x04, 0xd0, 0x00, 0x34]);

/** The peer sent bytes that are not TDS, or in the wrong order. The connection is closed without an answer. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
}

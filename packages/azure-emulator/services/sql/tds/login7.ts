import { ByteReader } from "./byte-reader";
import { ProtocolError } from "./protocol";

/** How the client authenticates. */
export type Credential =
  | { readonly kind: "password"; readonly userName: string }
  /** An access token in the login itself. */
  | { readonly kind: "token"; readonly token: string }
  /** The client asks where to get a token and sends it afterwards (ADAL workflow). */
  | { readonly kind: "askForToken" }
  | { readonly kind: "integrated" };

export interface Login7 {
  readonly tdsVersion: number;
  readonly packetSize: number;
  readonly hostName: string;
  readonly applicationName: string;
  /** Empty: the user's default database. */
  readonly database: string;
  readonly credential: Credential;
  /** The message as received. */
  readonly body: Buffer;
}

/** Offsets in the fixed part (MS-TDS 2.2.6.4); each field is a u16 offset and a u16 length in characters. */
const field = {
  hostName: 36,
  userName: 40,
  password: 44,
  applicationName: 48,
  serverName: 52,
  extension: 56,
  libraryName: 60,
  language: 64,
  database: 68,
  sspi: 78,
  attachedFile: 82,
  newPassword: 86,
} as const;
const fixedLength = 94;
const optionFlags2 = 25;
const optionFlags3 = 27;
const integratedSecurity = 0x80;
const extensionUsed = 0x10;
const federatedAuthenticationFeature = 2;
const securityTokenLibrary = 1;
const adalLibrary = 2;

/** @throws ProtocolError */
export function parseLogin7(body: Buffer): Login7 {
  if (body.length < fixedLength) throw new ProtocolError("LOGIN7 is too short");
  const text = (at: number): string =>
    new ByteReader(body, body.readUInt16LE(at)).ucs2(body.readUInt16LE(at + 2));
  const federated = (body.readUInt8(optionFlags3) & extensionUsed) === 0 ? undefined : parseFederated(body);
  const integrated = body.readUInt16LE(field.sspi + 2) > 0;
  return {
    tdsVersion: body.readUInt32LE(4),
    packetSize: body.readUInt32LE(8),
    hostName: text(field.hostName),
    applicationName: text(field.applicationName),
    database: text(field.database),
    credential:
      federated ??
      (integrated ? { kind: "integrated" } : { kind: "password", userName: text(field.userName) }),
    body,
  };
}

/** Walks the feature extensions to the one that carries the token. */
function parseFederated(body: Buffer): Credential | undefined {
  const pointer = new ByteReader(body, body.readUInt16LE(field.extension)).u32();
  const reader = new ByteReader(body, pointer);
  for (;;) {
    const feature = reader.u8();
    if (feature === 0xff) return undefined;
    const data = new ByteReader(reader.take(reader.u32()));
    if (feature !== federatedAuthenticationFeature) continue;
    const library = data.u8() >> 1;
    if (library === adalLibrary) return { kind: "askForToken" };
    if (library !== securityTokenLibrary)
      throw new ProtocolError(`federated authentication library ${library}`);
    return { kind: "token", token: data.take(data.u32()).toString("utf16le") };
  }
}

/**
 * Turns the client's login into a SQL login: with the client's options and other credentials. Feature extensions are optional and are
 * left out; the token is one of them.
 */
export function withSqlLogin(
  { body }: Pick<Login7, "body">,
  login: { readonly user: string; readonly password: string; readonly database: string },
): Buffer {
  const kept = (at: number): Buffer =>
    new ByteReader(body, body.readUInt16LE(at)).take(body.readUInt16LE(at + 2) * 2);
  const fields: [at: number, value: Buffer][] = [
    [field.hostName, kept(field.hostName)],
    [field.userName, Buffer.from(login.user, "utf16le")],
    [field.password, scrambled(login.password)],
    [field.applicationName, kept(field.applicationName)],
    [field.serverName, kept(field.serverName)],
    [field.extension, Buffer.alloc(0)],
    [field.libraryName, kept(field.libraryName)],
    [field.language, kept(field.language)],
    [field.database, Buffer.from(login.database, "utf16le")],
    [field.sspi, Buffer.alloc(0)],
    [field.attachedFile, Buffer.alloc(0)],
    [field.newPassword, Buffer.alloc(0)],
  ];
  const fixed = Buffer.alloc(fixedLength);
  body.copy(fixed, 0, 0, fixedLength);
  fixed.writeUInt32LE(0, 90);
  fixed.writeUInt8(fixed.readUInt8(optionFlags2) & ~integratedSecurity, optionFlags2);
  fixed.writeUInt8(fixed.readUInt8(optionFlags3) & ~extensionUsed, optionFlags3);
  let offset = fixedLength;
  for (const [at, value] of fields) {
    fixed.writeUInt16LE(offset, at);
    fixed.writeUInt16LE(value.length / 2, at + 2);
    offset += value.length;
  }
  fixed.writeUInt32LE(offset, 0);
  return Buffer.concat([fixed, ...fields.map(([, value]) => value)]);
}

/** LOGIN7's obfuscation of a password: nibbles swapped, then XOR. */
function scrambled(password: string): Buffer {
  const bytes = Buffer.from(password, "utf16le");
  return Buffer.from(bytes.map((byte) => (((byte << 4) | (byte >> 4)) & 0xff) ^ 0xa5));
}

/** The token that a client sends after FEDAUTHINFO (packet type 8). @throws ProtocolError */
export function parseFederatedToken(body: Buffer): string {
  const reader = new ByteReader(body);
  reader.u32();
  return reader.take(reader.u32()).toString("utf16le");
}

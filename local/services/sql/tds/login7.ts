import { ByteReader } from "./byte-reader";
import { ProtocolError } from "./protocol";

/** How the client proves who it is. */
export type Credential =
  | { readonly kind: "password"; readonly userName: string }
  /** An access token, sent along. */
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
}

/** Offsets in the fixed part (MS-TDS 2.2.6.4); each field is a u16 offset and a u16 length in characters. */
const field = {
  hostName: 36,
  userName: 40,
  applicationName: 48,
  extension: 56,
  database: 68,
  sspi: 78,
} as const;
const fixedLength = 94;
const extensionUsed = 0x10;
const federatedAuthenticationFeature = 2;
const securityTokenLibrary = 1;
const adalLibrary = 2;

/** @throws ProtocolError */
export function parseLogin7(body: Buffer): Login7 {
  if (body.length < fixedLength) throw new ProtocolError("LOGIN7 is too short");
  const text = (at: number): string =>
    new ByteReader(body, body.readUInt16LE(at)).ucs2(body.readUInt16LE(at + 2));
  const federated = (body.readUInt8(27) & extensionUsed) === 0 ? undefined : parseFederated(body);
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

/** The token that a client sends after FEDAUTHINFO (packet type 8). @throws ProtocolError */
export function parseFederatedToken(body: Buffer): string {
  const reader = new ByteReader(body);
  reader.u32();
  return reader.take(reader.u32()).toString("utf16le");
}

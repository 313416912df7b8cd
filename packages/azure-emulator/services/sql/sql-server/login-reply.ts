import { SqlServerError } from "../session/sql-server-error";
import { ByteReader } from "../tds/byte-reader";
import { ProtocolError } from "../tds/protocol";
import { token } from "../tds/tokens";

/** ENVCHANGE that sends the client to another server; Azure SQL does so if its connection policy is Redirect. */
const routing = 20;
/** FEDAUTH, acknowledged without data. */
const federatedAck = Buffer.from([2, 0, 0, 0, 0]);
const endOfFeatures = 0xff;

/**
 * The server's answer to a SQL login, turned into the answer to a client that logged in with a token: the server's own tokens, and the
 * acknowledgement of the token, which some clients require.
 * @throws SqlServerError the server's refusal; ProtocolError if the bytes are not an answer to a login
 */
export function loginReply(body: Buffer, federated: boolean): Buffer {
  const reader = new ByteReader(body);
  let refusal: SqlServerError | undefined;
  let acknowledged = false;
  /** The position of the server's acknowledgements of features. */
  let features: number | undefined;
  while (reader.peek() !== token.done) {
    const kind = reader.u8();
    if (kind === token.featureExtAck) {
      features = reader.at;
      while (reader.u8() !== endOfFeatures) reader.skip(reader.u32());
      continue;
    }
    const content = new ByteReader(reader.take(reader.u16()));
    if (kind === token.error) refusal ??= readError(content);
    else if (kind === token.loginAck) acknowledged = true;
    else if (kind === token.environment && content.u8() === routing)
      throw new ProtocolError("it redirects its clients, which is not supported");
    else if (!known.has(kind)) throw new ProtocolError(`token ${kind} in the answer to a login`);
  }
  if (refusal !== undefined) throw refusal;
  if (!acknowledged) throw new ProtocolError("the login was not acknowledged");
  if (!federated) return body;
  return features === undefined
    ? inserted(body, reader.at, Buffer.from([token.featureExtAck, ...federatedAck, endOfFeatures]))
    : inserted(body, features, federatedAck);
}

function inserted(bytes: Buffer, at: number, more: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)]);
}

const known: ReadonlySet<number> = new Set([token.environment, token.info, token.loginAck, token.error]);

function readError(content: ByteReader): SqlServerError {
  const number = content.u32();
  const [state, severity] = [content.u8(), content.u8()];
  return new SqlServerError(number, content.text(), { state, class: severity });
}

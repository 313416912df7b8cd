import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
  sign,
  verify,
} from "node:crypto";
import { join } from "node:path";
import { isKnownAudience, normaliseAudience, UnknownAudienceError } from "./audiences";
import { readIfExists, writeDurably } from "./durable-file";
import type { PrincipalDirectory, TokenService } from "./identity";

/** Entra's access tokens live 60 to 90 minutes. */
const LIFETIME_SECONDS = 3600;

/** The signing key of the folder's directory, created at the first start. */
export async function loadOrCreateSigningKey(folder: string): Promise<KeyObject> {
  const path = join(folder, "token-signing-key.pem");
  const pem = await readIfExists(path);
  if (pem !== undefined) return createPrivateKey(pem);
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  await writeDurably(path, privateKey.export({ type: "pkcs8", format: "pem" }));
  return privateKey;
}

/**
 * JSON Web Tokens as Entra issues them: RS256, claims aud, iss, oid, sub, appid, tid, iat, nbf, exp. Signed here and not with
 * `jose`, whose calls are all asynchronous: the TDS login and every route check tokens inside synchronous code.
 * @param armEndpoint Address of the local Resource Manager: clients that derive the scope from their endpoint use it as audience.
 */
export function createTokenService(options: {
  readonly key: KeyObject;
  readonly tenantId: string;
  readonly principals: PrincipalDirectory;
  readonly issuer: string;
  readonly armEndpoint: string;
  /** Audiences that the directory knows besides Azure's own. */
  readonly audiences?: readonly string[];
  readonly now?: () => number;
}): TokenService {
  const { key, tenantId, principals, issuer, now = Date.now } = options;
  const publicKey = createPublicKey(key);
  const jwk = publicKey.export({ format: "jwk" });
  const kid = createHash("sha256").update(JSON.stringify(jwk)).digest("base64url").slice(0, 22);
  const header = encode({ typ: "JWT", alg: "RS256", kid });
  const seconds = () => Math.floor(now() / 1000);
  const resource = (audience: string) => normaliseAudience(audience, options.armEndpoint);

  return {
    jwks: { keys: [{ ...jwk, kid, use: "sig", alg: "RS256" }] },
    issue(principal, audience, lifetimeSeconds = LIFETIME_SECONDS) {
      const aud = resource(audience);
      if (!isKnownAudience(aud, options.audiences)) throw new UnknownAudienceError(aud, tenantId);
      const issuedAt = seconds();
      const expires = issuedAt + lifetimeSeconds;
      const claims = {
        aud,
        iss: issuer,
        oid: principal.objectId,
        sub: principal.objectId,
        appid: principal.clientId,
        tid: tenantId,
        iat: issuedAt,
        nbf: issuedAt,
        exp: expires,
        uti: randomUUID(),
        ver: "1.0",
      };
      const signed = `${header}.${encode(claims)}`;
      const signature = sign("sha256", Buffer.from(signed), key).toString("base64url");
      return { token: `${signed}.${signature}`, expiresOn: new Date(expires * 1000) };
    },
    verify(token, audience) {
      const [head, body, signature, ...rest] = token.split(".");
      if (head !== header || body === undefined || signature === undefined || rest.length > 0) {
        throw new Error("The token is malformed or was not issued by this directory.");
      }
      if (!verify("sha256", Buffer.from(`${head}.${body}`), publicKey, Buffer.from(signature, "base64url"))) {
        throw new Error("The token's signature is wrong.");
      }
      const claims = JSON.parse(Buffer.from(body, "base64url").toString()) as Record<string, unknown>;
      if (typeof claims.exp !== "number" || claims.exp <= seconds())
        throw new Error("The token has expired.");
      if (claims.aud !== resource(audience)) {
        throw new Error(
          `The token is for the audience '${String(claims.aud)}', not for '${resource(audience)}'.`,
        );
      }
      const principal = principals.byObjectId(String(claims.oid));
      if (principal === undefined) throw new Error(`The principal '${String(claims.oid)}' no longer exists.`);
      return principal;
    },
  };
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

import {
  constants,
  createPublicKey,
  generateKeyPair,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
} from "node:crypto";
import { promisify } from "node:util";
import { badParameter, KeyVaultError, notSupported } from "../key-vault-error";
import type { KeyVersion } from "../state/key";
import { attributesOf, tagsOf } from "../state/object-rules";

const SIZES = [2048, 3072, 4096];
const OPERATIONS = ["encrypt", "decrypt", "sign", "verify", "wrapKey", "unwrapKey"];

/** What a key can do here. The others of its `key_ops` are kept and not run. */
export type KeyOperation = "encrypt" | "decrypt" | "wrapKey" | "unwrapKey";

/** The hash of each algorithm's padding. */
const hashes = new Map([
  ["RSA-OAEP", "sha1"],
  ["RSA-OAEP-256", "sha256"],
]);

/** Makes a version of a key. Source: learn.microsoft.com/rest/api/keyvault/keys/create-key/create-key. @throws KeyVaultError 400, 501 */
export async function createKeyVersion(body: Readonly<Record<string, unknown>>): Promise<KeyVersion> {
  const { kty, key_size: size = 2048, key_ops: operations = OPERATIONS } = body;
  if (typeof kty !== "string") throw badParameter("Property kty is required.");
  if (kty !== "RSA") throw notSupported(`keys of the type ${kty}`);
  if (!SIZES.includes(Number(size)))
    throw badParameter(`Property key_size must be one of ${SIZES.join(", ")}.`);
  if (!Array.isArray(operations) || operations.some((operation) => typeof operation !== "string")) {
    throw badParameter("Property key_ops must be a list of operations.");
  }
  const tags = tagsOf(body.tags);
  const attributes = attributesOf(body.attributes);
  const { privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: Number(size) });
  const now = Math.floor(Date.now() / 1000);
  return {
    version: randomBytes(16).toString("hex"),
    privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    operations,
    attributes: { enabled: true, ...attributes, created: now, updated: now },
    ...(tags !== undefined && { tags }),
  };
}

/** The public part as a JSON Web Key. */
export function publicParts({ privateKey }: KeyVersion) {
  const { kty, n, e } = createPublicKey(privateKey).export({ format: "jwk" });
  return { kty, n, e };
}

/**
 * Encrypts or decrypts a value; both in Base64 for URLs.
 * Source: learn.microsoft.com/rest/api/keyvault/keys/encrypt/encrypt, and about-keys-details#key-operations for what is forbidden.
 * @throws KeyVaultError 400, 403, 501
 */
export function applyKey(
  key: KeyVersion,
  operation: KeyOperation,
  body: Readonly<Record<string, unknown>>,
): string {
  const { alg, value } = body;
  if (typeof alg !== "string") throw badParameter("Property alg is required.");
  if (typeof value !== "string") throw badParameter("Property value is required.");
  requireAllowed(key, operation);
  const oaepHash = hashes.get(alg);
  if (oaepHash === undefined) throw notSupported(`the algorithm ${alg}`);
  const padding = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash };
  const bytes = Buffer.from(value, "base64url");
  try {
    const result =
      operation === "encrypt" || operation === "wrapKey"
        ? publicEncrypt({ key: createPublicKey(key.privateKey), ...padding }, bytes)
        : privateDecrypt({ key: key.privateKey, ...padding }, bytes);
    return result.toString("base64url");
  } catch {
    throw badParameter("The parameter is incorrect.");
  }
}

function requireAllowed({ operations, attributes }: KeyVersion, operation: KeyOperation): void {
  const refuse = (why: string, inner: string) =>
    new KeyVaultError(403, "Forbidden", `Operation ${operation} is not ${why}.`, inner);
  if (attributes.enabled === false) throw refuse("allowed on a disabled key", "KeyDisabled");
  if (!operations.includes(operation)) throw refuse("permitted on this key", "KeyOperationForbidden");
  // What was encrypted in time can be decrypted at any time.
  if (operation === "decrypt" || operation === "unwrapKey") return;
  const now = Date.now() / 1000;
  if (typeof attributes.nbf === "number" && now < attributes.nbf) {
    throw refuse("allowed on a key that is not yet valid", "KeyNotYetValid");
  }
  if (typeof attributes.exp === "number" && now >= attributes.exp)
    throw refuse("allowed on an expired key", "KeyExpired");
}

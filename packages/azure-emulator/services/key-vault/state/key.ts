import type { Deletion } from "./deletion";

/** A key with its versions, the newest last. */
export interface StoredKey {
  readonly name: string;
  readonly versions: readonly KeyVersion[];
  /** Set while it can be recovered. */
  readonly deleted?: Deletion;
}

export interface KeyVersion {
  readonly version: string;
  /** The whole key, as PKCS #8 in PEM. */
  readonly privateKey: string;
  readonly operations: readonly string[];
  /** enabled, nbf, exp, created, updated (seconds since 1970). */
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly tags?: Readonly<Record<string, string>>;
}

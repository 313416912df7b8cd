import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { isJsonObject } from "../../kit/json-object";
import { isSecret, secret, type WireProperties } from "./wire-values";

/** A resource in the in-process engine's state. */
export interface ResourceState {
  readonly urn: string;
  readonly id: string;
  /** Secrets are marked. */
  readonly inputs: WireProperties;
  /** Secrets are marked. */
  readonly outputs: WireProperties;
  /** For each input, the URNs of the resources that its value comes from. */
  readonly propertyDependencies?: Readonly<Record<string, readonly string[]>>;
  /** Property paths. */
  readonly ignoreChanges?: readonly string[];
  /** Property paths. */
  readonly replaceOnChanges?: readonly string[];
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  /** URN of the resource whose deletion deletes this one too. */
  readonly deletedWith?: string;
  /** True if its replacement, under the same URN, exists and it only waits to be deleted. */
  readonly replaced?: boolean;
  /** True if an operation was begun and did not end. Without an id it was being created, and may exist. */
  readonly interrupted?: boolean;
}

/** The state of one stack in a file, in which secrets are encrypted. Resources are in the order of their creation. */
export interface LocalState {
  resources(): ResourceState[];
  /** Replaces all resources. The file is written before this returns, so a kill loses at most the current step. */
  save(resources: readonly ResourceState[]): void;
  /** The file's content; undefined if there is no file. */
  export(): unknown;
  remove(): void;
}

/** @param passphrase encrypts the secrets. */
export function openLocalState(file: string, passphrase: string): LocalState {
  const key = createHash("sha256").update(passphrase).digest();
  const read = (): unknown => (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined);
  return {
    resources() {
      const state = read() as { resources?: ResourceState[] } | undefined;
      return (state?.resources ?? []).map((resource) => ({
        ...resource,
        inputs: decryptSecrets(resource.inputs, key) as WireProperties,
        outputs: decryptSecrets(resource.outputs, key) as WireProperties,
      }));
    },
    save(resources) {
      mkdirSync(dirname(file), { recursive: true });
      const temporary = `${file}.new`;
      const text = JSON.stringify({ version: 1, resources: encryptSecrets(resources, key) }, undefined, 2);
      writeFileSync(temporary, text, { mode: 0o600 });
      renameSync(temporary, file);
    },
    export: read,
    remove: () => rmSync(file, { force: true }),
  };
}

const encryptedMark = "encryptedSecret";

function encryptSecrets(value: unknown, key: Buffer): unknown {
  if (isSecret(value)) return { [encryptedMark]: encrypt(JSON.stringify(value.value), key) };
  if (Array.isArray(value)) return value.map((item) => encryptSecrets(item, key));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, encryptSecrets(item, key)]));
}

function decryptSecrets(value: unknown, key: Buffer): unknown {
  if (Array.isArray(value)) return value.map((item) => decryptSecrets(item, key));
  if (!isJsonObject(value)) return value;
  const sealed = value[encryptedMark];
  if (typeof sealed === "string") return secret(JSON.parse(decrypt(sealed, key)));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, decryptSecrets(item, key)]));
}

/** AES-256-GCM: nonce, tag and ciphertext in base64, joined by dots. */
function encrypt(text: string, key: Buffer): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return [nonce, cipher.getAuthTag(), sealed].map((part) => part.toString("base64")).join(".");
}

function decrypt(sealed: string, key: Buffer): string {
  const [nonce, tag, text] = sealed.split(".").map((part) => Buffer.from(part, "base64"));
  if (!nonce || !tag || !text) throw new Error("A secret in the state file is cut off.");
  const decipher = createDecipheriv("aes-256-gcm", key, nonce).setAuthTag(tag);
  return Buffer.concat([decipher.update(text), decipher.final()]).toString("utf8");
}

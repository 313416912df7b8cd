import { createHmac, randomBytes } from "node:crypto";
import path from "node:path";
import { sameSecret } from "../../../packages/azure-emulator/control-plane/same-secret";
import {
  readJsonFile,
  writeJsonFile,
} from "../../../packages/azure-emulator/services/automation/resources/json-file";

/** Lifetime of a token in seconds: Quantemplate's identity provider issues short-lived ones. */
export const tokenLifetime = 300;

/** Access tokens for organisations; opaque to their holders. */
export interface AccessTokens {
  /** @param now Milliseconds since 1970. */
  issue(organisation: string, now?: number): string;
  /** The organisation that the token was issued for; undefined if the token is malformed or expired. */
  verify(token: string, now?: number): string | undefined;
  /** Makes every token that was issued so far older. */
  age(seconds: number): void;
}

/** Tokens are sealed with a key that is created once and kept, so that they stay valid after a restart. */
export function createAccessTokens(folder: string): AccessTokens {
  const file = path.join(folder, "token-key.json");
  const key = readJsonFile<string>(file) ?? randomBytes(32).toString("base64url");
  writeJsonFile(file, key);
  let ahead = 0;
  const clock = () => Date.now() + ahead;
  const seal = (claims: string) => createHmac("sha256", key).update(claims).digest("base64url");
  return {
    issue(organisation, now = clock()) {
      const claims = Buffer.from(
        JSON.stringify({ organisation, expires: now + tokenLifetime * 1000 }),
      ).toString("base64url");
      return `${claims}.${seal(claims)}`;
    },
    verify(token, now = clock()) {
      const [claims = "", given = ""] = token.split(".");
      if (!sameSecret(given, seal(claims))) return undefined;
      const { organisation, expires } = JSON.parse(Buffer.from(claims, "base64url").toString()) as {
        organisation: string;
        expires: number;
      };
      return expires > now ? organisation : undefined;
    },
    age(seconds) {
      ahead += seconds * 1000;
    },
  };
}

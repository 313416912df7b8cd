import { randomBytes } from "node:crypto";
import path from "node:path";
import { sha256 } from "../../../../kit/sha256";
import { readJsonFile, writeJsonFile } from "./json-file";

/** The account and webhook of a token. */
export interface WebhookToken {
  readonly accountId: string;
  /** Set once a webhook was created with the token's URI. */
  readonly webhookId?: string;
  /** The webhook was deleted or got another token; a retired token is never valid again. */
  readonly retired?: boolean;
}

/** The tokens of webhook URIs. Only their hashes are stored: like Azure, the emulator cannot show a URI a second time. */
export interface WebhookTokens {
  /** Mints a token with which a webhook of the account can be created. */
  mint(accountId: string): string;
  find(token: string): WebhookToken | undefined;
  /** Binds a minted token to the webhook; retires the webhook's former tokens. */
  bind(token: string, webhookId: string): void;
  retire(webhookId: string): void;
}

/** Tokens in one file below the emulator's folder. */
export function createWebhookTokens(folder: string): WebhookTokens {
  const file = path.join(folder, "webhook-tokens.json");
  const tokens = new Map(Object.entries(readJsonFile<Record<string, WebhookToken>>(file) ?? {}));
  const save = () => writeJsonFile(file, Object.fromEntries(tokens));
  const retireAll = (webhookId: string) => {
    for (const [hash, token] of tokens) {
      if (token.webhookId === webhookId.toLowerCase()) tokens.set(hash, { ...token, retired: true });
    }
  };
  return {
    mint(accountId) {
      const token = randomBytes(32).toString("base64url");
      tokens.set(sha256(token), { accountId: accountId.toLowerCase() });
      save();
      return token;
    },
    find: (token) => tokens.get(sha256(token)),
    bind(token, webhookId) {
      const found = tokens.get(sha256(token));
      if (found === undefined) throw new Error("only a minted token can be bound");
      retireAll(webhookId);
      tokens.set(sha256(token), { ...found, webhookId: webhookId.toLowerCase() });
      save();
    },
    retire(webhookId) {
      retireAll(webhookId);
      save();
    },
  };
}

/** The token in a webhook's URI; undefined if it has none. */
export function tokenOfUri(uri: string): string | undefined {
  return URL.canParse(uri) ? (new URL(uri).searchParams.get("token") ?? undefined) : undefined;
}

import { randomBytes } from "node:crypto";

/** An etag as Storage writes them, with its quotes. */
export function newEtag(): string {
  return `"0x8D${randomBytes(7).toString("hex").slice(1).toUpperCase()}"`;
}

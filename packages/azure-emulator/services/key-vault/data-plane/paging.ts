import { badParameter } from "../key-vault-error";
import type { VaultCall } from "./vault-call";

/** Objects on a page, at most. Source: Azure/azure-rest-api-specs, specification/keyvault/data-plane/Secrets, `maxresults`. */
const MOST = 25;

/**
 * A page of a list, and the address of the next.
 * @param path of the list below the vault, such as `secrets/x/versions`
 * @throws KeyVaultError 400
 */
export function pageOf<T>(items: readonly T[], { query, uri }: VaultCall, path: string) {
  const size = query.maxresults === undefined ? MOST : Number(query.maxresults);
  if (!Number.isInteger(size) || size < 1 || size > MOST) {
    throw badParameter(`Property maxresults must be between 1 and ${MOST}.`);
  }
  const start = startOf(query.$skiptoken);
  const end = start + size;
  const next = new URLSearchParams({
    "api-version": query["api-version"] ?? "",
    $skiptoken: tokenOf(end),
    maxresults: String(size),
  });
  return {
    value: items.slice(start, end),
    nextLink: end < items.length ? `${uri}${path}?${next}` : null,
  };
}

function tokenOf(start: number): string {
  return Buffer.from(`from:${start}`).toString("base64url");
}

function startOf(token: string | undefined): number {
  if (token === undefined) return 0;
  const start = Number(/^from:(\d+)$/.exec(Buffer.from(token, "base64url").toString())?.[1]);
  if (Number.isNaN(start)) throw badParameter("The request has an invalid $skiptoken.");
  return start;
}

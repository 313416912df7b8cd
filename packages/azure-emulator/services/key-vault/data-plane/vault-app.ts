import type { FastifyInstance } from "fastify";
import { KeyVaultError, notSupported } from "../key-vault-error";
import { keysApi } from "./keys-api";
import { secretsApi } from "./secrets-api";
import { prepareVaultApp, type VaultServer } from "./vault-call";

/** What a vault has in Azure beside secrets and keys. */
const missing = new Map([
  ["certificates", "certificates"],
  ["deletedcertificates", "certificates"],
  ["storage", "managed storage accounts"],
  ["rng", "random numbers"],
  ["settings", "settings of a managed HSM"],
]);

/** Everything that a vault answers. */
export function vaultApp(app: FastifyInstance, server: VaultServer): void {
  prepareVaultApp(app, server);
  app.setNotFoundHandler((request) => {
    const path = request.url.split("?")[0] ?? "";
    const parts = path.toLowerCase().split("/");
    const what = parts.map((part) => missing.get(part)).find((found) => found !== undefined);
    throw what === undefined
      ? new KeyVaultError(404, "NotFound", `There is no operation ${request.method} ${path}.`)
      : notSupported(what);
  });
  secretsApi(app, server);
  keysApi(app, server);
}

import { createDoors, type Door, type Doors } from "../../../control-plane/door";
import type { LocalContext } from "../../../control-plane/local-service";
import { createOperationLocks } from "../../../control-plane/operation-locks";
import type { ArmResource } from "../../../control-plane/resource";
import { KeyVaultError, notSupported } from "../key-vault-error";
import type { VaultListeners } from "../resources/vault";
import { vaultPort } from "../resources/vault-address";
import type { VaultState } from "../state/vault-state";
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

/** The ports of the vaults: each vault answers at its own, all with the same routes. */
export class VaultDoors implements VaultListeners {
  readonly #open = new Map<string, Door>();
  /** By port: the vault's id. */
  readonly #vaults = new Map<number, string>();
  #doors: Promise<Doors> | undefined;

  constructor(
    private readonly context: LocalContext,
    private readonly state: VaultState,
  ) {}

  async open(vault: ArmResource): Promise<void> {
    const key = vault.name.toLowerCase();
    const port = await vaultPort(this.context, vault.name);
    this.#vaults.set(port, vault.id);
    if (this.#open.has(key)) return;
    this.#doors ??= this.create();
    this.#open.set(key, await (await this.#doors).open(port));
  }

  async close(name: string): Promise<void> {
    const key = name.toLowerCase();
    const door = this.#open.get(key);
    this.#open.delete(key);
    await door?.close();
  }

  async closeAll(): Promise<void> {
    this.#open.clear();
    await (await this.#doors)?.close();
    this.#doors = undefined;
  }

  private create(): Promise<Doors> {
    const { context, state } = this;
    const server: VaultServer = {
      context,
      state,
      locks: createOperationLocks(),
      vaultAt: (port) => context.resources.get(this.#vaults.get(port) ?? ""),
    };
    const register: Parameters<typeof createDoors>[1] = (app) => {
      prepareVaultApp(app, server);
      app.setNotFoundHandler((request) => {
        const path = request.url.split("?")[0] ?? "";
        const what = missing.get(
          path
            .split("/")
            .find((part) => part !== "")
            ?.toLowerCase() ?? "",
        );
        throw what === undefined
          ? new KeyVaultError(404, "NotFound", `There is no operation ${request.method} ${path}.`)
          : notSupported(what);
      });
      secretsApi(app, server);
      keysApi(app, server);
    };
    // .NET joins a vault's address, which ends with a slash, and a path that begins with one.
    return createDoors(context, register, { ignoreDuplicateSlashes: true });
  }
}

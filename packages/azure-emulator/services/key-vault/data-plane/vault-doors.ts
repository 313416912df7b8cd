import type { FastifyInstance } from "fastify";
import { createDoors, type Door, type Doors, doorOf } from "../../../control-plane/door";
import type { LocalContext } from "../../../control-plane/local-service";
import { createOperationLocks } from "../../../control-plane/operation-locks";
import type { ArmResource } from "../../../control-plane/resource";
import { sameId } from "../../../control-plane/resource-id";
import { VAULT_TYPE, type VaultListeners } from "../resources/vault";
import { vaultPort } from "../resources/vault-address";
import type { VaultState } from "../state/vault-state";
import { vaultApp } from "./vault-app";
import type { VaultServer } from "./vault-call";

/** The ports of the vaults: each vault answers at its own, all with the same routes. */
export class VaultDoors implements VaultListeners {
  readonly #open = new Map<string, Door>();
  /** By port: the vault's id. */
  readonly #vaults = new Map<number, string>();
  readonly #locks = createOperationLocks();
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

  /**
   * Answers below `/keyvault/<vault>/` of the gateway, where all vaults were once: deployments of that time hold such addresses.
   */
  answerAtGateway(app: FastifyInstance): void {
    const { resources } = this.context;
    const vaultOf: VaultServer["vaultOf"] = ({ params }) => {
      const { vault } = params as { readonly vault: string };
      return resources.list({ type: VAULT_TYPE }).find(({ name }) => sameId(name, vault));
    };
    app.register(async (scope) => vaultApp(scope, this.server(vaultOf)), { prefix: "/keyvault/:vault" });
  }

  private create(): Promise<Doors> {
    const { resources } = this.context;
    const server = this.server((request) => resources.get(this.#vaults.get(doorOf(request)) ?? ""));
    // .NET joins a vault's address, which ends with a slash, and a path that begins with one.
    return createDoors(this.context, (app) => vaultApp(app, server), { ignoreDuplicateSlashes: true });
  }

  private server(vaultOf: VaultServer["vaultOf"]): VaultServer {
    return { context: this.context, state: this.state, locks: this.#locks, vaultOf };
  }
}

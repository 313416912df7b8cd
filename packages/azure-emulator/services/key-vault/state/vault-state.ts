import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { writeDurably } from "../../../control-plane/durable-file";
import type { ArmResource } from "../../../control-plane/resource";
import type { Deletion } from "./deletion";
import type { StoredKey } from "./key";

/** A secret with all versions that can be recovered. */
export interface DeletedSecret extends Deletion {
  readonly secret: ArmResource;
}

/** A vault that can be recovered, with the secrets that it had. */
export interface DeletedVault extends Deletion {
  readonly vault: ArmResource;
  readonly secrets: readonly ArmResource[];
}

/** What a vault holds beyond the secrets that Resource Manager shows. */
export interface VaultContents {
  readonly deletedSecrets: readonly DeletedSecret[];
  readonly keys: readonly StoredKey[];
}

interface State {
  /** By the vault's name in lower case. */
  readonly vaults: Readonly<Record<string, VaultContents>>;
  readonly deletedVaults: readonly DeletedVault[];
}

const nothing: VaultContents = { deletedSecrets: [], keys: [] };

/**
 * Keys, deleted secrets and deleted vaults, in one file that is replaced as a whole. What has a time to be purged is gone at that time.
 * Secrets are in the resource store; after a kill between the two, what exists counts, not what was deleted.
 */
export class VaultState {
  #state: State;
  #writing: Promise<void> = Promise.resolve();

  constructor(private readonly file: string) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const saved = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Partial<State>) : {};
    this.#state = { vaults: {}, deletedVaults: [], ...saved };
  }

  contents(vault: string): VaultContents {
    const { deletedSecrets, keys } =
      new Map(Object.entries(this.#state.vaults)).get(vault.toLowerCase()) ?? nothing;
    const now = Date.now() / 1000;
    return {
      deletedSecrets: deletedSecrets.filter((deleted) => deleted.scheduledPurgeDate > now),
      keys: keys.filter(({ deleted }) => deleted === undefined || deleted.scheduledPurgeDate > now),
    };
  }

  async change(vault: string, change: (contents: VaultContents) => Partial<VaultContents>): Promise<void> {
    const present = this.contents(vault);
    const next = { ...present, ...change(present) };
    await this.save({ ...this.#state, vaults: { ...this.#state.vaults, [vault.toLowerCase()]: next } });
  }

  deletedVaults(): readonly DeletedVault[] {
    const now = Date.now() / 1000;
    return this.#state.deletedVaults.filter(({ scheduledPurgeDate }) => scheduledPurgeDate > now);
  }

  async addDeletedVault(deleted: DeletedVault): Promise<void> {
    const others = this.withoutDeleted(deleted.vault.name);
    await this.save({ ...this.#state, deletedVaults: [...others, deleted] });
  }

  /** The vault exists again. */
  async forgetDeletedVault(name: string): Promise<void> {
    await this.save({ ...this.#state, deletedVaults: this.withoutDeleted(name) });
  }

  /** The vault and all it held is gone for good. */
  async purgeVault(name: string): Promise<void> {
    const vaults = Object.entries(this.#state.vaults).filter(([vault]) => vault !== name.toLowerCase());
    await this.save({ vaults: Object.fromEntries(vaults), deletedVaults: this.withoutDeleted(name) });
  }

  private withoutDeleted(name: string): DeletedVault[] {
    return this.deletedVaults().filter(({ vault }) => vault.name.toLowerCase() !== name.toLowerCase());
  }

  /** Later changes see this one at once; the promise ends when it is on disk. */
  private async save(state: State): Promise<void> {
    this.#state = state;
    const written = this.#writing.then(() => writeDurably(this.file, JSON.stringify(state)));
    this.#writing = written.catch(() => {});
    await written;
  }
}

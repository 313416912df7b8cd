import path from "node:path";
import { readJsonFile, writeJsonFile } from "./json-file";

/**
 * The values of encrypted variables and the passwords of credentials. ARM never returns them, so they are stored apart from the resources.
 */
export interface AssetSecrets {
  get(assetId: string): string | undefined;
  set(assetId: string, secret: string): void;
  remove(assetId: string): void;
}

/** Secrets in one file below the emulator's folder, by resource id, ignoring case. */
export function createAssetSecrets(folder: string): AssetSecrets {
  const file = path.join(folder, "asset-secrets.json");
  const secrets = new Map(Object.entries(readJsonFile<Record<string, string>>(file) ?? {}));
  const save = () => writeJsonFile(file, Object.fromEntries(secrets));
  return {
    get: (assetId) => secrets.get(assetId.toLowerCase()),
    set(assetId, secret) {
      secrets.set(assetId.toLowerCase(), secret);
      save();
    },
    remove(assetId) {
      if (secrets.delete(assetId.toLowerCase())) save();
    },
  };
}

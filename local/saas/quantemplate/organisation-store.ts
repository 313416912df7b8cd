import path from "node:path";
import { sameSecret } from "../../../packages/azure-emulator/control-plane/same-secret";
import {
  readJsonFile,
  writeJsonFile,
} from "../../../packages/azure-emulator/services/automation/resources/json-file";
import { sha256 } from "../../../packages/kit/sha256";

/** One organisation: who may read its datasets, and who receives its events. */
export interface Organisation {
  readonly id: string;
  readonly clientId: string;
  /** The secret itself is not kept. */
  readonly secretHash: string;
  /** A client that is valid too: another one, or the same with its former secret. */
  readonly former?: { readonly clientId: string; readonly secretHash: string };
  /** URLs that events are sent to; they hold webhook tokens. */
  readonly subscriptions: readonly string[];
}

export interface ApiClient {
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface OrganisationStore {
  get(id: string): Organisation | undefined;
  /** The organisation with this API client, if the secret is right. */
  ofClient(clientId: string, clientSecret: string): Organisation | undefined;
  idOfClient(clientId: string): string | undefined;
  /** Creates or changes an organisation's API client. @throws RangeError if another organisation has that client id. */
  setClient(id: string, client: ApiClient, former?: ApiClient): void;
  /** Replaces the subscriptions. The organisation must exist. */
  subscribe(id: string, urls: readonly string[]): void;
}

/** Organisations in one file below the emulator's folder. */
export function createOrganisationStore(folder: string): OrganisationStore {
  const file = path.join(folder, "organisations.json");
  const organisations = new Map((readJsonFile<Organisation[]>(file) ?? []).map((it) => [it.id, it]));
  const set = (organisation: Organisation) => {
    organisations.set(organisation.id, organisation);
    writeJsonFile(file, [...organisations.values()]);
  };
  const byClient = (clientId: string) =>
    [...organisations.values()].find((it) => it.clientId === clientId || it.former?.clientId === clientId);
  return {
    get: (id) => organisations.get(id),
    ofClient(clientId, clientSecret) {
      const found = byClient(clientId);
      const given = sha256(clientSecret);
      const valid = [found, found?.former].filter((client) => client?.clientId === clientId);
      return valid.some((client) => client && sameSecret(given, client.secretHash)) ? found : undefined;
    },
    idOfClient: (clientId) => byClient(clientId)?.id,
    setClient(id, client, former) {
      for (const { clientId } of [client, ...(former ? [former] : [])]) {
        const owner = byClient(clientId);
        if (owner !== undefined && owner.id !== id)
          throw new RangeError(`Client id ${clientId} belongs to organisation ${owner.id}.`);
      }
      const subscriptions = organisations.get(id)?.subscriptions ?? [];
      set({ id, ...hashed(client), ...(former && { former: hashed(former) }), subscriptions });
    },
    subscribe(id, urls) {
      const found = organisations.get(id);
      if (found === undefined) throw new RangeError(`There is no organisation ${id}.`);
      set({ ...found, subscriptions: [...new Set(urls)] });
    },
  };
}

function hashed({ clientId, clientSecret }: ApiClient) {
  return { clientId, secretHash: sha256(clientSecret) };
}

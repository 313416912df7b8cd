import { unversioned } from "../kit/urn";
import type { ResourceTypeDescriptor, TokenDescriptor } from "./descriptor";
import { authorizationTypes } from "./types/authorization";
import { automationTypes } from "./types/automation";
import { consumptionTypes } from "./types/consumption";
import { dataFactoryTypes } from "./types/data-factory";
import { insightsTypes } from "./types/insights";
import { keyVaultTypes } from "./types/key-vault";
import { managedIdentityTypes } from "./types/managed-identity";
import { networkTypes } from "./types/network";
import { operationalInsightsTypes } from "./types/operational-insights";
import { resourcesTypes } from "./types/resources";
import { sqlTypes } from "./types/sql";
import { storageTypes } from "./types/storage";
import { webTypes } from "./types/web";

/** Descriptors, found by either of their names. */
export interface ResourceTypeCatalogue {
  readonly types: readonly ResourceTypeDescriptor[];
  /** Each token once, in the order of the types. */
  readonly tokens: readonly TokenDescriptor[];
  /** By Resource Manager's name, in any case. */
  byType(type: string): ResourceTypeDescriptor | undefined;
  /** By azure-native's token; tokens of all API versions name the same resource. */
  byToken(token: string): TokenDescriptor | undefined;
}

/** @throws Error if two descriptors share a name. */
export function catalogueOf(types: readonly ResourceTypeDescriptor[]): ResourceTypeCatalogue {
  const tokens = types.flatMap((descriptor) =>
    Object.entries(descriptor.tokens).map(([token, path]) => ({ ...descriptor, token, path })),
  );
  const byType = uniqueBy(types, ({ type }) => type.toLowerCase());
  const byToken = uniqueBy(tokens, ({ token }) => token);
  return {
    types,
    tokens,
    byType: (type) => byType.get(type.toLowerCase()),
    byToken: (token) => byToken.get(unversioned(token)),
  };
}

/** Every described type. */
export const azureResourceTypes: ResourceTypeCatalogue = catalogueOf([
  ...resourcesTypes,
  ...managedIdentityTypes,
  ...authorizationTypes,
  ...keyVaultTypes,
  ...storageTypes,
  ...networkTypes,
  ...operationalInsightsTypes,
  ...insightsTypes,
  ...consumptionTypes,
  ...sqlTypes,
  ...dataFactoryTypes,
  ...automationTypes,
  ...webTypes,
]);

function uniqueBy<T>(items: readonly T[], nameOf: (item: T) => string): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  for (const item of items) {
    const name = nameOf(item);
    if (found.has(name)) throw new Error(`Two descriptors of resource types are named ${name}.`);
    found.set(name, item);
  }
  return found;
}

import { join } from "node:path";
import { loadOrCreateJson, writeDurably } from "./durable-file";
import { armRules, refusal } from "./rules/azure-rule";

export const providerRules = armRules("Resource providers", {
  registered: {
    what: "A resource is made only if the subscription is registered for its provider; the host names those that are not at first.",
    source:
      "https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-register-resource-provider; https://github.com/pulumi/pulumi-azure-native/issues/3479",
    answer: { status: 409, code: "MissingSubscriptionRegistration" },
    test: [
      "control-plane/subscription-api.itest.ts",
      "refuses resources of a provider until it is registered",
    ],
  },
});

/** The providers for which the subscription is registered. */
export interface ProviderRegistry {
  registered(namespace: string): boolean;
  /** Resolves once it is on disk. */
  set(namespace: string, registered: boolean): Promise<void>;
}

/** @param atFirst namespaces for which a new subscription is not registered */
export async function openProviderRegistry(
  folder: string,
  atFirst: readonly string[],
): Promise<ProviderRegistry> {
  const path = join(folder, "unregistered-providers.json");
  const stored = await loadOrCreateJson<string[]>(path, () =>
    atFirst.map((namespace) => namespace.toLowerCase()),
  );
  const missing = new Set(stored);
  return {
    registered: (namespace) => !missing.has(namespace.toLowerCase()),
    async set(namespace, registered) {
      if (registered) missing.delete(namespace.toLowerCase());
      else missing.add(namespace.toLowerCase());
      await writeDurably(path, `${JSON.stringify([...missing])}\n`);
    },
  };
}

/** @throws ArmError 409 if the subscription is not registered for the type's provider. */
export function requireRegistered(registry: ProviderRegistry, type: string): void {
  const [namespace = ""] = type.split("/");
  if (registry.registered(namespace)) return;
  throw refusal(
    providerRules.rules.registered,
    `The subscription is not registered to use namespace '${namespace}'. See https://aka.ms/rps-not-found for how to register subscriptions.`,
  );
}

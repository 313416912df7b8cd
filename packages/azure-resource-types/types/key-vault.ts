import type { DryRunResource, ResourceTypeDescriptor } from "../descriptor";
import { privateEndpointConnections } from "./private-endpoint-connections";

const vault = "Microsoft.KeyVault/vaults/{vaultName}";

export const keyVaultTypes: readonly ResourceTypeDescriptor[] = [
  {
    type: "Microsoft.KeyVault/vaults",
    apiVersion: "2024-11-01",
    mutabilityFrom: "keyvault/resource-manager/Microsoft.KeyVault/stable/2024-11-01/keyvault.json",
    tokens: { "azure-native:keyvault:Vault": vault },
    runs: "service",
    systemData: true,
    location: true,
    container: true,
    polls: ["Microsoft.KeyVault/locations/operationResults/read"],
    writeOnly: ["createMode"],
    filledIn: { vaultUri: ({ name }) => addressOf(name) },
    loss: {
      gone: "Deletes the key vault of {whose}",
      kept: "Purge protection keeps it and its name for 90 days: until then no other vault can have the name, and only this one can be recovered.",
      replaced:
        "Replaces the key vault of {whose}. Purge protection keeps the old one and its name for 90 days: a new one under the same name fails, the old one must be recovered instead",
    },
  },
  {
    type: "Microsoft.KeyVault/vaults/secrets",
    apiVersion: "2024-11-01",
    mutabilityFrom: "keyvault/resource-manager/Microsoft.KeyVault/stable/2024-11-01/secrets.json",
    tokens: { "azure-native:keyvault:Secret": `${vault}/secrets/{secretName}` },
    runs: "service",
    container: true,
    deletedByData: "Microsoft.KeyVault/vaults/secrets/delete",
    secretInputs: ["properties.value"],
    writeOnly: ["value"],
    filledIn: { secretUri, secretUriWithVersion: (secret) => `${secretUri(secret)}/1` },
    loss: { kept: "The vault keeps it recoverable for 90 days." },
  },
  privateEndpointConnections("Microsoft.KeyVault/vaults", "2024-11-01"),
];

function addressOf(vaultName: string): string {
  return `https://${vaultName}.vault.azure.net/`;
}

function secretUri({ id, name }: DryRunResource): string {
  return `${addressOf(id.split("/").at(-3) ?? "")}secrets/${name}`;
}

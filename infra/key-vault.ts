import * as keyvault from "@pulumi/azure-native/keyvault";
import * as pulumi from "@pulumi/pulumi";
import { CLIENT_TAG } from "./azure-limits";
import type { ExistingResource } from "./existing/existing";
import type { Placement } from "./placement";
import { nameOf, steady } from "./steady";

export interface KeyVaultArgs extends Placement {
  readonly vaultName: pulumi.Input<string>;
  /** The vault that is used instead of one that is made. */
  readonly existing: ExistingResource | undefined;
  readonly secretName: pulumi.Input<string>;
  readonly isPrivate: boolean;
  readonly tenantId: pulumi.Input<string>;
  /** Of the Quantemplate API client. */
  readonly clientId: pulumi.Input<string>;
  readonly clientSecret: pulumi.Input<string>;
  readonly protect: boolean;
}

export const SECRET_NAME = "quantemplate-client-secret";

interface VaultPlace {
  readonly id: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly uri: pulumi.Output<string>;
  /** How its secret goes. */
  readonly options: pulumi.CustomResourceOptions;
}

/** The vault with the chain's only secret; role assignments alone decide who may read it. */
export class KeyVault extends pulumi.ComponentResource {
  readonly vault: Pick<VaultPlace, "id" | "name">;
  /** True if the vault is not the tenant's alone. */
  readonly isShared: boolean;
  readonly secretId: pulumi.Output<string>;
  /** Address of the secret without a version, so that the next run picks up a rotated secret. */
  readonly secretUrl: pulumi.Output<string>;

  constructor(name: string, args: KeyVaultArgs, options?: pulumi.ComponentResourceOptions) {
    super("quantemplate:azure:KeyVault", name, {}, options);
    this.isShared = args.existing !== undefined;
    const vault = args.existing
      ? { ...args.existing, uri: args.existing.fact("uri"), options: { retainOnDelete: true } }
      : this.ownVault(name, args);
    this.vault = vault;
    // Written through Resource Manager, so that the deployer needs no right to read secrets.
    const secret = new keyvault.Secret(
      `${name}-client-secret`,
      {
        resourceGroupName: vault.resourceGroupName,
        vaultName: vault.name,
        secretName: args.secretName,
        // Id and secret change in one step: a load between two changes would sign in with a wrong pair.
        tags: { ...args.tags, [CLIENT_TAG]: args.clientId },
        properties: { value: args.clientSecret, contentType: "Quantemplate API client secret" },
      },
      // Azure deletes secrets over the vault's data plane only, where the deployer has no right; they go with the vault, or stay in another's.
      { parent: this, ...vault.options },
    );
    this.secretId = secret.id;
    this.secretUrl = pulumi.interpolate`${vault.uri}secrets/${nameOf(secret, args.secretName)}`;
    this.registerOutputs({ secretUrl: this.secretUrl });
  }

  private ownVault(name: string, args: KeyVaultArgs): VaultPlace {
    const { resourceGroupName, location, tags, vaultName } = args;
    const vault = new keyvault.Vault(
      name,
      {
        resourceGroupName,
        location,
        tags,
        vaultName,
        properties: {
          tenantId: args.tenantId,
          sku: { family: "A", name: "standard" },
          enableRbacAuthorization: true,
          enableSoftDelete: true,
          softDeleteRetentionInDays: 90,
          enablePurgeProtection: true,
          // Data Factory's Azure runtime has changing addresses, so the role protects the vault (docs, network).
          publicNetworkAccess: args.isPrivate ? "Disabled" : "Enabled",
        },
      },
      { parent: this, protect: args.protect },
    );
    const uri = steady(
      vault.properties.apply((properties) => properties.vaultUri ?? ""),
      vault,
      async ({ resourceGroupName, name: vaultName }) =>
        (await keyvault.getVault({ resourceGroupName, vaultName })).properties.vaultUri ?? "",
    );
    return {
      id: vault.id,
      name: nameOf(vault, vaultName),
      resourceGroupName,
      uri,
      options: { deletedWith: vault },
    };
  }
}

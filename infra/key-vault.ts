import * as keyvault from "@pulumi/azure-native/keyvault";
import * as pulumi from "@pulumi/pulumi";
import { CLIENT_TAG } from "./azure-limits";
import type { Placement } from "./placement";
import { nameOf, steady } from "./steady";

export interface KeyVaultArgs extends Placement {
  readonly vaultName: pulumi.Input<string>;
  readonly tenantId: pulumi.Input<string>;
  /** Of the Quantemplate API client. */
  readonly clientId: pulumi.Input<string>;
  readonly clientSecret: pulumi.Input<string>;
  readonly protect: boolean;
}

const SECRET_NAME = "quantemplate-client-secret";

/** The vault with the chain's only secret; role assignments alone decide who may read it. */
export class KeyVault extends pulumi.ComponentResource {
  readonly vault: keyvault.Vault;
  readonly secretId: pulumi.Output<string>;
  /** Address of the secret without a version, so that the next run picks up a rotated secret. */
  readonly secretUrl: pulumi.Output<string>;

  constructor(name: string, args: KeyVaultArgs, options?: pulumi.ComponentResourceOptions) {
    super("quantemplate:azure:KeyVault", name, {}, options);
    const { resourceGroupName, location, tags, vaultName } = args;
    this.vault = new keyvault.Vault(
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
          publicNetworkAccess: "Enabled",
        },
      },
      { parent: this, protect: args.protect },
    );
    // Written through Resource Manager, so that the deployer needs no right to read secrets.
    const secret = new keyvault.Secret(
      `${name}-client-secret`,
      {
        resourceGroupName,
        vaultName: nameOf(this.vault, vaultName),
        secretName: SECRET_NAME,
        // Id and secret change in one step: a load between two changes would sign in with a wrong pair.
        tags: { ...tags, [CLIENT_TAG]: args.clientId },
        properties: { value: args.clientSecret, contentType: "Quantemplate API client secret" },
      },
      // Azure deletes secrets over the vault's data plane only, where the deployer has no right; they go with the vault.
      { parent: this, deletedWith: this.vault },
    );
    this.secretId = secret.id;
    const vaultUri = steady(
      this.vault.properties.apply((properties) => properties.vaultUri ?? ""),
      this.vault,
      async ({ resourceGroupName, name: vaultName }) =>
        (await keyvault.getVault({ resourceGroupName, vaultName })).properties.vaultUri ?? "",
    );
    this.secretUrl = pulumi.interpolate`${vaultUri}secrets/${nameOf(secret, SECRET_NAME)}`;
    this.registerOutputs({ secretUrl: this.secretUrl });
  }
}

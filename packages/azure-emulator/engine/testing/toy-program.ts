import * as authorization from "@pulumi/azure-native/authorization";
import * as keyvault from "@pulumi/azure-native/keyvault";
import * as resources from "@pulumi/azure-native/resources";
import * as sql from "@pulumi/azure-native/sql";
import * as storage from "@pulumi/azure-native/storage";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { ConfigEntry, StackProgram } from "../engine";

/** The settings that a test changes between two runs. */
export interface ToyOptions {
  readonly tag?: string;
  /** Create-only: a change replaces the server. */
  readonly login?: string;
  readonly withContainer?: boolean;
  /** The dynamic resource fails with this message. */
  readonly failWith?: string;
  readonly accountName?: string;
  /** Of the resource group; two stacks must not have the same. */
  readonly group?: string;
  readonly throws?: Error;
  /** Protects the database and the vault. */
  readonly protect?: boolean;
}

/** Values that must not appear in plain text in any state. */
export const toySecrets = ["config-secret-7f3a", "minted-secret-91bc"] as const;

export const toyConfig: Readonly<Record<string, ConfigEntry>> = {
  "azure-native:location": { value: "northeurope" },
  "toy:since": { value: "2026-01-31" },
  "toy:clientSecret": { value: toySecrets[0], secret: true },
};

/** A small program with everything that the engine must handle: names, secrets, identities, a dynamic step, an invoke. */
export function toyProgram(options: ToyOptions = {}): StackProgram {
  const { protect = false } = options;
  return async () => {
    const config = new pulumi.Config("toy");
    const client = await authorization.getClientConfig();
    const suffix = new random.RandomString("suffix", { length: 6, special: false, upper: false });
    const password = new random.RandomPassword("password", { length: 24, special: false });
    const group = new resources.ResourceGroup("group", {
      resourceGroupName: options.group ?? "rg-toy",
      location: "westeurope",
      tags: { tag: options.tag ?? "first" },
    });
    const parent = new pulumi.ComponentResource("toy:azure:Data", "data");
    const account = new storage.StorageAccount(
      "account",
      {
        resourceGroupName: group.name,
        accountName: options.accountName ?? pulumi.interpolate`st${suffix.result}`,
        kind: "StorageV2",
        sku: { name: "Standard_LRS" },
      },
      { parent },
    );
    if (options.withContainer ?? true) {
      new storage.BlobContainer(
        "container",
        { resourceGroupName: group.name, accountName: account.name, containerName: "files" },
        { parent },
      );
    }
    const server = new sql.Server("server", {
      resourceGroupName: group.name,
      serverName: "sql-toy",
      administratorLogin: options.login ?? "admin",
      administratorLoginPassword: password.result,
      identity: { type: "SystemAssigned" },
    });
    const database = new sql.Database(
      "database",
      { resourceGroupName: group.name, serverName: server.name, databaseName: "db" },
      { protect },
    );
    const vault = new keyvault.Vault(
      "vault",
      {
        resourceGroupName: group.name,
        vaultName: "kv-toy",
        properties: { tenantId: client.tenantId, sku: { family: "A", name: "standard" } },
      },
      { protect },
    );
    new keyvault.Secret("secret", {
      resourceGroupName: group.name,
      vaultName: vault.name,
      secretName: "client-secret",
      properties: { value: config.requireSecret("clientSecret") },
    });
    const minted = new Minted("minted", { of: database.id, failWith: options.failWith ?? "" });
    if (options.throws) throw options.throws;
    return {
      blob: account.primaryEndpoints.apply((endpoints) => endpoints.blob),
      vaultUri: vault.properties.apply((properties) => properties.vaultUri),
      principalId: server.identity.apply((identity) => identity?.principalId),
      minted: minted.token,
      deployer: minted.deployer,
      since: config.require("since"),
    };
  };
}

/** A dynamic resource; it runs in Pulumi's provider process with the deployer's environment. */
class Minted extends pulumi.dynamic.Resource {
  declare readonly token: pulumi.Output<string>;
  declare readonly deployer: pulumi.Output<string>;

  constructor(name: string, inputs: { of: pulumi.Input<string>; failWith: string }) {
    const provider: pulumi.dynamic.ResourceProvider = {
      async diff(_id, olds, news) {
        return { changes: olds.of !== news.of || olds.failWith !== news.failWith };
      },
      async create(given) {
        if (given.failWith) throw new Error(given.failWith);
        // Assembled at run time, because the state contains this code.
        const token = ["minted", "secret", given.of.length > 0 ? "91bc" : ""].join("-");
        return {
          id: "minted",
          outs: { ...given, token, deployer: process.env.ARM_CLIENT_ID },
        };
      },
      async update(_id, olds, news) {
        if (news.failWith) throw new Error(news.failWith);
        return { outs: { ...olds, ...news } };
      },
    };
    super(
      provider,
      name,
      { ...inputs, token: undefined, deployer: undefined },
      { additionalSecretOutputs: ["token"] },
      "toy",
      "minted",
    );
  }
}

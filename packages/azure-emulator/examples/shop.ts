import * as authorization from "@pulumi/azure-native/authorization";
import * as datafactory from "@pulumi/azure-native/datafactory";
import * as keyvault from "@pulumi/azure-native/keyvault";
import * as resources from "@pulumi/azure-native/resources";
import * as sql from "@pulumi/azure-native/sql";
import * as pulumi from "@pulumi/pulumi";
import { type Allow, FunctionApp } from "./function-app";

const keyVaultSecretsUser = "4633458b-17de-408a-b874-0445c86b69e6";

/** A small shop: a function that greets, a vault with a word, a pipeline that calls the function, and a database. */
export async function shop() {
  const { objectId, subscriptionId, tenantId } = await authorization.getClientConfig();
  const { name: resourceGroupName } = new resources.ResourceGroup("shop", { location: "westeurope" });
  const allow: Allow = (name, principalId, role, scope) =>
    new authorization.RoleAssignment(name, {
      principalId,
      principalType: "ServicePrincipal",
      roleDefinitionId: `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
      scope,
    });

  const vault = new keyvault.Vault("vault", {
    resourceGroupName,
    properties: { tenantId, sku: { family: "A", name: "standard" }, enableRbacAuthorization: true },
  });
  const word = new keyvault.Secret(
    "word",
    { resourceGroupName, vaultName: vault.name, properties: { value: pulumi.secret("open sesame") } },
    // A secret is deleted over the data plane, where the deployer may only read; it goes with its vault.
    { deletedWith: vault },
  );
  allow("deployer-reads", objectId, keyVaultSecretsUser, vault.id);

  const greeter = new FunctionApp("greeter", {
    resourceGroupName,
    allow,
    settings: { WORD: pulumi.interpolate`@Microsoft.KeyVault(SecretUri=${word.properties.secretUri})` },
  });
  allow("greeter-reads", greeter.identity.principalId, keyVaultSecretsUser, vault.id);

  const factory = new datafactory.Factory("factory", { resourceGroupName });
  const pipeline = new datafactory.Pipeline("greet", {
    resourceGroupName,
    factoryName: factory.name,
    parameters: { who: { type: "String" } },
    activities: [
      {
        name: "Ask",
        type: "WebActivity",
        method: "GET",
        url: pulumi.interpolate`@concat('https://${greeter.host}/api/greet?who=', pipeline().parameters.who)`,
      },
    ],
  });

  const server = new sql.Server("sql", {
    resourceGroupName,
    administrators: {
      administratorType: "ActiveDirectory",
      azureADOnlyAuthentication: true,
      login: "deployer",
      principalType: "Application",
      sid: objectId,
      tenantId,
    },
  });
  const database = new sql.Database("orders", { resourceGroupName, serverName: server.name });

  return {
    resourceGroup: resourceGroupName,
    vaultUrl: vault.properties.vaultUri,
    secret: word.name,
    appHost: greeter.host,
    deployHost: greeter.deployHost,
    factory: factory.name,
    pipeline: pipeline.name,
    sqlServer: server.fullyQualifiedDomainName,
    database: database.name,
  };
}

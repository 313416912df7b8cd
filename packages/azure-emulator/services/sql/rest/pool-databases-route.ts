import { azureResourceTypes } from "../../../../azure-resource-types";
import { ArmError, type ArmRoute } from "../../../control-plane/local-service";
import type { ResourceStore } from "../../../control-plane/resource";
import { viewOf } from "../../../control-plane/resource-view";
import { databasesOf } from "../resources/elastic-pools";

/**
 * The databases of a pool.
 * Source: Azure/azure-rest-api-specs, Microsoft.Sql/stable/2023-08-01/Databases.json, Databases_ListByElasticPool.
 */
export function poolDatabasesRoute(resources: Pick<ResourceStore, "get" | "list">): ArmRoute {
  return {
    method: "GET",
    path: "/providers/Microsoft.Sql/servers/:server/elasticPools/:pool/databases",
    action: "Microsoft.Sql/servers/elasticPools/databases/read",
    async handle({ resourceGroupId, params: { server = "", pool = "" } }) {
      const id = `${resourceGroupId}/providers/Microsoft.Sql/servers/${server}/elasticPools/${pool}`;
      if (resources.get(id) === undefined)
        throw new ArmError(
          404,
          "ElasticPoolNotFound",
          `The specified elastic pool '${pool}' does not exist for the server '${server}'.`,
        );
      const value = databasesOf(resources, id).map((one) => viewOf(one, azureResourceTypes, undefined));
      return { status: 200, body: { value } };
    },
  };
}

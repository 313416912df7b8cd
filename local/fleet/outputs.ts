import { findEnvironment } from "../environment";
import { eachTenant, notHere, type TenantsRequest } from "./each-tenant";

const HIDDEN = "[secret]";

/** Prints each tenant's addresses; its keys are in its environment file. */
export function outputs(request: TenantsRequest): Promise<void> {
  return eachTenant(request, async (tenant) => {
    const found = await findEnvironment(request.folder, tenant);
    if (found === undefined) return notHere(tenant, "It is not running here.");
    return {
      outputs: {
        resourceGroupName: found.resourceGroup,
        automationAccountName: found.automation.accountName,
        runbookName: found.automation.runbookName,
        webhookUrl: HIDDEN,
        dataFactoryName: found.dataFactory.factoryName,
        pipelineName: found.dataFactory.pipelineName,
        functionUrl: found.function.url,
        functionKey: HIDDEN,
        sqlQueryUrl: found.sql.queryUrl,
        quantemplateAdminUrl: found.quantemplate.adminUrl,
        fivetranAdminUrl: found.fivetran.adminUrl,
      },
    };
  });
}

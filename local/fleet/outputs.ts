import { failedPreview } from "../../fleet/summary";
import { findEnvironment } from "../environment";
import { eachTenant, type TenantsRequest } from "./each-tenant";

const HIDDEN = "[secret]";

/** Where everything of a tenant is; the keys are in its environment file. */
export function outputs(request: TenantsRequest): Promise<void> {
  return eachTenant(request, async (tenant) => {
    const found = await findEnvironment(request.folder, tenant);
    if (found === undefined) {
      return {
        status: "failed",
        changes: failedPreview(tenant, "It is not running here."),
        next: `npm run fleet -- up --local --tenant ${tenant}`,
      };
    }
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

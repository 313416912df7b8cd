import { outcomeOf } from "../../fleet/outcome";
import { removeEverything } from "../commands/server-choice";
import { findEnvironment, removeEnvironment } from "../environment";
import { besideServing, upTenants } from "./serve-tenants";
import { eachTenant, requestOf, type TenantsRequest } from "./stand-in-tenants";

export const up = upTenants;

/** What the stand-in has otherwise than it was deployed. */
export function drift(request: TenantsRequest): Promise<void> {
  return besideServing(
    request,
    () => true,
    (standIn) =>
      eachTenant(request, async (tenant, options) => {
        const stack = requestOf(standIn, request.root, tenant);
        await standIn.signals.finishing(standIn.engine.refreshPreview(stack, options));
        return {};
      }),
  );
}

/** Destroys the tenants' stacks; with the last one every trace of the stand-in goes. */
export async function destroy(request: TenantsRequest): Promise<void> {
  const { folder, root, tenants } = request;
  let isEmpty = false;
  await besideServing(
    request,
    (tenant) => !tenants.includes(tenant),
    async (standIn) => {
      await eachTenant(request, async (tenant, options) => {
        const stack = requestOf(standIn, root, tenant);
        await standIn.signals.finishing(standIn.engine.destroy(stack, options));
        await removeEnvironment(folder, tenant);
        return {};
      });
      isEmpty = standIn.azure.context.resources.list().length === 0;
    },
  );
  if (isEmpty) await removeEverything(folder);
}

/** Where everything of a tenant is; the keys are in its environment file. */
export function outputs(request: TenantsRequest): Promise<void> {
  return eachTenant(request, async (tenant) => {
    const found = await findEnvironment(request.folder, tenant);
    if (found === undefined) {
      return outcomeOf(tenant, "failed", "It is not running here.", {
        next: `npm run fleet -- up --local --tenant ${tenant}`,
      });
    }
    const hidden = "[secret]";
    return {
      outputs: {
        resourceGroupName: found.resourceGroup,
        automationAccountName: found.automation.accountName,
        runbookName: found.automation.runbookName,
        webhookUrl: hidden,
        dataFactoryName: found.dataFactory.factoryName,
        pipelineName: found.dataFactory.pipelineName,
        functionUrl: found.function.url,
        functionKey: hidden,
        sqlQueryUrl: found.sql.queryUrl,
        quantemplateAdminUrl: found.quantemplate.adminUrl,
        fivetranAdminUrl: found.fivetran.adminUrl,
      },
    };
  });
}

import type { LocalContext, LocalService, PutRequest } from "../../control-plane/local-service";
import { guidOf } from "../../control-plane/principal-directory";
import { existingOnlyTypes } from "./resource-types";

/** Resources that only have to exist, with the outputs that a program reads of them. */
export function createPassiveService(context: LocalContext): LocalService {
  return {
    name: "passive",
    resourceTypes: [
      ...existingOnlyTypes.map((type) => ({ type })),
      {
        type: "Microsoft.OperationalInsights/workspaces",
        put: async ({ id }) => ({ properties: workspace(id) }),
      },
      {
        type: "Microsoft.Insights/components",
        put: async (request) => ({ properties: component(context, request) }),
      },
    ],
  };
}

function workspace(id: string): Record<string, unknown> {
  return { customerId: guidOf(`workspace ${id.toLowerCase()}`), provisioningState: "Succeeded" };
}

/** The connection string points at the stand-in: telemetry sent there is refused, never sent to Azure. */
function component(context: LocalContext, { id, name, body }: PutRequest): Record<string, unknown> {
  const instrumentationKey = guidOf(`component ${id.toLowerCase()}`);
  const applicationId = guidOf(`application ${id.toLowerCase()}`);
  const endpoint = `${context.httpsUrl}/telemetry/`;
  return {
    AppId: applicationId,
    ApplicationId: name,
    Application_Type: body.properties?.Application_Type ?? "web",
    InstrumentationKey: instrumentationKey,
    ConnectionString: `InstrumentationKey=${instrumentationKey};IngestionEndpoint=${endpoint};LiveEndpoint=${endpoint};ApplicationId=${applicationId}`,
    TenantId: context.subscriptionId,
    Name: name,
    provisioningState: "Succeeded",
  };
}

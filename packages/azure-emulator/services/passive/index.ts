import { azureResourceTypes } from "../../../azure-resource-types";
import { stableGuid } from "../../../kit/stable-guid";
import type { LocalContext, LocalService, PutRequest, ResourceType } from "../../control-plane/local-service";
import { PASSIVE_SERVICE } from "../../control-plane/served-types";
import { requireBudgetStart } from "./budgets";
import { requireLogCategories, requireMetricAlert, requireQueryRule, requireRetention } from "./monitoring";

const queryRuleVersion = azureResourceTypes.byType("Microsoft.Insights/scheduledQueryRules")?.apiVersion;

/** Every type that is described as passive: it is stored and returned, with the outputs that a program reads. */
export function createPassiveService(context: LocalContext): LocalService {
  const filledIn: Readonly<Record<string, ResourceType["put"]>> = {
    "Microsoft.OperationalInsights/workspaces": async (request) => {
      requireRetention(request);
      return { properties: workspace(request.id) };
    },
    "Microsoft.Insights/diagnosticSettings": async (request) => {
      requireLogCategories(request);
      return {};
    },
    "Microsoft.Insights/components": async (request) => ({ properties: component(context, request) }),
    "Microsoft.Insights/metricAlerts": async (request) => {
      requireMetricAlert(request);
      return { properties: { isMigrated: false } };
    },
    "Microsoft.Insights/scheduledQueryRules": async (request) => {
      requireQueryRule(request);
      return {
        properties: {
          createdWithApiVersion: queryRuleVersion,
          isLegacyLogAnalyticsRule: false,
          isWorkspaceAlertsStorageConfigured: false,
        },
      };
    },
    "Microsoft.Consumption/budgets": async (request) => {
      requireBudgetStart(request, new Date());
      // Nothing is billed.
      return { properties: { currentSpend: { amount: 0, unit: "USD" } } };
    },
  };
  return {
    name: PASSIVE_SERVICE,
    resourceTypes: azureResourceTypes.types
      .filter(({ runs }) => runs === "passive")
      .map(({ type }) => ({ type, ...(filledIn[type] && { put: filledIn[type] }) })),
  };
}

function workspace(id: string): Record<string, unknown> {
  return { customerId: stableGuid(`workspace ${id.toLowerCase()}`), provisioningState: "Succeeded" };
}

/** The connection string points at the emulator: telemetry goes there and is refused; it never reaches Azure. */
function component(context: LocalContext, { id, name, body }: PutRequest): Record<string, unknown> {
  const instrumentationKey = stableGuid(`component ${id.toLowerCase()}`);
  const applicationId = stableGuid(`application ${id.toLowerCase()}`);
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

import type { RuleArea } from "./rules/azure-rule";

const SPECS = "https://github.com/Azure/azure-rest-api-specs/blob/main/specification";
const test = ["control-plane/statuses.test.ts", "are those of the specification"] as const;
const accepted = ["control-plane/statuses.test.ts", "are 202 where Azure accepts"] as const;
const operations = (title: string) => ["control-plane/operations.itest.ts", title] as const;

/**
 * The statuses of PUT and DELETE, as each type's specification lists them; the descriptors of the resource types have them
 * (`putStatus`, `operations`, `deletedLater`). Where a specification lists 200 and 201, 201 is for a new resource.
 */
export const statusRules: RuleArea = {
  area: "Statuses",
  rules: {
    dataFactory: {
      what: "A PUT of a factory, pipeline, dataset, linked service or trigger answers 200, also for a new one.",
      source: `${SPECS}/datafactory/resource-manager/Microsoft.DataFactory/DataFactory/stable/2018-06-01/openapi.json (Factories_CreateOrUpdate, Pipelines_CreateOrUpdate, …: 200 only)`,
      answer: { status: 200, code: "OK" },
      test,
    },
    web: {
      what: "A PUT of a plan, site, its settings or its publishing policies answers 200, also for a new one.",
      source: `${SPECS}/web/resource-manager/Microsoft.Web (WebApps_CreateOrUpdate, AppServicePlans_CreateOrUpdate: 200, 202; WebApps_UpdateApplicationSettings, WebApps_UpdateFtpAllowed: 200)`,
      answer: { status: 200, code: "OK" },
      test,
    },
    monitor: {
      what: "A PUT of a metric alert or a diagnostic setting answers 200, also for a new one.",
      source: `${SPECS}/monitor/resource-manager/Microsoft.Insights (MetricAlerts_CreateOrUpdate, DiagnosticSettings_CreateOrUpdate: 200)`,
      answer: { status: 200, code: "OK" },
      test,
    },
    roleDefinition: {
      what: "A PUT of a role definition answers 201, also for one that exists; a deleted role or assignment is answered.",
      source: `${SPECS}/authorization/resource-manager/Microsoft.Authorization (RoleDefinitions_CreateOrUpdate: 201; RoleAssignments_Delete: 200 with the assignment, 204)`,
      answer: { status: 201, code: "Created" },
      test,
      moreTests: [operations("answers a deleted role assignment, and nothing for one that is not there")],
    },
    storageAccount: {
      what: "A new storage account is accepted and made later; a PUT of one that exists answers 200.",
      source: `${SPECS}/storage/resource-manager/Microsoft.Storage (StorageAccounts_Create: 200, 202 with Location)`,
      answer: { status: 202, code: "Accepted" },
      test: accepted,
    },
    sql: {
      what: "A PUT and a DELETE of an SQL server or database are accepted and end later.",
      source: `${SPECS}/sql/resource-manager/Microsoft.Sql (Servers_CreateOrUpdate, Databases_CreateOrUpdate: 200, 201, 202; Servers_Delete, Databases_Delete: 200, 202, 204)`,
      answer: { status: 202, code: "Accepted" },
      test,
      moreTests: [accepted],
    },
    group: {
      what: "A DELETE of a resource group is accepted and ends later; that of a missing group is refused, of any other missing resource answered 204.",
      source: `${SPECS}/resources/resource-manager/Microsoft.Resources (ResourceGroups_Delete: 200, 202 with Location); https://learn.microsoft.com/azure/azure-resource-manager/management/delete-resource-group`,
      answer: { status: 404, code: "ResourceGroupNotFound" },
      test: operations("deletes a group later"),
      moreTests: [operations("deletes later, and ends with nothing")],
    },
  },
};

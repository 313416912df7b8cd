import { readQuery } from "../../infra/testing/log-query";
import type { ArmResource } from "../../packages/azure-emulator/control-plane/resource";
import { isJsonObject, type JsonObject } from "../../packages/kit/json-object";

/** What must be told, and by which metric of which type; a dimension's values each on their own. */
const incidents = [
  { what: "a pipeline run failed", type: "Microsoft.DataFactory/factories", metric: "PipelineFailedRuns" },
  { what: "a run was cancelled", type: "Microsoft.DataFactory/factories", metric: "PipelineCancelledRuns" },
  ...["Failed", "Stopped", "Suspended"].map((status) => ({
    what: `a job is ${status}`,
    type: "Microsoft.Automation/automationAccounts",
    metric: "TotalJob",
    dimension: { Status: status },
  })),
  {
    what: "a call failed without an answer",
    type: "Microsoft.Insights/components",
    metric: "requests/failed",
  },
] as const;

/** What must be told, and words of the query that sees it. */
const queries = [
  { what: "a dataset is not loaded", words: /datatable\(DatasetID/, staysOpen: true },
  { what: "changes come without an event", words: /ByEvent/ },
  { what: "the webhook expires", words: /expiryTime/, by: "Expiry" },
  { what: "cells were emptied", words: /Result\.emptied/, by: "Emptied" },
  { what: "the function reports errors", words: /"\{\\"event\\":\\"error\\"/ },
  { what: "the function is silent", words: /LastPage < ago/, staysOpen: true },
] as const;

/** The logs that alerts, or whoever looks for a cause, read: by the resource's type. */
const logs: Readonly<Record<string, readonly string[]>> = {
  "Microsoft.DataFactory/factories": ["PipelineRuns", "ActivityRuns", "TriggerRuns"],
  "Microsoft.Automation/automationAccounts": ["JobLogs", "JobStreams"],
  "Microsoft.KeyVault/vaults": ["AuditEvent"],
  "Microsoft.Sql/servers/databases": ["Errors", "Timeouts", "Deadlocks"],
};

/** Built-in: Monitoring Metrics Publisher (https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/monitor). */
const METRICS_PUBLISHER = "3913510d-42f4-4e42-8a64-420c390055eb";

/**
 * What the people who watch a tenant would not be told: an incident without a rule that is on, looks at the right resource, counts right and
 * reaches somebody; a log that is not kept; telemetry that cannot be sent. Empty if all is told.
 */
export function watchingFaults(resources: readonly ArmResource[]): string[] {
  const cloud = new Cloud(resources);
  return [
    ...incidents.flatMap((incident) =>
      cloud.rules("metricAlerts").some((rule) => tellsMetric(rule, incident, cloud)) ? [] : [incident.what],
    ),
    ...queries.flatMap((query) =>
      cloud.rules("scheduledQueryRules").some((rule) => tellsQuery(rule, query, cloud)) ? [] : [query.what],
    ),
    ...Object.entries(logs).flatMap(([type, categories]) => logFaults(type, categories, cloud)),
    ...auditFaults(cloud),
    ...telemetryFaults(cloud),
  ].map((what) => `nobody is told: ${what}`);
}

class Cloud {
  readonly #byId: ReadonlyMap<string, ArmResource>;
  constructor(private readonly resources: readonly ArmResource[]) {
    this.#byId = new Map(resources.map((resource) => [resource.id.toLowerCase(), resource]));
  }
  of(type: string): readonly ArmResource[] {
    return this.resources.filter((resource) => same(resource.type, type));
  }
  /** The resource with an id, if it is of that type. */
  find(id: unknown, type: string): ArmResource | undefined {
    const found = this.#byId.get(String(id).toLowerCase());
    return found !== undefined && same(found.type, type) ? found : undefined;
  }
  under(id: string, type: string): readonly ArmResource[] {
    return this.of(type).filter((resource) => resource.id.toLowerCase().startsWith(`${id.toLowerCase()}/`));
  }
  /** Rules that are on, and whose people are reached. */
  rules(type: string): readonly JsonObject[] {
    return this.of(`Microsoft.Insights/${type}`)
      .map(({ properties }) => properties)
      .filter((rule) => rule.enabled !== false && this.#reaches(rule.actions) && isLoud(rule.severity));
  }
  /** A tenant without an address has no groups, and looks into the portal. */
  #reaches(actions: unknown): boolean {
    const groups = this.of("Microsoft.Insights/actionGroups");
    const ids = isJsonObject(actions)
      ? list(actions.actionGroups)
      : objects(actions).map(({ actionGroupId }) => actionGroupId);
    if (groups.length === 0) return ids.length === 0;
    return ids.some((id) => {
      const { enabled, emailReceivers } = this.find(id, "Microsoft.Insights/actionGroups")?.properties ?? {};
      return (
        enabled === true &&
        objects(emailReceivers).some((to) => /^\S+@\S+\.\S+$/.test(String(to.emailAddress)))
      );
    });
  }
}

/** 0 is critical; 3 and 4 are information, which nobody is woken for. */
const isLoud = (severity: unknown) => typeof severity === "number" && severity <= 2;

interface Incident {
  readonly type: string;
  readonly metric: string;
  readonly dimension?: Readonly<Record<string, string>>;
}

function tellsMetric(rule: JsonObject, { type, metric, dimension = {} }: Incident, cloud: Cloud): boolean {
  if (!list(rule.scopes).some((id) => cloud.find(id, type))) return false;
  const conditions = objects(isJsonObject(rule.criteria) ? rule.criteria.allOf : undefined);
  const aggregation = metric === "requests/failed" ? "Count" : "Total";
  return (
    conditions.length > 0 &&
    conditions.every(
      (condition) =>
        same(condition.metricName, metric) &&
        condition.timeAggregation === aggregation &&
        countsOne(condition) &&
        objects(condition.dimensions).every(({ name, operator, values }) =>
          isIncluded(dimension[String(name)], operator, values),
        ) &&
        Object.keys(dimension).every((name) =>
          objects(condition.dimensions).some((one) => one.name === name),
        ),
    )
  );
}

function isIncluded(value: string | undefined, operator: unknown, values: unknown): boolean {
  const isNamed = list(values).some((one) => one === "*" || one === value);
  return operator === "Include" ? isNamed : !isNamed;
}

/** One is told, none is not. */
function countsOne({ operator, threshold }: JsonObject): boolean {
  const holds = (count: number): boolean => {
    const than = Number(threshold);
    if (operator === "GreaterThan") return count > than;
    if (operator === "GreaterThanOrEqual") return count >= than;
    return operator === "LessThan" ? count < than : operator === "LessThanOrEqual" && count <= than;
  };
  return typeof threshold === "number" && holds(1) && !holds(0);
}

interface Query {
  readonly words: RegExp;
  readonly by?: string;
  readonly staysOpen?: boolean;
}

function tellsQuery(rule: JsonObject, { words, by, staysOpen = false }: Query, cloud: Cloud): boolean {
  const [condition, ...more] = objects(isJsonObject(rule.criteria) ? rule.criteria.allOf : undefined);
  const text = String(condition?.query);
  if (condition === undefined || more.length > 0 || !words.test(text)) return false;
  const { problems, tables, columns } = readQuery(text);
  const workspace = list(rule.scopes).map((id) =>
    cloud.find(id, "Microsoft.OperationalInsights/workspaces"),
  )[0];
  // A rule that sees less than its query asks for never finds what is older.
  const asked = Math.max(0, ...[...text.matchAll(/ago\((\d+)d\)/g)].map(([, days]) => Number(days) * 1440));
  const seen = Math.max(minutesOf(rule.windowSize), minutesOf(rule.overrideQueryTimeRange));
  return (
    workspace !== undefined &&
    problems.length === 0 &&
    tables.every((table) => arrives(table, workspace, cloud)) &&
    condition.timeAggregation === "Count" &&
    condition.metricMeasureColumn === undefined &&
    countsOne(condition) &&
    seen >= asked &&
    // Between two looks nothing may pass unseen.
    minutesOf(rule.evaluationFrequency) <= seen &&
    // An alert about something absent would resolve itself once it is absent for longer than the rule sees.
    (!staysOpen || rule.autoMitigate === false) &&
    objects(condition.dimensions).every(
      ({ name, operator, values }) =>
        columns.includes(String(name)) && operator === "Include" && list(values).includes("*"),
    ) &&
    // Each is told on its own, or a second one is not told while the first alert is open.
    (by === undefined || objects(condition.dimensions).some(({ name }) => name === by)) &&
    failsAtOnce(condition.failingPeriods)
  );
}

const failsAtOnce = (periods: unknown) =>
  !isJsonObject(periods) || (periods.minFailingPeriodsToAlert ?? 1) === 1;

/** True if something sends the table's rows to that workspace. */
function arrives(table: string, workspace: ArmResource, cloud: Cloud): boolean {
  if (table === "AppTraces")
    return cloud
      .of("Microsoft.Insights/components")
      .some(({ properties }) => same(properties.WorkspaceResourceId, workspace.id));
  const category = { ADFPipelineRun: "PipelineRuns", ADFActivityRun: "ActivityRuns" }[table];
  return cloud
    .of("Microsoft.DataFactory/factories")
    .some((factory) => sends(factory, String(category), cloud, workspace));
}

function logFaults(type: string, categories: readonly string[], cloud: Cloud): string[] {
  return cloud
    .of(type)
    .flatMap((resource) =>
      categories
        .filter((category) => !sends(resource, category, cloud))
        .map((category) => `${category} of ${resource.name} is not kept`),
    );
}

/** A server's audit is a log of its database `master`, which is no resource of its own. */
function auditFaults(cloud: Cloud): string[] {
  return cloud
    .of("Microsoft.Sql/servers")
    .filter(
      (server) => !sends({ ...server, id: `${server.id}/databases/master` }, "SQLSecurityAuditEvents", cloud),
    )
    .map(({ name }) => `the audit of ${name} is not kept`);
}

/** True if a diagnostic setting sends the category, Data Factory's to the tables that queries read, to that workspace or any that exists. */
function sends(resource: ArmResource, category: string, cloud: Cloud, workspace?: ArmResource): boolean {
  return cloud.under(resource.id, "Microsoft.Insights/diagnosticSettings").some(({ id, properties }) => {
    // A database's settings are below its server too.
    const isOwn = same(id.split(/\/providers\/microsoft\.insights\//i)[0], resource.id);
    const to = cloud.find(properties.workspaceId, "Microsoft.OperationalInsights/workspaces");
    return (
      isOwn &&
      to !== undefined &&
      (workspace === undefined || to === workspace) &&
      (properties.logAnalyticsDestinationType === "Dedicated" ||
        !same(resource.type, "Microsoft.DataFactory/factories")) &&
      objects(properties.logs).some((log) => same(log.category, category) && log.enabled === true)
    );
  });
}

/** The function sends as its identity: the app names component and identity, and the identity may. */
function telemetryFaults(cloud: Cloud): string[] {
  const component = cloud.of("Microsoft.Insights/components")[0];
  if (component === undefined) return ["there is no Application Insights"];
  const workspace = cloud.find(
    component.properties.WorkspaceResourceId,
    "Microsoft.OperationalInsights/workspaces",
  );
  return cloud.of("Microsoft.Web/sites").flatMap((site) => {
    const settings = cloud
      .under(site.id, "Microsoft.Web/sites/config")
      .find(({ name }) => name === "appsettings");
    const { APPLICATIONINSIGHTS_CONNECTION_STRING: to, APPLICATIONINSIGHTS_AUTHENTICATION_STRING: as } =
      settings?.properties ?? {};
    const [, clientId] = /^ClientId=([^;]+);Authorization=AAD$/.exec(String(as)) ?? [];
    const identity = cloud
      .of("Microsoft.ManagedIdentity/userAssignedIdentities")
      .find(({ properties }) => properties.clientId === clientId);
    const may = cloud
      .of("Microsoft.Authorization/roleAssignments")
      .some(
        ({ id, properties }) =>
          same(id.split(/\/providers\/microsoft\.authorization\//i)[0], component.id) &&
          String(properties.roleDefinitionId).toLowerCase().endsWith(METRICS_PUBLISHER) &&
          properties.principalId === identity?.properties.principalId,
      );
    const isAble = workspace !== undefined && to === component.properties.ConnectionString && may;
    return isAble ? [] : [`the telemetry of ${site.name} is not kept`];
  });
}

/** ISO 8601's days, hours and minutes. */
function minutesOf(value: unknown): number {
  const [, days = 0, hours = 0, minutes = 0] =
    /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(String(value)) ?? [];
  return Number(days) * 1440 + Number(hours) * 60 + Number(minutes);
}

const same = (one: unknown, other: string) => String(one).toLowerCase() === other.toLowerCase();
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const objects = (value: unknown): readonly JsonObject[] => list(value).filter(isJsonObject);

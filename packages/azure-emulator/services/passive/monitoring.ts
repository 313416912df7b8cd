import { isJsonObject, type JsonObject } from "../../../kit/json-object";
import type { PutRequest } from "../../control-plane/local-service";
import { parentId, parseResourceId, sameId } from "../../control-plane/resource-id";
import { armRules, refusal } from "../../control-plane/rules/azure-rule";
import { logCategories } from "./log-categories";
import { isUnlistedMetric, supportedMetrics } from "./supported-metrics";

type Put = Pick<PutRequest, "id" | "body">;

const QUERY_RULES =
  "https://learn.microsoft.com/azure/templates/microsoft.insights/scheduledqueryrules; https://github.com/hashicorp/terraform-provider-azurerm/pull/18960";
const METRIC_RULES =
  "https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-create-metric-alert-rule; https://github.com/MicrosoftDocs/azure-docs/pull/38575";
const bad = { status: 400, code: "BadRequest" } as const;
const test = (title: string) => ["services/passive/monitoring.test.ts", title] as const;

export const monitoringRules = armRules("Monitoring", {
  metric: {
    what: "A metric alert names a metric that its scope's type has, unless it says `skipMetricValidation`.",
    source:
      "https://learn.microsoft.com/azure/azure-monitor/reference/metrics-index; https://github.com/CompositionalIT/farmer/issues/807",
    answer: bad,
    test: test("names a metric of its scope"),
  },
  dimension: {
    what: "A metric alert splits by dimensions that its metric has.",
    source: "https://learn.microsoft.com/azure/azure-monitor/reference/metrics-index",
    answer: bad,
    test: test("splits by dimensions of its metric"),
  },
  metricWindow: {
    what: "A metric alert is evaluated every 1, 5, 15, 30 or 60 minutes, over 1, 5, 15, 30 or 60 minutes, 6, 12 or 24 hours, and over no less than the time between two evaluations.",
    source: METRIC_RULES,
    answer: bad,
    test: test("is evaluated at Azure's intervals"),
  },
  queryWindow: {
    what: "A query rule's window is one of 5, 10, 15, 30, 45 minutes, 1 to 6 hours, 1 or 2 days; its frequency one of these, or a minute, and at most a day.",
    source: `https://github.com/Azure/azure-rest-api-specs/issues/21258; ${QUERY_RULES}`,
    answer: bad,
    test: test("has windows that Azure has"),
  },
  queryRange: {
    what: "`overrideQueryTimeRange` of a query rule is between 5 minutes and 2 days, one of Azure's spans.",
    source: QUERY_RULES,
    answer: bad,
    test: test("looks back over a span that Azure has"),
  },
  mute: {
    what: "A query rule that mutes its actions is evaluated at least as often as that, and does not resolve by itself.",
    source: `https://github.com/Azure/azure-cli/issues/26581; https://github.com/Azure/azure-resource-manager-schemas/issues/1753; ${QUERY_RULES}`,
    answer: { status: 400, code: "InvalidRequestContent" },
    test: test("mutes for a span that Azure has"),
  },
  periods: {
    what: "A query rule looks at 1 to 6 periods, and alerts after at least one and no more failing ones than it looks at.",
    source: QUERY_RULES,
    answer: bad,
    test: test("counts one to six periods"),
  },
  category: {
    what: "A diagnostic setting names log categories that the resource's type has.",
    source:
      "https://learn.microsoft.com/azure/azure-monitor/reference/logs-index; https://github.com/hashicorp/terraform-provider-azurerm/issues/2985",
    answer: bad,
    test: test("names categories of its resource"),
  },
  retention: {
    what: "A workspace of the tier PerGB2018 keeps its logs for 30 to 730 days.",
    source: "https://learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure",
    answer: bad,
    test: test("keeps its logs for 30 to 730 days"),
  },
});
const { rules } = monitoringRules;

const minutes = (of: readonly number[]) => new Set(of);
const SPANS = [5, 10, 15, 30, 45, 60, 120, 180, 240, 300, 360, 1440];
const METRIC_FREQUENCIES = minutes([1, 5, 15, 30, 60]);
const METRIC_WINDOWS = minutes([1, 5, 15, 30, 60, 360, 720, 1440]);
const QUERY_FREQUENCIES = minutes([1, ...SPANS]);
const QUERY_WINDOWS = minutes([...SPANS, 2880]);
const QUERY_RANGES = minutes([...SPANS, 20, 2880]);

/** @throws ArmError 400 */
export function requireMetricAlert({ body }: Put): void {
  const { scopes, evaluationFrequency, windowSize, criteria } = body.properties ?? {};
  const frequency = minutesOf(evaluationFrequency);
  const window = minutesOf(windowSize);
  if (!METRIC_FREQUENCIES.has(frequency) || !METRIC_WINDOWS.has(window) || window < frequency)
    throw refusal(
      rules.metricWindow,
      `The combination of 'properties.evaluationFrequency' ${evaluationFrequency} and 'properties.windowSize' ${windowSize} is not supported.`,
    );
  const [scope] = listOf(scopes);
  const type = typeOf(String(scope));
  const metrics = supportedMetrics.get(type);
  if (metrics === undefined) return;
  for (const condition of objectsOf(isJsonObject(criteria) ? criteria.allOf : undefined)) {
    const { metricName, metricNamespace = type, skipMetricValidation, dimensions } = condition;
    const name = String(metricName);
    const isOwn = String(metricNamespace).toLowerCase() === type;
    if (skipMetricValidation === true || (isOwn && isUnlistedMetric(name))) continue;
    const [, known] = Object.entries(metrics).find(([key]) => isOwn && sameId(key, name)) ?? [];
    if (known === undefined)
      throw refusal(
        rules.metric,
        `Couldn't find a metric named ${name}. Make sure the name is correct. If this metric hasn't been reported yet, use the -skipMetricValidation flag.`,
      );
    for (const dimension of objectsOf(dimensions)) {
      if (known.some((one) => sameId(one, String(dimension.name)))) continue;
      throw refusal(
        rules.dimension,
        `Metric: ${name} does not support requested dimension combination: ${dimension.name}, supported ones are: ${known.join(",")}.`,
      );
    }
  }
}

/** @throws ArmError 400 */
export function requireQueryRule({ body }: Put): void {
  const properties = body.properties ?? {};
  const { evaluationFrequency, windowSize, overrideQueryTimeRange, muteActionsDuration } = properties;
  // These are for rules of the kind LogAlert only.
  const isLogAlert = body.kind === undefined || sameId(body.kind, "LogAlert");
  if (!isLogAlert || (evaluationFrequency === undefined && windowSize === undefined)) return;
  const frequency = minutesOf(evaluationFrequency);
  requireSpan(rules.queryWindow, "evaluationFrequency", evaluationFrequency, QUERY_FREQUENCIES);
  requireSpan(rules.queryWindow, "windowSize", windowSize, QUERY_WINDOWS);
  if (overrideQueryTimeRange !== undefined && overrideQueryTimeRange !== null)
    requireSpan(rules.queryRange, "overrideQueryTimeRange", overrideQueryTimeRange, QUERY_RANGES);
  if (muteActionsDuration !== undefined && muteActionsDuration !== null) {
    requireSpan(rules.mute, "muteActionsDuration", muteActionsDuration, QUERY_WINDOWS);
    if (frequency > minutesOf(muteActionsDuration))
      throw refusal(rules.mute, "EvaluationFrequency cannot be greater than MuteActionsDuration");
    if (properties.autoMitigate !== false)
      throw refusal(rules.mute, "AutoMitigate cannot be true when MuteActionsDuration is set.");
  }
  const { criteria } = properties;
  for (const { failingPeriods } of objectsOf(isJsonObject(criteria) ? criteria.allOf : undefined)) {
    if (!isJsonObject(failingPeriods)) continue;
    const { numberOfEvaluationPeriods: all = 1, minFailingPeriodsToAlert: failing = 1 } = failingPeriods;
    if (isWithin(all, 1, 6) && isWithin(failing, 1, Number(all))) continue;
    throw refusal(
      rules.periods,
      `'failingPeriods' of ${failing} in ${all} is not valid: numberOfEvaluationPeriods is between 1 and 6, and minFailingPeriodsToAlert between 1 and that.`,
    );
  }
}

/** @throws ArmError 400 */
export function requireLogCategories({ id, body }: Put): void {
  const known = logCategories.get(
    // A diagnostic setting belongs to its resource.
    typeOf(parentId(id)),
  );
  if (known === undefined) return;
  for (const { category } of objectsOf(body.properties?.logs)) {
    if (category === undefined || known.some((one) => sameId(one, String(category)))) continue;
    throw refusal(rules.category, `Category '${category}' is not supported.`);
  }
}

/** @throws ArmError 400 */
export function requireRetention({ body }: Put): void {
  const { sku, retentionInDays } = body.properties ?? {};
  const name = isJsonObject(sku) ? String(sku.name) : "";
  if (retentionInDays === undefined || !sameId(name, "PerGB2018") || isWithin(retentionInDays, 30, 730))
    return;
  throw refusal(
    rules.retention,
    `'RetentionInDays' property doesn't match the SKU limits. Pricing tier: '${name}', value: '${retentionInDays}', limits: 30-730.`,
  );
}

function requireSpan(
  rule: (typeof rules)[keyof typeof rules],
  name: string,
  value: unknown,
  spans: ReadonlySet<number>,
): void {
  if (spans.has(minutesOf(value))) return;
  const supported = [...spans].sort((a, b) => a - b).join(", ");
  throw refusal(
    rule,
    `'properties.${name}' ${value} is not supported. Supported granularities are: ${supported}.`,
  );
}

/** ISO 8601's days, hours and minutes; NaN for anything else. */
function minutesOf(value: unknown): number {
  const [, days = 0, hours = 0, rest = 0] =
    /^P(?=.)(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(String(value)) ?? [];
  const all = Number(days) * 1440 + Number(hours) * 60 + Number(rest);
  return all === 0 ? Number.NaN : all;
}

/** The type of the resource of an id, in lower case. */
const typeOf = (id: string) => parseResourceId(id)?.type.toLowerCase() ?? "";
const isWithin = (value: unknown, least: number, most: number) =>
  typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const objectsOf = (value: unknown): readonly JsonObject[] => listOf(value).filter(isJsonObject);

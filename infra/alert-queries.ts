/**
 * The queries of the alerts, in Kusto's language. A rule reads one table and has neither `union` nor `search`, which Azure does not support in
 * rules (docs/sources.md, "Alerts"). It sees two days at most.
 */

/** The activity of the reconciling pipeline that reads the webhook from Resource Manager; its output is that resource. */
export const WEBHOOK_ACTIVITY = "ReadWebhook";
/** That loads one dataset. */
const LOAD_ACTIVITY = "LoadDataset";
/** The activity of the loading pipeline that says what the load did. */
const RESULT_ACTIVITY = "ReadResult";

/** The longest time without a load that is no fault: a day and two hours. */
const LONGEST_WITHOUT_LOAD = "26h";
/** Two syncs of Fivetran's, which come every six hours. */
const LONGEST_WITHOUT_PAGE = "13h";
const DAYS_BEFORE_EXPIRY = "60d";

/**
 * One row for each configured dataset without a successful load, even if nothing runs any more. None until the tenant's first load is as
 * long ago: a new tenant has no load of most datasets.
 */
export function missingLoadsQuery(
  datasetIds: readonly string[],
  pipelineName: string,
  factoryId?: string,
): string {
  return [
    `let expected = datatable(DatasetID: string) [${datasetIds.map(kustoText).join(", ")}];`,
    `let loads = ADFPipelineRun${ofFactory(factoryId)}`,
    `| where TimeGenerated > ago(2d) and PipelineName == ${kustoText(pipelineName)} and Status == "Succeeded"`,
    "| extend DatasetID = tostring(parse_json(Parameters).DatasetID)",
    "| summarize FirstLoad = min(TimeGenerated), LastLoad = max(TimeGenerated) by DatasetID;",
    "expected",
    "| join kind=leftouter loads on DatasetID",
    `| where isnull(LastLoad) or LastLoad < ago(${LONGEST_WITHOUT_LOAD})`,
    `| where toscalar(loads | summarize min(FirstLoad)) < ago(${LONGEST_WITHOUT_LOAD})`,
    "| project TimeGenerated = now(), DatasetID",
  ].join("\n");
}

/**
 * A row if the nightly reconciliation found changes and no load was started by an event: Quantemplate's calls do not arrive. A dataset's
 * first load does not count, nor does a night without a change, because then there was nothing to announce.
 */
export function unannouncedChangesQuery(
  pipelineName: string,
  reconcilePipelineName: string,
  factoryId?: string,
): string {
  return [
    `let nightly = ADFActivityRun${ofFactory(factoryId)}`,
    `| where TimeGenerated > ago(2d) and PipelineName == ${kustoText(reconcilePipelineName)} and ActivityName == ${kustoText(LOAD_ACTIVITY)}`,
    "| project RunId = tostring(parse_json(Output).pipelineRunId);",
    `ADFActivityRun${ofFactory(factoryId)}`,
    `| where TimeGenerated > ago(2d) and PipelineName == ${kustoText(pipelineName)} and ActivityName == ${kustoText(RESULT_ACTIVITY)} and Status == "Succeeded"`,
    "| extend Result = parse_json(Output).firstRow, IsNightly = PipelineRunId in (nightly)",
    "| extend Rows = tolong(Result.inserted) + tolong(Result.updated) + tolong(Result.deleted)",
    "| summarize Changed = countif(IsNightly and tolong(Result.version) > 1 and Rows > 0), ByEvent = countif(not(IsNightly))",
    "| where Changed > 0 and ByEvent == 0",
    "| project TimeGenerated = now(), Changed",
  ].join("\n");
}

/** A row for each webhook that the nightly reconciliation found close to its expiry. */
export function expiringWebhooksQuery(reconcilePipelineName: string, factoryId?: string): string {
  return [
    `ADFActivityRun${ofFactory(factoryId)}`,
    `| where PipelineName == ${kustoText(reconcilePipelineName)} and ActivityName startswith ${kustoText(WEBHOOK_ACTIVITY)} and Status == "Succeeded"`,
    "| extend Webhook = parse_json(Output)",
    `| where todatetime(Webhook.properties.expiryTime) < now() + ${DAYS_BEFORE_EXPIRY}`,
    '| project TimeGenerated, Expiry = strcat(Webhook.name, ": ", Webhook.properties.expiryTime)',
  ].join("\n");
}

/** One row for each load that emptied cells, which the pipeline's last activity reports: `d-1: {"gross_premium":3}`. */
export function emptiedCellsQuery(pipelineName: string, factoryId?: string): string {
  return [
    `ADFActivityRun${ofFactory(factoryId)}`,
    `| where PipelineName == ${kustoText(pipelineName)} and ActivityName == ${kustoText(RESULT_ACTIVITY)} and Status == "Succeeded"`,
    "| extend Result = parse_json(Output).firstRow",
    "| where isnotempty(tostring(Result.emptied))",
    '| project TimeGenerated, PipelineRunId, Emptied = strcat(Result.dataset_id, ": ", Result.emptied)',
  ].join("\n");
}

/** The errors that the function reported: its own lines, not those of its host, which also warns of what does not matter here. */
export function functionErrorsQuery(appName: string): string {
  return `${linesOf(appName, "error")}\n| project TimeGenerated, Message`;
}

/** A row if the function sent pages, and has sent none for so long: no code, no key, no memory or no platform leaves no other trace. */
export function silentFunctionQuery(appName: string): string {
  return [
    linesOf(appName, "page"),
    // Without a line there is no last one, which is not before anything.
    "| summarize LastPage = max(TimeGenerated)",
    `| where LastPage < ago(${LONGEST_WITHOUT_PAGE})`,
    "| project TimeGenerated = now(), LastPage",
  ].join("\n");
}

/** The lines of one kind that functions/src/log.ts wrote. */
function linesOf(appName: string, event: string): string {
  const start = JSON.stringify({ event }).slice(0, -1);
  return `AppTraces\n| where AppRoleName =~ ${kustoText(appName)} and Message startswith ${kustoText(start)}`;
}

/** Only the rows of one factory, in a workspace that has several; every table has the column, in lower case or not. */
function ofFactory(factoryId: string | undefined): string {
  return factoryId === undefined ? "" : `\n| where _ResourceId =~ ${kustoText(factoryId)}`;
}

/** A Kusto text literal: its escapes are the same as in JSON. */
function kustoText(text: string): string {
  return JSON.stringify(text);
}

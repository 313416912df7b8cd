import path from "node:path";
import { DATASET_ID } from "../../infra/dataset-schema";
import type {
  Execution,
  LocalPace,
  RunbookTwin,
} from "../../packages/azure-emulator/services/automation/run/runbook-executor";
import type { Sandbox } from "../../packages/azure-emulator/services/automation/run/sandbox";
import { isJsonObject } from "../../packages/kit/json-object";
import { member, parseJsonObject, sameInAnyCase, textMember } from "./json-member";
import { createTwinClient, oneLine, pauseBefore, readAsset, type TwinClient, twinClock } from "./twin-client";
import { bindParameters } from "./twin-parameters";

interface Settings {
  readonly credentialName: string;
  readonly tenantId: string;
  readonly factoryName: string;
  readonly factoryPath: string;
  readonly waitForEnd: boolean;
  readonly datasets: { readonly ids: readonly string[]; readonly unknown: string };
}

/** What the emulator runs instead of the script. */
export const loadTwin: RunbookTwin = {
  name: "runbooks/Start-QuantemplateLoad.ps1",
  script: path.join(__dirname, "../../runbooks/Start-QuantemplateLoad.ps1"),
  run: runTwin,
};

/**
 * `runbooks/Start-QuantemplateLoad.ps1` in TypeScript, for machines without PowerShell: the same steps, the same requests, the same
 * messages. `runbooks/cases.json` holds both to that. The message for a connection that does not answer is Node's.
 * @throws Error with the script's message if the job must fail.
 */
export async function runTwin(execution: Execution, pace: LocalPace): Promise<void> {
  const { parameters, sandbox, signal } = execution;
  const write = (text: string) => execution.write("Output", text);
  const given = bindParameters(parameters, pace);
  const { pipelineName } = given;
  const clock = twinClock(pace, given.deadlineMinutes, signal);
  const datasetId = readEvent(given.webhookData, write);
  if (datasetId === undefined) return;
  const settings = await readSettings(sandbox, given.variablesPrefix, (attempt) =>
    pauseBefore(given, clock, attempt),
  );

  const { datasets, factoryName } = settings;
  if (!datasets.ids.includes(datasetId)) {
    if (datasets.unknown === "ignore") {
      write(`Dataset ${datasetId} is not configured, and unknown datasets are ignored. Nothing to do.`);
      return;
    }
    write(`Dataset ${datasetId} is not configured: it lands in a table without a key.`);
  }

  const client = createTwinClient({ ...settings, given, sandbox, clock, signal });
  const queued = await findQueued(client, pipelineName, datasetId, clock.now());
  if (queued !== undefined) {
    write(
      `Run ${queued} of dataset ${datasetId} is still queued and will fetch this update. Nothing to start.`,
    );
    return;
  }
  const path = `pipelines/${pipelineName}/createRun`;
  const runId = textMember(await client.dataFactory("POST", path, { DatasetID: datasetId }), "runId");
  if (runId === "")
    throw new Error(`Data Factory '${factoryName}' gave no run id for pipeline ${pipelineName}.`);
  write(`Started ${pipelineName} for dataset ${datasetId}: run ${runId}`);
  if (!settings.waitForEnd) return;

  const started = clock.now();
  let pause = given.firstPollSeconds;
  let lastStatus = "";
  for (;;) {
    const run = await client.dataFactory(
      "GET",
      `pipelineruns/${encodeURIComponent(runId)}`,
      undefined,
      [404],
    );
    const status = textMember(run, "status");
    if (status !== lastStatus) write(`Run ${runId}: ${status}`);
    lastStatus = status;
    if (!["", "Queued", "InProgress", "Canceling"].includes(status)) {
      if (status === "Succeeded") break;
      throw new Error(
        `${pipelineName} ended ${status} for dataset ${datasetId} (run ${runId}): ${oneLine(textMember(run, "message"))}`,
      );
    }
    if (clock.timeIsUp()) {
      throw new Error(
        `Run ${runId} of dataset ${datasetId} is still ${status} after ${given.deadlineMinutes} minutes. It goes on in Data Factory; look at it there.`,
      );
    }
    await clock.pause(pause);
    pause = Math.min(pause * 1.5, given.longestPollSeconds);
  }
  write(`Dataset ${datasetId} loaded in ${Math.round((clock.now() - started) / 100) / 10} s.`);
}

/** The script's part "The event": the id of its dataset; undefined if there is nothing to do. */
function readEvent(given: unknown, output: (text: string) => void): string | undefined {
  if (given === undefined || given === null || given === "") {
    output("Not started by a webhook. Nothing to do.");
    return undefined;
  }
  if (Array.isArray(given)) throw new Error("Rejected: the webhook data is not a JSON object.");
  const webhookData = typeof given === "string" ? parseJsonObject(given, "the webhook data") : given;
  const raw = member(webhookData, "RequestBody");
  const body = typeof raw === "string" ? parseJsonObject(raw, "the request body") : raw;
  if (!isJsonObject(body)) throw new Error("Rejected: the request body is not a JSON object.");
  const payload = member(body, "payload");
  const names = [textMember(body, "name"), textMember(body, "eventName"), textMember(payload, "eventName")];
  const eventName = names.find((name) => name !== "");
  if (eventName === undefined)
    throw new Error("Rejected: the event has no name (name, eventName or payload.eventName).");
  if (!sameInAnyCase(eventName, "DatasetUpdated")) {
    output(
      `Not supported event: ${eventName.slice(0, 60).replace(/[^A-Za-z0-9 ._-]/g, "?")}. Nothing to do.`,
    );
    return undefined;
  }
  const datasetId = textMember(payload, "datasetId");
  if (!DATASET_ID.test(datasetId)) {
    throw new Error(
      'Rejected: payload.datasetId is missing or is not an id (letters, digits, ".", "_" and "-", at most 200, the first one a letter or digit).',
    );
  }
  return datasetId;
}

/** The script's part "The settings". */
async function readSettings(
  { variables }: Sandbox,
  prefix: string,
  pause: (attempt: number) => Promise<void>,
): Promise<Settings> {
  const restore = ". Deploy the stack again to restore it.";
  const setting = async (own: string, allowEmpty = false): Promise<string> => {
    const name = prefix + own;
    const value = await readAsset(`Automation variable '${name}'`, restore, variables, name, pause);
    const text = trimmed(String(value ?? ""));
    if (!allowEmpty && text === "") throw new Error(`Automation variable '${name}' is empty${restore}`);
    return text;
  };
  const credentialName = await setting("ADF-CredentialName", true);
  const tenantId = await setting("ADF-TenantID");
  const factoryName = await setting("ADF-DataFactoryName");
  const [subscription, group, factory] = [
    await setting("ADF-SubscriptionID"),
    await setting("ADF-ResourceGroupName"),
    factoryName,
  ].map(encodeURIComponent);
  const waitForEnd = (await setting("QT-WaitForEnd")).toLowerCase();
  if (waitForEnd !== "true" && waitForEnd !== "false") {
    throw new Error(
      `Automation variable '${prefix}QT-WaitForEnd' is neither true nor false. Deploy the stack again to restore it.`,
    );
  }
  return {
    credentialName,
    tenantId,
    factoryName,
    factoryPath: `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.DataFactory/factories/${factory}`,
    waitForEnd: waitForEnd === "true",
    datasets: readDatasets(await setting("QT-Datasets"), prefix),
  };
}

/** .NET's Trim(), which does not count U+FEFF as white space but counts U+0085. */
function trimmed(text: string): string {
  return text.replace(/^(?:[^\S\ufeff]|\u0085)+|(?:[^\S\ufeff]|\u0085)+$/g, "");
}

function readDatasets(text: string, prefix: string): Settings["datasets"] {
  try {
    const datasets = parseJsonObject(text, "QT-Datasets");
    const [ids, unknown] = [member(datasets, "ids"), textMember(datasets, "unknown")];
    if (isTexts(ids) && (unknown === "ignore" || unknown === "land")) return { ids, unknown };
  } catch {
    // Not valid: the error below.
  }
  throw new Error(
    `Automation variable '${prefix}QT-Datasets' is not JSON of the form {"ids":[...],"unknown":"ignore"|"land"}. Deploy the stack again to restore it.`,
  );
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}

/** Id of a run of the dataset that still waits because of the pipeline's concurrency limit. */
async function findQueued(
  client: TwinClient,
  pipelineName: string,
  datasetId: string,
  now: number,
): Promise<string | undefined> {
  const query: Record<string, unknown> = {
    lastUpdatedAfter: new Date(now - 86_400_000).toISOString(),
    lastUpdatedBefore: new Date(now + 300_000).toISOString(),
    filters: [
      { operand: "PipelineName", operator: "Equals", values: [pipelineName] },
      { operand: "Status", operator: "Equals", values: ["Queued"] },
    ],
  };
  const pages = new Set<string>();
  for (;;) {
    const page = await client.dataFactory("POST", "queryPipelineRuns", query);
    const runs = member(page, "value");
    const queued = (Array.isArray(runs) ? runs : []).find(
      (run) => textMember(member(run, "parameters"), "DatasetID") === datasetId,
    );
    if (queued !== undefined) return textMember(queued, "runId");
    const token = textMember(page, "continuationToken");
    if (token === "" || pages.has(token)) return undefined;
    pages.add(token);
    query.continuationToken = token;
  }
}

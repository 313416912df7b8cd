import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { isJsonObject, member, parseJsonObject } from "./json-object";
import type { Execution, LocalPace } from "./runbook-executor";
import { createTwinClient, type TwinClient } from "./twin-client";

/** File of the script that this twin follows line by line. */
export const twinOf = "Start-QuantemplateLoad.ps1";

interface Event {
  readonly datasetId: string;
}

interface Settings {
  readonly credentialName: string;
  readonly tenantId: string;
  readonly factoryName: string;
  readonly factoryPath: string;
  readonly datasets: { readonly ids: readonly unknown[]; readonly unknown: string };
}

/**
 * `runbooks/Start-QuantemplateLoad.ps1` in TypeScript, for machines without PowerShell: the same steps, the same requests, the same
 * messages. `runbooks/cases.json` holds both to it.
 * @throws Error with the script's message where the job must fail.
 */
export async function runTwin(execution: Execution, pace: LocalPace): Promise<void> {
  const { parameters, sandbox, write, signal } = execution;
  const given = bindParameters(parameters);
  const event = readEvent(given.webhookData, (text) => write("Output", text));
  if (event === undefined) return;
  const { datasetId } = event;
  const settings = readSettings(execution);

  const { datasets, factoryName } = settings;
  if (!datasets.ids.includes(datasetId)) {
    if (datasets.unknown === "ignore") {
      write(
        "Output",
        `Dataset ${datasetId} is not configured, and unknown datasets are ignored. Nothing to do.`,
      );
      return;
    }
    write("Output", `Dataset ${datasetId} is not configured: it lands in a table without a key.`);
  }

  const client = createTwinClient({
    ...settings,
    pace,
    sandbox,
    signal,
    jobId: sandbox.jobId || randomUUID(),
  });
  const queued = await findQueued(client, given.pipelineName, datasetId);
  if (queued !== undefined) {
    write(
      "Output",
      `Run ${queued} of dataset ${datasetId} is still queued and will fetch this update. Nothing to start.`,
    );
    return;
  }
  const started = await client.dataFactory("POST", `pipelines/${given.pipelineName}/createRun`, {
    DatasetID: datasetId,
  });
  const runId = member(started, "runId");
  if (!runId)
    throw new Error(`Data Factory '${factoryName}' gave no run id for pipeline ${given.pipelineName}.`);
  write("Output", `Started ${given.pipelineName} for dataset ${datasetId}: run ${runId}`);

  const clock = Date.now();
  let pause = pace.firstPollSeconds;
  let lastStatus: unknown = "";
  for (;;) {
    const run = await client.dataFactory("GET", `pipelineruns/${runId}`, undefined, [404]);
    const status = member(run, "status");
    if (status !== lastStatus) write("Output", `Run ${runId}: ${status}`);
    lastStatus = status;
    if (status && !["Queued", "InProgress", "Canceling"].includes(String(status))) {
      if (status !== "Succeeded") {
        throw new Error(
          `${given.pipelineName} ended ${status} for dataset ${datasetId} (run ${runId}): ${member(run, "message") ?? ""}`,
        );
      }
      break;
    }
    if (Date.now() - clock >= given.deadlineMinutes * 60_000) {
      throw new Error(
        `Run ${runId} of dataset ${datasetId} is still ${status} after ${given.deadlineMinutes} minutes. It goes on in Data Factory; look at it there.`,
      );
    }
    await sleep(pause * 1000, undefined, { signal });
    pause = Math.min(pause * 1.5, pace.longestPollSeconds);
  }
  write("Output", `Dataset ${datasetId} loaded in ${Math.round((Date.now() - clock) / 100) / 10} s.`);
}

/** The script's param block. */
function bindParameters(parameters: Readonly<Record<string, unknown>>) {
  const bound = {
    webhookdata: undefined as unknown,
    pipelinename: "QT_fetch_data" as unknown,
    deadlineminutes: 150 as unknown,
  };
  for (const [name, value] of Object.entries(parameters)) {
    const key = name.toLowerCase();
    if (!(key in bound))
      throw new Error(`A parameter cannot be found that matches parameter name '${name}'.`);
    bound[key as keyof typeof bound] = value;
  }
  return {
    webhookData: bound.webhookdata,
    pipelineName: String(bound.pipelinename),
    deadlineMinutes: Number(bound.deadlineminutes),
  };
}

/** The part "The event" of the script; undefined where there is nothing to do. */
function readEvent(given: unknown, output: (text: string) => void): Event | undefined {
  if (!given) {
    output("Not started by a webhook. Nothing to do.");
    return undefined;
  }
  const webhookData = typeof given === "string" ? parseJsonObject(given, "the webhook data") : given;
  const raw = member(webhookData, "RequestBody");
  const body = typeof raw === "string" ? parseJsonObject(raw, "the request body") : raw;
  if (!isJsonObject(body)) throw new Error("Rejected: the request body is not a JSON object.");
  const payload = member(body, "payload");
  const names = [member(body, "name"), member(body, "eventName"), member(payload, "eventName")];
  const eventName = names.find((name) => typeof name === "string" && name !== "") as string | undefined;
  if (eventName === undefined)
    throw new Error("Rejected: the event has no name (name, eventName or payload.eventName).");
  if (eventName.toLowerCase() !== "datasetupdated") {
    output(
      `Not supported event: ${eventName.slice(0, 60).replace(/[^A-Za-z0-9 ._-]/g, "?")}. Nothing to do.`,
    );
    return undefined;
  }
  const datasetId = member(payload, "datasetId");
  if (typeof datasetId !== "string" || !/^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/.test(datasetId)) {
    throw new Error(
      'Rejected: payload.datasetId is missing or is not an id (letters, digits, ".", "_" and "-", at most 200, the first one a letter or digit).',
    );
  }
  return { datasetId };
}

/** The part "The settings" of the script. */
function readSettings({ sandbox }: Execution): Settings {
  const setting = (name: string, allowEmpty = false): string => {
    const key = name.toLowerCase();
    if (!sandbox.variables.has(key)) {
      throw new Error(`Automation variable '${name}' is missing. Deploy the stack again to restore it.`);
    }
    const text = String(sandbox.variables.get(key) ?? "").trim();
    if (!allowEmpty && text === "")
      throw new Error(`Automation variable '${name}' is empty. Deploy the stack again to restore it.`);
    return text;
  };
  const credentialName = setting("ADF-CredentialName", true);
  const tenantId = setting("ADF-TenantID");
  const factoryName = setting("ADF-DataFactoryName");
  const [subscription, group, factory] = [
    setting("ADF-SubscriptionID"),
    setting("ADF-ResourceGroupName"),
    factoryName,
  ].map(encodeURIComponent);
  return {
    credentialName,
    tenantId,
    factoryName,
    factoryPath: `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.DataFactory/factories/${factory}`,
    datasets: readDatasets(setting("QT-Datasets")),
  };
}

function readDatasets(text: string): Settings["datasets"] {
  let datasets: unknown;
  try {
    datasets = parseJsonObject(text, "QT-Datasets");
  } catch {
    datasets = undefined;
  }
  const [ids, unknown] = [member(datasets, "ids"), member(datasets, "unknown")];
  if (!Array.isArray(ids) || (unknown !== "ignore" && unknown !== "land")) {
    throw new Error(
      `Automation variable 'QT-Datasets' is not JSON of the form {"ids":[...],"unknown":"ignore"|"land"}. Deploy the stack again to restore it.`,
    );
  }
  return { ids, unknown };
}

/** Id of a run of the dataset that still waits behind the pipeline's concurrency. */
async function findQueued(client: TwinClient, pipelineName: string, datasetId: string): Promise<unknown> {
  const now = Date.now();
  const query: Record<string, unknown> = {
    lastUpdatedAfter: new Date(now - 86_400_000).toISOString(),
    lastUpdatedBefore: new Date(now + 300_000).toISOString(),
    filters: [
      { operand: "PipelineName", operator: "Equals", values: [pipelineName] },
      { operand: "Status", operator: "Equals", values: ["Queued"] },
    ],
  };
  for (;;) {
    const page = await client.dataFactory("POST", "queryPipelineRuns", query);
    const runs = member(page, "value");
    const queued = (Array.isArray(runs) ? runs : []).find(
      (run) => member(member(run, "parameters"), "DatasetID") === datasetId,
    );
    if (queued !== undefined) return member(queued, "runId");
    query.continuationToken = member(page, "continuationToken");
    if (!query.continuationToken) return undefined;
  }
}

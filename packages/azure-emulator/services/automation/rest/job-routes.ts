import { randomUUID } from "node:crypto";
import {
  ArmError,
  type ArmRequest,
  type ArmRoute,
  type LocalContext,
} from "../../../control-plane/local-service";
import { badRequest, requireAccount } from "../resources/account-resources";
import type { RunbookContents } from "../resources/runbook-content";
import { accountIdOf } from "../resources/runbooks";
import { armJob, type JobRecord, type JobStreamRecord, jobOutput } from "../run/job";
import type { JobRunner } from "../run/job-runner";
import type { JobStore } from "../run/job-store";

const jobsPath = "/providers/Microsoft.Automation/automationAccounts/:account/jobs";
const jobPath = `${jobsPath}/:job`;
const read = "Microsoft.Automation/automationAccounts/jobs/read";
const plainText = { "content-type": "text/plain; charset=utf-8" };

/** Jobs of Automation's REST API: list, read, start, output and streams. */
export function jobRoutes(
  context: LocalContext,
  contents: RunbookContents,
  jobs: JobStore,
  runner: JobRunner,
): ArmRoute[] {
  const requireJob = (request: ArmRequest): JobRecord => {
    const account = requireAccount(context, accountIdOf(request));
    const job = jobs.find(account.id, request.params.job ?? "");
    if (job === undefined) throw new ArmError(404, "NotFound", `Job '${request.params.job}' was not found.`);
    return job;
  };
  return [
    {
      method: "GET",
      path: jobsPath,
      action: read,
      options: ["$filter"],
      async handle(request) {
        const account = requireAccount(context, accountIdOf(request));
        const wanted = jobFilter(request.query.$filter);
        return { status: 200, body: { value: jobs.list(account.id).filter(wanted).map(armJob) } };
      },
    },
    {
      method: "GET",
      path: jobPath,
      action: read,
      handle: async (request) => ({ status: 200, body: armJob(requireJob(request)) }),
    },
    {
      method: "PUT",
      path: jobPath,
      action: "Microsoft.Automation/automationAccounts/jobs/write",
      async handle(request) {
        const account = requireAccount(context, accountIdOf(request));
        const name = request.params.job ?? "";
        if (jobs.find(account.id, name) !== undefined)
          throw new ArmError(409, "Conflict", `Job '${name}' exists already.`);
        const { runbook, parameters } = jobProperties(request.body);
        const found = context.resources.get(`${account.id}/runbooks/${runbook}`);
        if (found === undefined || contents.get(found.id, "published") === undefined) {
          throw new ArmError(
            404,
            "NotFound",
            `Runbook '${runbook}' was not found, or has no published content.`,
          );
        }
        const startedBy = request.principal.displayName;
        const job = runner.create({
          jobId: randomUUID(),
          name,
          account,
          runbookName: found.name,
          startedBy,
          parameters,
        });
        return { status: 201, body: armJob(job) };
      },
    },
    {
      method: "GET",
      path: `${jobPath}/output`,
      action: "Microsoft.Automation/automationAccounts/jobs/output/read",
      handle: async (request) => ({ status: 200, body: jobOutput(requireJob(request)), headers: plainText }),
    },
    {
      method: "GET",
      path: `${jobPath}/streams`,
      action: "Microsoft.Automation/automationAccounts/jobs/streams/read",
      async handle(request) {
        const job = requireJob(request);
        return {
          status: 200,
          body: { value: job.streams.map((stream, index) => armStream(job, stream, index)) },
        };
      },
    },
    {
      method: "GET",
      path: `${jobPath}/streams/:stream`,
      action: "Microsoft.Automation/automationAccounts/jobs/streams/read",
      async handle(request) {
        const job = requireJob(request);
        const index = job.streams.findIndex((_, i) => streamId(job, i) === request.params.stream);
        const stream = job.streams[index];
        if (stream === undefined)
          throw new ArmError(404, "NotFound", `Stream '${request.params.stream}' was not found.`);
        return { status: 200, body: armStream(job, stream, index) };
      },
    },
  ];
}

function armStream(job: JobRecord, stream: JobStreamRecord, index: number): Record<string, unknown> {
  const jobStreamId = streamId(job, index);
  return {
    id: `${job.accountId}/jobs/${job.name}/streams/${jobStreamId}`,
    properties: {
      jobStreamId,
      time: stream.time,
      streamType: stream.type,
      streamText: stream.text,
      summary: stream.text.slice(0, 200),
      value: { value: stream.text },
    },
  };
}

function streamId(job: JobRecord, index: number): string {
  return `${job.jobId}_${String(index).padStart(20, "0")}`;
}

function jobProperties(body: unknown): { runbook: string; parameters: Record<string, string> } {
  const { properties } = (body ?? {}) as {
    properties?: { runbook?: { name?: unknown }; parameters?: unknown; runOn?: unknown };
  };
  const runbook = properties?.runbook?.name;
  if (typeof runbook !== "string" || runbook === "") throw badRequest("A job needs properties.runbook.name.");
  if (properties?.runOn)
    throw badRequest("Hybrid worker groups (properties.runOn) are not supported by the emulator.");
  const parameters = Object.entries(properties?.parameters ?? {});
  if (parameters.some(([, value]) => typeof value !== "string"))
    throw badRequest("Parameters of a job must be strings (JSON text for objects).");
  return { runbook, parameters: Object.fromEntries(parameters) as Record<string, string> };
}

/** `properties/status eq 'Running'`, `properties/runbook/name eq 'x'`, or both with `and`. */
function jobFilter(filter: string | undefined): (job: JobRecord) => boolean {
  if (!filter) return () => true;
  const terms = filter.split(/ and /i).map((term) => {
    const [, field, value] = /^\s*properties\/(status|runbook\/name)\s+eq\s+'([^']*)'\s*$/i.exec(term) ?? [];
    if (field === undefined || value === undefined)
      throw badRequest(`The emulator does not understand the filter '${term.trim()}'.`);
    const of = (job: JobRecord) => (field.toLowerCase() === "status" ? job.status : job.runbookName);
    return (job: JobRecord) => of(job).toLowerCase() === value.toLowerCase();
  });
  return (job) => terms.every((term) => term(job));
}

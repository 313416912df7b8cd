import { randomUUID } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { ArmError, type LocalContext } from "../../../control-plane/local-service";
import { type ArmResource, parentId } from "../../../control-plane/resource";
import type { RunbookContents } from "../resources/runbook-content";
import type { WebhookTokens } from "../resources/webhook-tokens";
import type { JobRunner } from "../run/job-runner";

/** The largest body, in bytes: Automation limits a webhook's payload to 512 KB. */
export const webhookBodyLimit = 512 * 1024;

interface Dependencies {
  readonly context: LocalContext;
  readonly contents: RunbookContents;
  readonly tokens: WebhookTokens;
  readonly runner: JobRunner;
}

/** The reason that a call starts no job. Documented: 400 not accepted (expired, disabled, bad token), 404 webhook, runbook or account missing. */
interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/**
 * `POST /webhooks?token=…`: 202 `{"JobIds":[…]}` once the job is on disk. Azure does not document its answer to a body over the limit;
 * here it is 400, the documented answer to requests that are not accepted.
 */
export function webhookRoutes(app: FastifyInstance, dependencies: Dependencies): void {
  const { context, runner } = dependencies;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
  app.post<{ Querystring: { token?: string } }>("/webhooks", async (request, reply) => {
    const body = await readBody(request);
    const refuse = ({ status, code, message }: Refusal) => {
      const step = { id: randomUUID(), hop: "automation", name: "webhook", status: "failed" } as const;
      context.flow.append({ ...step, error: `${status}: ${message}` });
      return reply.code(status).send({ code, message });
    };
    const target = findTarget(dependencies, request.query.token, body);
    if ("status" in target) return refuse(target);
    const { webhook, account, runbook, text } = target;
    const parameters = {
      ...(webhook.properties.parameters as Record<string, string> | undefined),
      WebhookData: JSON.stringify({
        WebhookName: webhook.name,
        RequestBody: text,
        RequestHeader: headersOf(request),
      }),
    };
    const jobId = randomUUID();
    const parentStep = `webhook-${jobId}`;
    try {
      runner.create({
        jobId,
        name: jobId,
        account,
        runbookName: runbook.name,
        startedBy: `Webhook: ${webhook.name}`,
        parameters,
        parentStep,
      });
    } catch (error) {
      if (error instanceof ArmError) return refuse(error);
      throw error;
    }
    const event = eventIdOf(text);
    const resourceGroup = account.id.split("/")[4];
    context.flow.append({
      id: parentStep,
      hop: "automation",
      name: "webhook",
      status: "succeeded",
      ...(event === undefined ? {} : { parent: event }),
      ...(resourceGroup === undefined ? {} : { resourceGroup }),
      detail: { webhook: webhook.name, bytes: Buffer.byteLength(text), job: jobId },
    });
    return reply.code(202).send({ JobIds: [jobId] });
  });
}

interface Target {
  readonly webhook: ArmResource;
  readonly account: ArmResource;
  readonly runbook: ArmResource;
  readonly text: string;
}

function findTarget(
  { context, contents, tokens }: Dependencies,
  token: string | undefined,
  text: string | undefined,
): Target | Refusal {
  const found = token === undefined ? undefined : tokens.find(token);
  if (found === undefined) return notAccepted("The webhook token is missing or invalid.");
  const webhook =
    found.webhookId === undefined || found.retired ? undefined : context.resources.get(found.webhookId);
  if (webhook === undefined) return notFound("The webhook was not found.");
  const account = context.resources.get(parentId(webhook.id));
  if (account === undefined) return notFound("The Automation account was not found.");
  if (account.properties.disableLocalAuth === true || account.properties.publicNetworkAccess === false) {
    const message =
      "The Automation account allows no webhooks (disableLocalAuth is on, or publicNetworkAccess off).";
    return { status: 403, code: "Forbidden", message };
  }
  if (webhook.properties.isEnabled === false) return notAccepted("The webhook is disabled.");
  if (Date.parse(String(webhook.properties.expiryTime)) <= Date.now())
    return notAccepted("The webhook has expired.");
  const { name } = webhook.properties.runbook as { name: string };
  const runbook = context.resources.get(`${account.id}/runbooks/${name}`);
  if (runbook === undefined || contents.get(runbook.id, "published") === undefined) {
    return notFound(`Runbook '${name}' was not found, or has no published content.`);
  }
  if (text === undefined) return notAccepted(`The request body is larger than ${webhookBodyLimit} bytes.`);
  return { webhook, account, runbook, text };
}

const notAccepted = (message: string): Refusal => ({ status: 400, code: "BadRequest", message });
const notFound = (message: string): Refusal => ({ status: 404, code: "NotFound", message });

/** The text of the body; undefined if it is too large (the rest is read and dropped, so that the client gets its answer). */
async function readBody(request: FastifyRequest): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of (request.body ?? []) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= webhookBodyLimit) chunks.push(chunk);
  }
  return bytes > webhookBodyLimit ? undefined : Buffer.concat(chunks).toString("utf8");
}

function headersOf(request: FastifyRequest): Record<string, string> {
  return Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
}

/** The event's id, so that the flow shows what caused the job; undefined if the body has no id that is safe to show. */
function eventIdOf(body: string): string | undefined {
  try {
    const { id } = JSON.parse(body) as { id?: unknown };
    return typeof id === "string" && /^[\w-]{1,64}$/.test(id) ? id : undefined;
  } catch {
    return undefined;
  }
}

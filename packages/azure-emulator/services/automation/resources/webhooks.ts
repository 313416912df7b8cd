import {
  ArmError,
  type ArmRoute,
  type LocalContext,
  type PutRequest,
  type ResourceType,
} from "../../../control-plane/local-service";
import { parentId } from "../../../control-plane/resource";
import { armRules, refusal } from "../../../control-plane/rules/azure-rule";
import { badRequest, requireAccount } from "./account-resources";
import type { RunbookContents } from "./runbook-content";
import { accountIdOf } from "./runbooks";
import { tokenOfUri, type WebhookTokens } from "./webhook-tokens";

const yearMs = 365 * 86_400_000;
const LONGEST_YEARS = 10;

export const webhookRules = armRules("Automation: webhooks", {
  expiry: {
    what: "A webhook expires after at most 10 years.",
    source: "https://learn.microsoft.com/azure/automation/automation-webhooks#create-a-webhook",
    answer: { status: 400, code: "BadRequest" },
    test: [
      "services/automation/automation-limits.itest.ts",
      "refuses a webhook that lasts longer than ten years",
    ],
  },
});

/**
 * `webhooks`: created with a URI that generateUri made; the API changes neither URI nor expiry, and a GET shows `""` for the URI
 * (learn.microsoft.com/azure/automation/automation-webhooks; Azure/azure-powershell#14024, #7688, #10661).
 */
export function webhookResource(
  context: LocalContext,
  contents: RunbookContents,
  tokens: WebhookTokens,
): ResourceType {
  return {
    type: "Microsoft.Automation/automationAccounts/webhooks",
    async put(request) {
      const properties = request.body.properties ?? {};
      requirePublished(context, contents, parentId(request.id), properties.runbook, request.name);
      const expiryTime = checkedExpiry(request);
      const token = checkedToken(request, tokens);
      const now = new Date().toISOString();
      if (token !== undefined) tokens.bind(token, request.id);
      return {
        properties: {
          uri: "",
          isEnabled: properties.isEnabled ?? request.existing?.properties.isEnabled ?? true,
          expiryTime,
          creationTime: request.existing?.properties.creationTime ?? now,
          lastModifiedTime: now,
          lastInvokedTime: request.existing?.properties.lastInvokedTime ?? null,
        },
      };
    },
    async delete(resource) {
      tokens.retire(resource.id);
    },
  };
}

/** `POST webhooks/generateUri`: a JSON string; plain text for clients that accept text/plain and return the body as it is. */
export function generateUriRoute(context: LocalContext, tokens: WebhookTokens): ArmRoute {
  return {
    method: "POST",
    path: "/providers/Microsoft.Automation/automationAccounts/:account/webhooks/generateUri",
    action: "Microsoft.Automation/automationAccounts/webhooks/generateUri/action",
    async handle(request) {
      const account = requireAccount(context, accountIdOf(request));
      const uri = `${context.httpsUrl}/webhooks?token=${tokens.mint(account.id)}`;
      if (String(request.headers.accept ?? "").startsWith("text/plain")) {
        return { status: 200, body: uri, headers: { "content-type": "text/plain; charset=utf-8" } };
      }
      return {
        status: 200,
        body: JSON.stringify(uri),
        headers: { "content-type": "application/json; charset=utf-8" },
      };
    },
  };
}

function requirePublished(
  context: LocalContext,
  contents: RunbookContents,
  accountId: string,
  runbook: unknown,
  webhook: string,
): void {
  const name =
    typeof runbook === "object" && runbook !== null && "name" in runbook ? String(runbook.name) : "";
  if (name === "") throw badRequest(`Webhook '${webhook}' needs properties.runbook.name.`);
  const found = context.resources.get(`${accountId}/runbooks/${name}`);
  if (found === undefined)
    throw new ArmError(404, "NotFound", `Webhook '${webhook}': runbook '${name}' was not found.`);
  if (contents.get(found.id, "published") === undefined) {
    throw badRequest(`Webhook '${webhook}': runbook '${name}' is not published; publish its content first.`);
  }
}

function checkedExpiry({ name, body, existing }: PutRequest): string {
  const wanted = body.properties?.expiryTime;
  const kept = existing?.properties.expiryTime;
  if (wanted === undefined || wanted === null)
    return typeof kept === "string" ? kept : new Date(Date.now() + yearMs).toISOString();
  const time = Date.parse(String(wanted));
  if (Number.isNaN(time))
    throw badRequest(`Webhook '${name}': expiryTime '${String(wanted)}' is not a date and time.`);
  if (typeof kept === "string" && Date.parse(kept) !== time) {
    throw badRequest(
      `Webhook '${name}': expiryTime cannot be changed; create a new webhook beside this one.`,
    );
  }
  if (typeof kept === "string") return kept;
  const latest = new Date();
  latest.setUTCFullYear(latest.getUTCFullYear() + LONGEST_YEARS);
  if (time > latest.getTime())
    throw refusal(
      webhookRules.rules.expiry,
      `Webhook '${name}': expiryTime '${String(wanted)}' is more than ${LONGEST_YEARS} years away.`,
    );
  return String(wanted);
}

/** The token to bind; undefined if the webhook keeps its token. */
function checkedToken({ id, name, body, existing }: PutRequest, tokens: WebhookTokens): string | undefined {
  const uri = body.properties?.uri;
  if (uri === undefined || uri === null || uri === "") {
    if (existing !== undefined) return undefined;
    throw badRequest(`Webhook '${name}' needs properties.uri from POST webhooks/generateUri.`);
  }
  const token = tokenOfUri(String(uri));
  const found = token === undefined ? undefined : tokens.find(token);
  if (token === undefined || found === undefined || found.accountId !== parentId(id).toLowerCase()) {
    throw badRequest(`Webhook '${name}': the uri was not made by generateUri of this account.`);
  }
  if (found.webhookId === id.toLowerCase() && found.retired !== true) return undefined;
  if (existing !== undefined) {
    throw badRequest(`Webhook '${name}': uri cannot be changed; create a new webhook beside this one.`);
  }
  if (found.webhookId !== undefined) {
    throw badRequest(`Webhook '${name}': the uri belongs to another webhook, or to one that was deleted.`);
  }
  return token;
}

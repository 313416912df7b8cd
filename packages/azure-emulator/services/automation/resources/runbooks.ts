import {
  ArmError,
  type ArmReply,
  type ArmRequest,
  type ArmRoute,
  type LocalContext,
  type ResourceType,
} from "../../../control-plane/local-service";
import type { ArmResource } from "../../../control-plane/resource";
import { badRequest, requireAccount } from "./account-resources";
import type { RunbookContents } from "./runbook-content";

const accountPath = "/providers/Microsoft.Automation/automationAccounts/:account";
const runbookPath = `${accountPath}/runbooks/:runbook`;
const powerShellText = { "content-type": "text/powershell; charset=utf-8" };

/** Runbook types whose content is a PowerShell script. */
const scriptTypes = ["PowerShell", "PowerShell72", "Script"];

/** `runbooks`: the resource has no content; draft and publish add it. */
export function runbookResource(contents: RunbookContents): ResourceType {
  return {
    type: "Microsoft.Automation/automationAccounts/runbooks",
    async put({ name, body, existing }) {
      const type = body.properties?.runbookType;
      if (!scriptTypes.includes(String(type))) {
        throw badRequest(
          `Runbook '${name}': the emulator runs ${scriptTypes.join(", ")}, not '${String(type)}'.`,
        );
      }
      if (body.properties?.publishContentLink !== undefined) {
        throw badRequest(
          `Runbook '${name}': publishContentLink is not supported here; PUT draft/content and POST publish.`,
        );
      }
      const now = new Date().toISOString();
      return {
        properties: {
          state: existing?.properties.state ?? "New",
          creationTime: existing?.properties.creationTime ?? now,
          lastModifiedTime: now,
          provisioningState: "Succeeded",
        },
      };
    },
    async delete(resource) {
      contents.remove(resource.id);
    },
  };
}

/** The content of runbooks: `draft/content`, `publish` and `content`, as in Automation's REST API. */
export function runbookRoutes(context: LocalContext, contents: RunbookContents): ArmRoute[] {
  const setState = async (runbook: ArmResource, state: string) => {
    const properties = { ...runbook.properties, state, lastModifiedTime: new Date().toISOString() };
    await context.resources.set({ ...runbook, properties });
  };
  const read =
    (version: "draft" | "published") =>
    async (request: ArmRequest): Promise<ArmReply> => {
      const runbook = requireRunbook(context, request);
      const content = contents.get(runbook.id, version);
      if (content === undefined)
        throw new ArmError(404, "NotFound", `Runbook '${runbook.name}' has no ${version} content.`);
      return { status: 200, body: content, headers: powerShellText };
    };
  return [
    {
      method: "PUT",
      path: `${runbookPath}/draft/content`,
      action: "Microsoft.Automation/automationAccounts/runbooks/draft/content/write",
      async handle(request) {
        const runbook = requireRunbook(context, request);
        const content = textOf(request.body);
        if (content === undefined) throw badRequest("The body must be the runbook's text (text/powershell).");
        contents.setDraft(runbook.id, content);
        await setState(runbook, runbook.properties.state === "New" ? "New" : "Edit");
        return accepted(context, request);
      },
    },
    {
      method: "GET",
      path: `${runbookPath}/draft/content`,
      action: "Microsoft.Automation/automationAccounts/runbooks/draft/content/read",
      handle: read("draft"),
    },
    {
      method: "GET",
      path: `${runbookPath}/content`,
      action: "Microsoft.Automation/automationAccounts/runbooks/content/read",
      handle: read("published"),
    },
    {
      method: "POST",
      path: `${runbookPath}/publish`,
      action: "Microsoft.Automation/automationAccounts/runbooks/publish/action",
      async handle(request) {
        const runbook = requireRunbook(context, request);
        if (!contents.publish(runbook.id)) {
          throw badRequest(`Runbook '${runbook.name}' has no draft to publish; PUT draft/content first.`);
        }
        await setState(runbook, "Published");
        return accepted(context, request);
      },
    },
    {
      // An operation is complete before its 202 is sent, so every poll reports success.
      method: "GET",
      path: `${accountPath}/operationResults/:operation`,
      action: "Microsoft.Automation/automationAccounts/read",
      handle: async () => ({ status: 200 }),
    },
  ];
}

/** The runbook that the path names. @throws ArmError 404. */
function requireRunbook(context: LocalContext, request: ArmRequest): ArmResource {
  const account = requireAccount(context, accountIdOf(request));
  const runbook = context.resources.get(`${account.id}/runbooks/${request.params.runbook}`);
  if (runbook === undefined)
    throw new ArmError(404, "NotFound", `Runbook '${request.params.runbook}' was not found.`);
  return runbook;
}

/** Id of the account that an ARM path names. */
export function accountIdOf(request: ArmRequest): string {
  return `${request.resourceGroupId}/providers/Microsoft.Automation/automationAccounts/${request.params.account}`;
}

/** The 202 of Azure's long-running operations, with the address of the result; the operation is already complete. */
function accepted(context: LocalContext, request: ArmRequest): ArmReply {
  const location = `${context.httpsUrl}${accountIdOf(request)}/operationResults/done?api-version=2015-10-31`;
  return { status: 202, headers: { location, "retry-after": "0" } };
}

function textOf(body: unknown): string | undefined {
  if (typeof body === "string") return body;
  return body instanceof Uint8Array ? Buffer.from(body).toString("utf8") : undefined;
}

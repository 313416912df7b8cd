import { QtError } from "../../errors/qt-error";
import { reasonOf } from "../../packages/kit/reason-of";
import type { AzureSession } from "./azure-session";

/**
 * Why an upload fails and may succeed later. `role`: the app's identity may not use its storage yet. `busy`: the endpoint starts, or
 * another deployment is under way. `refused`: 401 or 403 from the endpoint itself.
 */
export type Passing = "role" | "busy" | "refused";

/** An upload that was not accepted, or a deployment that failed. */
export class UploadError extends QtError<"QT1206"> {
  constructor(
    /** Undefined: another attempt would fail alike. */
    readonly passing: Passing | undefined,
    details: { readonly url: string; readonly status: number; readonly reason: string },
  ) {
    super("QT1206", details);
  }
}

const POLL_MS = 2000;
/** A quarter of an hour. */
const MAX_POLLS = 450;
/** So many 404s in a row, and the deployment is asked for as the latest one. */
const MAX_UNKNOWN = 2;

/** Kudu's numbers: -1 cancelled, 3 failed, 4 success, 5 conflict, 6 partial success; otherwise it is still running. */
interface Deployment {
  readonly id?: string;
  readonly status?: number;
  readonly status_text?: string;
  readonly message?: string;
}
const SUCCESS = 4;
const ENDED = [-1, 3, SUCCESS, 5, 6];
/** Another deployment took its place. */
const REPLACED = [-1, 5];

/**
 * Uploads the package once and waits for the end of its deployment.
 * @throws UploadError, or what `fetch` throws if the connection fails
 */
export async function deployPackage(scm: string, zip: Uint8Array, azure: AzureSession): Promise<void> {
  const before = await latestDeployment(scm, azure);
  const url = `${scm}/api/publish?type=zip`;
  const headers = { "content-type": "application/zip" };
  const accepted = await send(azure, url, { method: "POST", headers, body: Buffer.from(zip) });
  if (!accepted.ok) throw await refusalOf(url, accepted);
  if (accepted.status !== 202) return;
  const id = (await accepted.text()).trim().replace(/^"|"$/g, "");
  await followDeployment(scm, id, before, azure);
}

/**
 * Id of the site's last deployment; undefined if there is none, or if the endpoint does not say.
 * @throws UploadError if it may say later
 */
export async function latestDeployment(scm: string, azure: AzureSession): Promise<string | undefined> {
  const url = `${scm}/api/deployments/latest`;
  const response = await send(azure, url);
  if (response.ok) return (await deploymentOf(response).catch((): Deployment => ({}))).id;
  if (response.status === 404) return undefined;
  const refusal = await refusalOf(url, response);
  if (refusal.passing !== undefined) throw refusal;
  return undefined;
}

/**
 * Polls a deployment until it ends.
 * @param before the latest deployment before this one: not the one that is waited for
 */
async function followDeployment(
  scm: string,
  id: string,
  before: string | undefined,
  azure: AzureSession,
): Promise<void> {
  let name = id === "" ? "latest" : encodeURIComponent(id);
  let unknown = 0;
  let last = "";
  for (let poll = 0; poll < MAX_POLLS; poll++) {
    const url = `${scm}/api/deployments/${name}`;
    try {
      const response = await send(azure, url);
      unknown = response.status === 404 ? unknown + 1 : 0;
      const found = response.ok ? await deploymentOf(response) : {};
      const own = name !== "latest" || found.id === undefined || found.id !== before;
      const deployment = own ? found : {};
      last = deployment.status_text || deployment.message || `status ${deployment.status ?? response.status}`;
      if (deployment.status === SUCCESS) return;
      if (ENDED.includes(deployment.status ?? 0)) throw await failureOf(url, deployment, azure);
    } catch (error) {
      // The endpoint restarts with the app; only its own verdict counts.
      if (error instanceof QtError) throw error;
      last = reasonOf(error);
    }
    // A deployment that failed early is not found by its id (docs/sources.md, "Functions on Flex Consumption").
    if (unknown >= MAX_UNKNOWN) name = "latest";
    await azure.pause(POLL_MS);
  }
  const url = `${scm}/api/deployments/${name}`;
  const reason = `it did not end within a quarter of an hour: ${last}`;
  throw new UploadError(undefined, { url, status: 202, reason });
}

/** What a deployment that ended without success and its log say. */
async function failureOf(url: string, deployment: Deployment, azure: AzureSession): Promise<UploadError> {
  const { status = 0, status_text, message } = deployment;
  const told = [status_text || message || `status ${status}`, ...(await logOf(url, azure))];
  const reason = [...new Set(told)].join("; ");
  const passing = REPLACED.includes(status) ? "busy" : isRoleUnderWay(reason) ? "role" : undefined;
  return new UploadError(passing, { url, status: 200, reason });
}

/** The last lines of a deployment's log; none if it cannot be read. */
async function logOf(url: string, azure: AzureSession): Promise<string[]> {
  try {
    const response = await send(azure, `${url}/log`);
    const lines: unknown = response.ok ? await response.json() : [];
    return (Array.isArray(lines) ? lines : [])
      .map(({ message }: { message?: unknown }) => String(message ?? "").slice(0, 300))
      .filter((line) => line !== "")
      .slice(-3);
  } catch {
    return [];
  }
}

/** The words of a deployment whose identity may not use its storage yet. */
function isRoleUnderWay(reason: string): boolean {
  return /InaccessibleStorage|AuthorizationPermissionMismatch|storage\b.*\b(?:403|forbidden)/is.test(reason);
}

async function refusalOf(url: string, response: Response): Promise<UploadError> {
  const { status } = response;
  const reason = (await response.text()).slice(0, 300);
  return new UploadError(isRoleUnderWay(reason) ? "role" : passingOf(status), { url, status, reason });
}

function passingOf(status: number): Passing | undefined {
  if (status === 401 || status === 403) return "refused";
  return status >= 500 || status === 404 || status === 409 ? "busy" : undefined;
}

async function send(azure: AzureSession, url: string, request: RequestInit = {}): Promise<Response> {
  const authorization = `Bearer ${await azure.armToken()}`;
  return fetch(url, { ...request, headers: { ...request.headers, authorization } });
}

async function deploymentOf(response: Response): Promise<Deployment> {
  return (await response.json()) as Deployment;
}

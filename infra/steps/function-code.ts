import { QtError } from "../../errors/qt-error";
import { reasonOf } from "../../packages/kit/reason-of";
import type { AzureSession } from "./azure-session";
import { retry } from "./retry";
import type { StepDefinition } from "./step-definition";

export interface FunctionCodeInputs {
  readonly siteId: string;
  /** Host of the site's deployment endpoint: its host name of type `Repository`. */
  readonly scmHost: string;
  /** Hash of the package: a change deploys it again. */
  readonly sha256: string;
}

const POLL_MS = 2000;
const MAX_POLLS = 150;

/**
 * Uploads the package to the site's publish endpoint with an Entra token, the only way on Flex Consumption that needs no key
 * (docs/sources.md, "Functions on Flex Consumption"). Nothing to remove: the code goes with the site.
 */
export const functionCode: StepDefinition<FunctionCodeInputs, { readonly sha256: string }> = {
  replaceOn: ["siteId"],
  async ensure({ scmHost, sha256 }, azure) {
    // Loaded only when it runs: a diff does not need the bundler.
    const { packageFunction } = require("../../functions/build") as typeof import("../../functions/build");
    const { zip } = await packageFunction();
    await uploadPackage(`https://${scmHost}`, zip, azure);
    return { result: { sha256 } };
  },
};

/**
 * Uploads until the app's identity may write its container: a new role takes up to half an hour, and until then a deployment that was
 * accepted fails (docs/sources.md, "Functions on Flex Consumption").
 * @throws QtError QT1206
 */
export async function uploadPackage(scm: string, zip: Uint8Array, azure: AzureSession): Promise<void> {
  await retry(() => deploy(scm, zip, azure), {
    attempts: 120,
    pauseMs: 15_000,
    pause: azure.pause,
    when: isRoleUnderWay,
  });
}

/** The words of a deployment whose identity may not use its storage yet. */
function isRoleUnderWay(error: unknown): boolean {
  return (
    error instanceof QtError &&
    /InaccessibleStorage|AuthorizationPermissionMismatch/.test(String(error.details.reason))
  );
}

async function deploy(scm: string, zip: Uint8Array, azure: AzureSession): Promise<void> {
  // A new site's deployment endpoint may not exist yet.
  const answer = await retry(() => publish(`${scm}/api/publish?type=zip`, zip, azure), {
    attempts: 20,
    pauseMs: 15_000,
    pause: azure.pause,
    when: (error) => !(error instanceof QtError) || mayPass(Number(error.details.status)),
  });
  if (answer.status === 202) await finished(scm, await answer.text(), azure);
}

function mayPass(status: number): boolean {
  return status >= 500 || status === 404 || status === 409;
}

async function publish(url: string, zip: Uint8Array, azure: AzureSession): Promise<Response> {
  const response = await fetch(url, {
    method: "POST",
    headers: { authorization: `Bearer ${await azure.armToken()}`, "content-type": "application/zip" },
    body: Buffer.from(zip),
  });
  if (response.ok) return response;
  throw new QtError("QT1206", {
    url,
    status: response.status,
    reason: (await response.text()).slice(0, 300),
  });
}

/** Kudu's numbers: 3 failed, 4 success, 5 conflict, 6 partial success; below 3 it is still running. */
interface Deployment {
  readonly status?: number;
  readonly status_text?: string;
  readonly message?: string;
}

async function finished(scm: string, answer: string, azure: AzureSession): Promise<void> {
  const id = answer.trim().replace(/^"|"$/g, "");
  const url = `${scm}/api/deployments/${encodeURIComponent(id || "latest")}`;
  let last: string | undefined;
  for (let poll = 0; poll < MAX_POLLS; poll++) {
    try {
      const response = await fetch(url, { headers: { authorization: `Bearer ${await azure.armToken()}` } });
      const deployment = response.ok ? ((await response.json()) as Deployment) : {};
      last = deployment.status_text || deployment.message || `status ${deployment.status ?? response.status}`;
      if (deployment.status === 4) return;
      if ((deployment.status ?? 0) >= 3)
        throw new QtError("QT1206", { url, status: response.status, reason: last });
    } catch (error) {
      // The endpoint restarts with the app; only its own verdict counts.
      if (error instanceof QtError) throw error;
      last = reasonOf(error);
    }
    await azure.pause(POLL_MS);
  }
  throw new QtError("QT1206", { url, status: 202, reason: `it did not end within five minutes: ${last}` });
}

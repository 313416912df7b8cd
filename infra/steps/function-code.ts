import { reasonOf } from "../../packages/kit/reason-of";
import { retry } from "../../packages/kit/retry";
import { type AzureSession, orAbsent } from "./azure-session";
import { deployPackage, latestDeployment, type Passing, UploadError } from "./function-upload";
import { NotSeen, type StepDefinition } from "./step-definition";

export interface FunctionCodeInputs {
  readonly siteId: string;
  /** Host of the site's deployment endpoint: its host name of type `Repository`. */
  readonly scmHost: string;
  /** Hash of the package: a change deploys it again. */
  readonly sha256: string;
}

interface FunctionCodeResult {
  readonly sha256: string;
  /** Id of the site's latest deployment after ours: Azure keeps no hash of the code, but another package is another deployment. */
  readonly deployment?: string;
}

/**
 * Uploads the package to the site's publish endpoint with an Entra token, the only way on Flex Consumption that needs no key
 * (docs/sources.md, "Functions on Flex Consumption"). Nothing to remove: the code goes with the site.
 */
export const functionCode: StepDefinition<FunctionCodeInputs, FunctionCodeResult> = {
  replaceOn: ["siteId"],
  async ensure({ scmHost, sha256 }, azure) {
    // Loaded only when it runs: a diff does not need the bundler.
    const { packageFunction } = require("../../functions/build") as typeof import("../../functions/build");
    const { zip } = await packageFunction();
    await uploadPackage(`https://${scmHost}`, zip, azure);
    // A record for `read`, not worth a failed deployment.
    const deployment = await latestDeployment(`https://${scmHost}`, azure).catch(() => undefined);
    return { result: { sha256, ...(deployment && { deployment }) } };
  },
  async read(inputs, azure, { result }) {
    if ((await orAbsent(azure.arm("GET", inputs.siteId, { apiVersion: "2024-04-01" }))) === undefined)
      return undefined;
    const scm = `https://${inputs.scmHost}`;
    const live = await latestDeployment(scm, azure).catch((error: unknown) => {
      throw new NotSeen(`${scm}: ${reasonOf(error)}`, { cause: error });
    });
    // The site forgets deployments when it moves; older states do not know theirs.
    if (live === undefined || result.deployment === undefined || live === result.deployment) return inputs;
    return { ...inputs, sha256: `of another deployment, ${live}` };
  },
};

const PAUSE_MS = 15_000;
/** How often an upload may fail for each passing cause, which are so many times 15 s. */
const ATTEMPTS: Readonly<Record<Passing, number>> = {
  // A new role takes up to half an hour, and until then a deployment that was accepted fails.
  role: 120,
  // A new site's deployment endpoint may not exist yet, or another deployment is under way.
  busy: 20,
  // It may not know its publishers yet, but a right that the deployer lacks stays away.
  refused: 8,
};

/**
 * Uploads and follows the deployment until it succeeded; does both again while the cause of the failure passes (docs/sources.md,
 * "Functions on Flex Consumption").
 * @throws QtError QT1206
 */
export async function uploadPackage(scm: string, zip: Uint8Array, azure: AzureSession): Promise<void> {
  const failures: Record<Passing, number> = { role: 0, busy: 0, refused: 0 };
  await retry(() => deployPackage(scm, zip, azure), {
    sleep: azure.pause,
    pauseAfter(error) {
      // Any other error is a connection that was not made or broke.
      const cause = error instanceof UploadError ? error.passing : "busy";
      if (cause === undefined) return undefined;
      failures[cause]++;
      return failures[cause] < ATTEMPTS[cause] ? PAUSE_MS : undefined;
    },
  });
}

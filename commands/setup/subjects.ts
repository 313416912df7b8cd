import { QtError } from "../../errors/qt-error";
import type { GitHubRepository } from "./plan";
import type { Setup } from "./step";

/** What a pipeline's token says of an identity's job. */
export interface Trusted {
  readonly environment: string;
  readonly issuer: string;
  readonly subject: string;
}

interface Customisation {
  readonly use_default?: boolean;
  readonly include_claim_keys?: readonly string[];
  readonly sub_claim_prefix?: string;
}

/** Who signs the tokens of workflows (docs.github.com/actions/reference/security/oidc; of a GitHub Enterprise Server its own). */
export function issuerOf({ server }: GitHubRepository): string {
  return server === "https://github.com"
    ? "https://token.actions.githubusercontent.com"
    : `${server}/_services/token`;
}

/**
 * What the subject of this repository's tokens begins with. There are two forms: `repo:<owner>/<name>` and, since July 2026 for repositories
 * that are made, renamed or transferred, `repo:<owner>@<id>/<name>@<id>`. GitHub says which by `sub_claim_prefix` of the repository's
 * customisation; where it does not, as on a GitHub Enterprise Server, the names count
 * (learn.microsoft.com/entra/workload-id/workload-identities-github-immutable-subjects; github.com/Azure/azure-dev/issues/9382).
 * @throws QtError QT9034 if repository or organisation have a template of their own
 */
export async function subjectPrefix({ door }: Setup, { owner, name }: GitHubRepository): Promise<string> {
  const path = `/repos/${owner}/${name}/actions/oidc/customization/sub`;
  const {
    use_default,
    include_claim_keys: keys,
    sub_claim_prefix,
  } = await door.gitHub<Customisation>("GET", path);
  if (use_default === false && keys !== undefined && keys.join() !== "repo,context")
    throw new QtError("QT9034", { repository: `${owner}/${name}`, keys: keys.join(", ") });
  return sub_claim_prefix ?? `repo:${owner}/${name}`;
}

/** The subject of a job with an environment. Case counts: Entra compares it exactly. */
export const environmentSubject = (prefix: string, environment: string) =>
  `${prefix}:environment:${environment}`;

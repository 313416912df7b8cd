// A token of Pulumi Cloud for a job, in exchange for the job's own (www.pulumi.com/docs/administration/access-identity/oidc-client).

/**
 * The variables with which the CLI signs in to Pulumi Cloud: none if no organisation is set, or the job has a token already.
 * @param jobToken asks the pipeline for a token with an audience
 * @throws Error with Pulumi Cloud's own words if it trusts no such job
 */
export async function pulumiCloud(
  env: NodeJS.ProcessEnv,
  jobToken: (audience: string) => Promise<string>,
): Promise<{ readonly PULUMI_ACCESS_TOKEN?: string }> {
  const { PULUMI_ORG: organisation, PULUMI_ACCESS_TOKEN: given, PULUMI_BACKEND_URL: backend } = env;
  if (!organisation || given) return {};
  const audience = `urn:pulumi:org:${organisation}`;
  const url = new URL("/api/oauth/token", backend || "https://api.pulumi.com");
  const response = await fetch(url, {
    method: "POST",
    body: new URLSearchParams({
      audience,
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
      requested_token_type: "urn:pulumi:token-type:access_token:organization",
      subject_token: await jobToken(audience),
    }),
    signal: AbortSignal.timeout(30_000),
  });
  const text = await response.text();
  if (!response.ok)
    throw new Error(
      `${url.host} gave ${organisation} no token: it answered ${response.status} ${text.slice(0, 300)}`,
    );
  const { access_token: token } = JSON.parse(text) as { access_token?: string };
  if (!token) throw new Error(`${url.host} answered without a token for ${organisation}`);
  return { PULUMI_ACCESS_TOKEN: token };
}

/** Pulumi Cloud's organisation, as `pulumi` itself has no variable for it. */
export const ORGANISATION_VARIABLE = "PULUMI_ORG";

/**
 * The stack of a tenant as the Pulumi CLI takes it. In Pulumi Cloud a name without an organisation is looked for in the default one of
 * whoever is signed in, which differs from person to person (www.pulumi.com/docs/iac/concepts/stacks, "Stack naming").
 */
export function stackName(tenant: string, env: NodeJS.ProcessEnv = process.env): string {
  const organisation = env[ORGANISATION_VARIABLE];
  return organisation ? `${organisation}/${tenant}` : tenant;
}

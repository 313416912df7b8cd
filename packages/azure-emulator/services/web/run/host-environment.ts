import { httpsCall } from "../../../control-plane/https-call";
import { KEY_VAULT_AUDIENCE, type Principal } from "../../../control-plane/identity";
import { identityEndpoint, identityHeader, identityOf } from "../../../control-plane/identity-endpoint";
import type { LocalContext } from "../../../control-plane/local-service";
import type { ArmResource } from "../../../control-plane/resource";
import { resourceGroupOf } from "../../../control-plane/resource-id";
import type { AppSettings } from "../resources/app-settings";
import { outboundAddress } from "./outbound-address";

/** The machine's variables that every process needs. */
const OF_THE_MACHINE = ["PATH", "HOME", "TMPDIR", "TMP", "TEMP", "USERPROFILE", "SystemRoot"];

/**
 * The whole environment of an app's process: the deployed settings and what App Service adds to them. Nothing of the emulator's own
 * environment is passed on, so a setting that the program forgot is missing here, as it is in Azure.
 */
export async function hostEnvironment(
  context: LocalContext,
  site: ArmResource,
  settings: AppSettings,
): Promise<Record<string, string>> {
  const ofTheMachine = OF_THE_MACHINE.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(ofTheMachine),
    ...(await resolveReferences(context, site, settings)),
    FUNCTIONS_WORKER_RUNTIME: "node",
    IDENTITY_ENDPOINT: identityEndpoint(context),
    IDENTITY_HEADER: identityHeader(context, site.id),
    NODE_EXTRA_CA_CERTS: context.certificates.caFile,
    WEBSITE_HOSTNAME: String(site.properties.defaultHostName),
    WEBSITE_INSTANCE_ID: "local",
    WEBSITE_OWNER_NAME: `${context.subscriptionId}+local`,
    WEBSITE_RESOURCE_GROUP: resourceGroupOf(site.id)?.split("/").at(-1) ?? "",
    WEBSITE_SITE_NAME: site.name,
    WEBSITE_SKU: "FlexConsumption",
  };
}

/**
 * Replaces `@Microsoft.KeyVault(SecretUri=…)` and `@Microsoft.KeyVault(VaultName=…;SecretName=…[;SecretVersion=…])` with the
 * secret, read with the identity in `keyVaultReferenceIdentity` (by default the site's own). A reference that cannot be
 * resolved stays unchanged, as in App Service: the app then gets its text.
 */
async function resolveReferences(
  context: LocalContext,
  site: ArmResource,
  settings: AppSettings,
): Promise<AppSettings> {
  const resolved = await Promise.all(
    Object.entries(settings).map(async ([name, value]) => {
      const url = secretUrl(context, value);
      const secret = url && (await readSecret(context, site, url));
      return [name, secret ?? value] as const;
    }),
  );
  return Object.fromEntries(resolved);
}

function secretUrl(context: LocalContext, value: string): string | undefined {
  const reference = /^@Microsoft\.KeyVault\((.+)\)$/i.exec(value)?.[1];
  if (reference === undefined) return undefined;
  const parts = new Map(
    reference.split(";").map((part): [string, string] => {
      const cut = part.indexOf("=");
      return [part.slice(0, cut).trim().toLowerCase(), part.slice(cut + 1).trim()];
    }),
  );
  if (parts.has("secreturi")) return parts.get("secreturi");
  const name = parts.get("vaultname")?.toLowerCase();
  const vault = context.resources
    .list({ type: "Microsoft.KeyVault/vaults" })
    .find((candidate) => candidate.name.toLowerCase() === name);
  return `${vault?.properties.vaultUri}secrets/${parts.get("secretname")}/${parts.get("secretversion") ?? ""}`;
}

function referenceIdentity(context: LocalContext, site: ArmResource): Principal | undefined {
  const named = site.properties.keyVaultReferenceIdentity;
  const own = typeof named !== "string" || /^SystemAssigned$/i.test(named);
  return identityOf(context, site, own ? {} : { mi_res_id: named });
}

async function readSecret(
  context: LocalContext,
  site: ArmResource,
  url: string,
): Promise<string | undefined> {
  const principal = referenceIdentity(context, site);
  if (principal === undefined || !URL.canParse(url)) return undefined;
  const localAddress = await outboundAddress(context, site);
  const { token } = context.tokens.issue(principal, KEY_VAULT_AUDIENCE);
  const address = `${url.replace(/\/+$/, "")}?api-version=7.4`;
  const headers = { authorization: `Bearer ${token}` };
  for (let attempt = 1; ; attempt++) {
    const answer = await httpsCall(address, context.certificates.ca, { headers, localAddress }).catch(
      () => undefined,
    );
    if (answer === undefined) return undefined;
    if (answer.status === 200) return (JSON.parse(answer.body.toString()) as { value: string }).value;
    // The platform reads a reference again until a new role is known.
    if (answer.status !== 403 || attempt === REFERENCE_ATTEMPTS) return undefined;
  }
}

const REFERENCE_ATTEMPTS = 5;

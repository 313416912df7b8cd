import { identityEndpoint, identityHeader } from "../../../control-plane/identity-endpoint";
import type { LocalContext } from "../../../control-plane/local-service";
import type { ArmResource } from "../../../control-plane/resource";
import { accountType } from "../resources/account-resources";
import type { AssetSecrets } from "../resources/asset-secrets";

/** A credential asset, with its password in plain text. */
export interface SandboxCredential {
  readonly userName: string;
  readonly password: string;
}

/** The environment of a runbook: Automation's assets and, if the account has one, its managed identity. */
export interface Sandbox {
  readonly jobId: string;
  /** Values of the account's variables, JSON parsed, by lower-case name. */
  readonly variables: ReadonlyMap<string, unknown>;
  readonly credentials: ReadonlyMap<string, SandboxCredential>;
  /** IDENTITY_ENDPOINT and IDENTITY_HEADER. */
  readonly identity?: { readonly endpoint: string; readonly header: string };
}

/** Opens the sandbox of one job: the assets as currently deployed. */
export function openSandbox(
  context: LocalContext,
  account: ArmResource,
  secrets: AssetSecrets,
  jobId: string,
): Sandbox {
  const assets = (kind: string) =>
    context.resources.list({ type: `${accountType}/${kind}`, under: account.id });
  const variables = new Map(
    assets("variables").map(({ id, name, properties }) => {
      const text = properties.isEncrypted === true ? secrets.get(id) : properties.value;
      return [name.toLowerCase(), typeof text === "string" ? (JSON.parse(text) as unknown) : null];
    }),
  );
  const credentials = new Map(
    assets("credentials").map(({ id, name, properties }) => {
      const password = secrets.get(id) ?? "";
      return [name.toLowerCase(), { userName: String(properties.userName), password }];
    }),
  );
  if (account.identity?.principalId === undefined) return { jobId, variables, credentials };
  const identity = { endpoint: identityEndpoint(context), header: identityHeader(context, account.id) };
  return { jobId, variables, credentials, identity };
}

import { delimiter, dirname, join } from "node:path";
import type { LocalContext } from "../control-plane/local-service";
import type { PulumiProject } from "./stack-folder";

/** The part of the emulator's context that the engine needs. */
export type EngineContext = Pick<LocalContext, "subscriptionId" | "tenantId" | "httpsUrl"> & {
  readonly principals: Pick<LocalContext["principals"], "deployer">;
  readonly certificates: Pick<LocalContext["certificates"], "caFile">;
};

/** Variables that would point a dynamic step at the real Azure, or at credentials other than the local ones; cleared. */
const clearedVariables = [
  "ARM_USE_DEFAULT_AZURE_CREDENTIAL",
  "ARM_USE_OIDC",
  "ARM_USE_MSI",
  "ARM_OIDC_AUDIENCE",
  "ARM_OIDC_TOKEN",
  "ARM_OIDC_TOKEN_FILE_PATH",
  "ARM_OIDC_REQUEST_TOKEN",
  "ARM_OIDC_REQUEST_URL",
  "ARM_CLIENT_CERTIFICATE_PATH",
  "ARM_CLIENT_CERTIFICATE_PASSWORD",
  "ARM_ENVIRONMENT",
  "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
  "ACTIONS_ID_TOKEN_REQUEST_URL",
  "AZURE_CLIENT_ID",
  "AZURE_CLIENT_SECRET",
  "AZURE_TENANT_ID",
  "NODE_OPTIONS",
];

/**
 * The environment of the dynamic steps: the cloud is the emulator, the identity is the local deployer, and Node and the
 * packages are the host's.
 */
export function deployerEnvironment(context: EngineContext, project: PulumiProject): Record<string, string> {
  const { deployer } = context.principals;
  const noProxy = ["127.0.0.1", "localhost", process.env.NO_PROXY ?? process.env.no_proxy].filter(Boolean);
  return {
    ...Object.fromEntries(clearedVariables.map((name) => [name, ""])),
    PATH: toolPath(project),
    NO_PROXY: noProxy.join(","),
    no_proxy: noProxy.join(","),
    ...project.environment,
    NODE_EXTRA_CA_CERTS: context.certificates.caFile,
    ARM_METADATA_HOSTNAME: new URL(context.httpsUrl).host,
    ARM_TENANT_ID: context.tenantId,
    ARM_SUBSCRIPTION_ID: context.subscriptionId,
    ARM_CLIENT_ID: deployer.clientId,
    ARM_CLIENT_SECRET: deployer.secret,
  };
}

/**
 * PATH with the Node of this process first. Pulumi's provider for dynamic resources comes last: a complete CLI has its own, and warns of another before it.
 * @param path what comes between
 */
export function toolPath(project: PulumiProject, path = process.env.PATH ?? ""): string {
  const node = dirname(process.execPath);
  const provider = join(project.root, "node_modules", "@pulumi", "pulumi");
  const between = path.split(delimiter).filter((folder) => folder !== node && folder !== provider);
  return [node, ...between, provider].join(delimiter);
}

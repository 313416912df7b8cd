import { delimiter, dirname, join } from "node:path";
import type { LocalContext } from "../control-plane/local-service";
import type { PulumiProject } from "./stack-folder";

/** What the engine needs of the emulator. */
export type EngineContext = Pick<LocalContext, "subscriptionId" | "tenantId" | "httpsUrl"> & {
  readonly principals: Pick<LocalContext["principals"], "deployer">;
  readonly certificates: Pick<LocalContext["certificates"], "caFile">;
};

/** Settings that would lead a step of the deployment to the real Azure, or to other credentials than the local ones. */
const strangers = [
  "ARM_USE_OIDC",
  "ARM_USE_MSI",
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
 * The environment in which the dynamic steps run: the cloud is the emulator, the identity is the local deployer, the
 * packages and the Node are the host's own.
 */
export function deployerEnvironment(context: EngineContext, project: PulumiProject): Record<string, string> {
  const { deployer } = context.principals;
  const path = [
    dirname(process.execPath),
    join(project.root, "node_modules", "@pulumi", "pulumi"),
    process.env.PATH ?? "",
  ];
  const noProxy = ["127.0.0.1", "localhost", process.env.NO_PROXY ?? process.env.no_proxy].filter(Boolean);
  return {
    ...Object.fromEntries(strangers.map((name) => [name, ""])),
    PATH: path.join(delimiter),
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

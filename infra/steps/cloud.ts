import { QtError } from "../../errors/qt-error";
import { reasonOf } from "../../packages/kit/reason-of";

/** A cloud's endpoints, as its metadata endpoint reports them. */
export interface Cloud {
  /** Base URL of Resource Manager, without a trailing slash. */
  readonly resourceManager: string;
  readonly loginEndpoint: string;
  /** Scope of a token for Resource Manager. */
  readonly armScope: string;
  /** Scope of a token for the cloud's Azure SQL. */
  readonly sqlScope: string;
  /** Base URL of Microsoft Graph, without a trailing slash. */
  readonly graph: string;
  /** False if Microsoft's discovery does not know the authority. */
  readonly isPublic: boolean;
}

/** Public Azure, which needs no metadata call. */
export const publicCloud: Cloud = {
  resourceManager: "https://management.azure.com",
  loginEndpoint: "https://login.microsoftonline.com",
  armScope: "https://management.azure.com/.default",
  sqlScope: "https://database.windows.net/.default",
  graph: "https://graph.microsoft.com",
  isPublic: true,
};

interface Metadata {
  readonly authentication: { readonly loginEndpoint: string; readonly audiences: readonly string[] };
  readonly resourceManager: string;
  readonly microsoftGraphResourceId?: string;
  readonly suffixes?: { readonly sqlServerHostname?: string };
}

/**
 * Reads a cloud's endpoints as azure-native does (docs/sources.md, "Pulumi").
 * @param metadataHost `ARM_METADATA_HOSTNAME`: host with an optional port; undefined is public Azure.
 * @throws QtError QT1203
 */
export async function discoverCloud(metadataHost: string | undefined): Promise<Cloud> {
  if (!metadataHost) return publicCloud;
  const base = /^https?:\/\//.test(metadataHost) ? metadataHost : `https://${metadataHost}`;
  const url = `${base}/metadata/endpoints?api-version=2022-09-01`;
  try {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`it answered ${response.status}`);
    return fromMetadata((await response.json()) as Metadata);
  } catch (error) {
    throw new QtError("QT1203", { url, reason: reasonOf(error) }, { cause: error });
  }
}

function fromMetadata({
  authentication,
  resourceManager,
  microsoftGraphResourceId: graph = publicCloud.graph,
  suffixes,
}: Metadata): Cloud {
  const sqlSuffix = suffixes?.sqlServerHostname?.replace(/^\./, "");
  return {
    resourceManager: resourceManager.replace(/\/$/, ""),
    loginEndpoint: authentication.loginEndpoint.replace(/\/$/, ""),
    armScope: `${(authentication.audiences[0] ?? resourceManager).replace(/\/$/, "")}/.default`,
    // An emulator's servers have no suffix; its tokens are for the public audience.
    sqlScope: sqlSuffix?.startsWith("database.") ? `https://${sqlSuffix}/.default` : publicCloud.sqlScope,
    graph: graph.replace(/\/$/, ""),
    isPublic: false,
  };
}

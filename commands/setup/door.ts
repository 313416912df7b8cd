import type { TokenCredential } from "@azure/identity";
import { QtError } from "../../errors/qt-error";
import { type ArmMethod, callArm } from "../../infra/steps/arm-call";
import { accessToken } from "../../infra/steps/azure-session";
import { type Cloud, discoverCloud } from "../../infra/steps/cloud";
import { createCredential, type SignInEnvironment } from "../../infra/steps/credential";
import { reasonOf } from "../../packages/kit/reason-of";

export type Service = "Resource Manager" | "Microsoft Graph" | "Key Vault" | "Blob storage" | "GitHub";
export type Method = "GET" | "PUT" | "POST" | "PATCH" | "DELETE";

/** A request as it is sent, without its bearer. */
export interface SentRequest {
  readonly service: Service;
  readonly method: Method;
  readonly url: string;
  readonly body?: unknown;
}

/** A request that a service refused. `status` 0: it was not reached. */
export class RefusedRequest extends QtError<"QT9032"> {
  constructor(
    readonly status: number,
    { service, method, url }: SentRequest,
    reason: string,
  ) {
    super("QT9032", { service, method, url, status, reason });
  }
}

/** Azure, Entra and GitHub, as whoever sets up. Every call throws {@link RefusedRequest} or, of Resource Manager, QT1201. */
export interface Door {
  /** Calls Resource Manager and waits for its operation. */
  arm<Body>(method: ArmMethod, id: string, apiVersion: string, json?: unknown): Promise<Body>;
  /** All members of a list of Resource Manager. @param query begins with `?api-version=` */
  armList<Item>(path: string, query: string): Promise<readonly Item[]>;
  /** @param path below `/v1.0` */
  graph<Body>(method: Method, path: string, json?: unknown): Promise<Body>;
  /** The address of Graph with its version, for references to its objects. */
  readonly graphUrl: string;
  /** @param path below the API's address, beginning with `/repos/` */
  gitHub<Body>(method: Method, path: string, json?: unknown): Promise<Body>;
  vault<Body>(method: Method, url: string, json?: unknown): Promise<Body>;
  /** The answer's text, which is XML. */
  blob(method: Method, url: string): Promise<string>;
  /** The claims of whoever is signed in. */
  me(): Promise<{ readonly objectId: string; readonly isApplication: boolean }>;
  /** The same services as another identity. */
  as(credential: TokenCredential): Door;
  /** A credential of an application by its secret. */
  withSecret(tenantId: string, clientId: string, secret: string): Promise<TokenCredential>;
  pause(milliseconds: number): Promise<void>;
}

export interface DoorOptions {
  /** The variables of the sign-in to Azure: ARM_*, or none for the Azure CLI's user. */
  readonly env: SignInEnvironment;
  /** `https://api.github.com` or `https://<host>/api/v3`, and a token for it. */
  readonly gitHub?: { readonly api: string; readonly token: string } | undefined;
  readonly pause: (milliseconds: number) => Promise<void>;
  onRequest?(request: SentRequest): void;
}

export async function openDoor(options: DoorOptions): Promise<Door> {
  const cloud = await discoverCloud(options.env.ARM_METADATA_HOSTNAME);
  return doorOf(cloud, await createCredential(options.env, cloud), options);
}

const VAULT_SCOPE = "https://vault.azure.net/.default";
const STORAGE_SCOPE = "https://storage.azure.com/.default";

function doorOf(cloud: Cloud, credential: TokenCredential, options: DoorOptions): Door {
  const { gitHub, pause } = options;
  const graphUrl = `${cloud.graph}/v1.0`;
  const bearer = (scope: string) => accessToken(credential, scope);
  const send = async (request: SentRequest, token: string, headers: Record<string, string> = {}) => {
    options.onRequest?.(request);
    const { method, url, body } = request;
    const response = await fetch(url, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(60_000),
    }).catch((error: unknown) => {
      throw new RefusedRequest(0, request, reasonOf(error));
    });
    const text = await response.text();
    if (!response.ok) throw new RefusedRequest(response.status, request, reasonIn(text));
    return text;
  };
  const parsed = <Body>(text: string) => (text === "" ? undefined : JSON.parse(text)) as Body;
  const request = (service: Service, method: Method, url: string, body?: unknown): SentRequest => ({
    ...{ service, method, url },
    ...(body !== undefined && { body }),
  });
  return {
    graphUrl,
    pause,
    async arm<Body>(method: ArmMethod, id: string, apiVersion: string, json?: unknown) {
      const url = `${cloud.resourceManager}${id}?api-version=${apiVersion}`;
      options.onRequest?.(request("Resource Manager", method, url, json));
      const call = { apiVersion, ...(json !== undefined && { json }) };
      return callArm<Body>(cloud.resourceManager, await bearer(cloud.armScope), method, id, call, { pause });
    },
    async armList<Item>(path: string, query: string) {
      const items: Item[] = [];
      let url: string | undefined = `${cloud.resourceManager}${path}${query}`;
      while (url !== undefined) {
        const text = await send(request("Resource Manager", "GET", url), await bearer(cloud.armScope));
        const page: { readonly value: readonly Item[]; readonly nextLink?: string } = JSON.parse(text);
        items.push(...page.value);
        url = page.nextLink || undefined;
      }
      return items;
    },
    async graph<Body>(method: Method, path: string, json?: unknown) {
      const token = await bearer(`${cloud.graph}/.default`);
      return parsed<Body>(await send(request("Microsoft Graph", method, `${graphUrl}${path}`, json), token));
    },
    async gitHub<Body>(method: Method, path: string, json?: unknown) {
      const asked = request("GitHub", method, `${gitHub?.api}${path}`, json);
      if (gitHub === undefined) throw new RefusedRequest(0, asked, "no token for GitHub");
      const headers = { accept: "application/vnd.github+json", "x-github-api-version": "2022-11-28" };
      return parsed<Body>(await send(asked, gitHub.token, headers));
    },
    async vault<Body>(method: Method, url: string, json?: unknown) {
      return parsed<Body>(await send(request("Key Vault", method, url, json), await bearer(VAULT_SCOPE)));
    },
    async blob(method, url) {
      const token = await bearer(STORAGE_SCOPE);
      return send(request("Blob storage", method, url), token, { "x-ms-version": "2023-11-03" });
    },
    async me() {
      const [, claims = ""] = (await bearer(cloud.armScope)).split(".");
      const { oid, scp } = JSON.parse(Buffer.from(claims, "base64url").toString()) as {
        readonly oid: string;
        readonly scp?: string;
      };
      // Only the token of a person has delegated scopes (learn.microsoft.com/entra/identity-platform/access-token-claims-reference).
      return { objectId: oid, isApplication: scp === undefined };
    },
    as: (other) => doorOf(cloud, other, options),
    async withSecret(tenantId, clientId, secret) {
      const { ClientSecretCredential } = await import("@azure/identity");
      return new ClientSecretCredential(tenantId, clientId, secret, {
        authorityHost: cloud.loginEndpoint,
        disableInstanceDiscovery: !cloud.isPublic,
      });
    },
  };
}

/** The answer of a call; undefined if there is no such thing. */
export async function orNothing<Body>(call: Promise<Body>): Promise<Body | undefined> {
  try {
    return await call;
  } catch (error) {
    if ((error as { status?: unknown }).status === 404) return undefined;
    throw error;
  }
}

/** The service's own code and message. */
function reasonIn(text: string): string {
  try {
    const { error, message } = JSON.parse(text) as {
      readonly error?: { readonly code?: string; readonly message?: string };
      readonly message?: string;
    };
    if (error !== undefined) return `${error.code}: ${error.message}`;
    if (message !== undefined) return message;
  } catch {
    // XML, or nothing.
  }
  const [, code = "", message = ""] = /<Code>(.*?)<\/Code>.*?<Message>([^<\n]*)/s.exec(text) ?? [];
  return code === "" ? text.slice(0, 300) || "no reason given" : `${code}: ${message}`;
}

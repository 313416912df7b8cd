import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { json, text } from "node:stream/consumers";
import { type FactoryRun, queriedRuns } from "./test-factory-runs";

/** An answer that replaces the right one for the next `times` requests whose path contains `path`. */
export interface FactoryFault {
  readonly path: string;
  /** 0 cuts the connection; -1 never answers. 401 from the factory also revokes the token that was sent. */
  readonly status: number;
  readonly times: number;
  /** JSON body; by default an error in ARM's form. */
  readonly body?: unknown;
  /** Raw body instead of JSON. */
  readonly text?: string;
  /** Content type; JSON by default. */
  readonly type?: string;
  /** Sent with Content-Length, as Resource Manager's gateway does, instead of in chunks. */
  readonly length?: boolean;
  /** The value "in 600 s" stands for the date 600 s from now. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A case's script for the factory, from runbooks/cases.json. */
export interface FactoryScript {
  /** Pages of runs; each run is a Queued one of QT_fetch_data unless it says otherwise. */
  readonly queued?: readonly (readonly FactoryRun[])[];
  /** The last page repeats the continuation token of its request. */
  readonly repeatsToken?: boolean;
  readonly statuses?: readonly string[];
  readonly message?: string;
  /** The password that the login accepts for the credential. */
  readonly secret?: string;
  /** Id of the run that is started; null for none. */
  readonly runId?: string | null;
  readonly faults?: readonly FactoryFault[];
}

type Answer = Pick<FactoryFault, "status"> & Partial<FactoryFault>;

export type FakeFactory = Awaited<ReturnType<typeof startFakeFactory>>;

const factoryPath =
  "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/rg-dev/providers/Microsoft.DataFactory/factories/adf";
const tenantPath = "/11111111-1111-1111-1111-111111111111";

/** A Data Factory, a login endpoint and an identity endpoint that play one case and record the requests. */
export async function startFakeFactory(script: FactoryScript = {}) {
  const asked = {
    /** Bodies of createRun. */
    started: [] as unknown[],
    /** Values of x-ms-client-request-id. */
    jobIds: new Set<string | undefined>(),
    /** Number of tokens issued. */
    signIns: 0,
    /** Requests to the factory that had a token, faults included. */
    requests: 0,
    /** Hosts that it was asked to connect to, as a proxy. It connects to none. */
    proxied: new Set<string | undefined>(),
  };
  const faults = (script.faults ?? []).map((fault) => ({ ...fault }));
  const statuses = [...(script.statuses ?? ["Queued", "InProgress", "Succeeded"])];
  const runId = script.runId === undefined ? "run-1" : script.runId;
  let token: string | undefined;

  const faultOf = (path: string): Answer | undefined => {
    const fault = faults.find((one) => one.times > 0 && path.includes(one.path));
    if (fault === undefined) return undefined;
    fault.times--;
    return fault.text === undefined && fault.body === undefined
      ? { ...fault, body: { error: { code: "Fault", message: "on purpose" } } }
      : fault;
  };

  const signIn = (): Answer => {
    token = `token-${++asked.signIns}`;
    return { status: 200, body: { access_token: token, token_type: "Bearer" } };
  };

  const factory = async (request: http.IncomingMessage, url: URL): Promise<Answer> => {
    const path = decodeURIComponent(url.pathname);
    if (!path.startsWith(factoryPath) || url.searchParams.get("api-version") !== "2018-06-01")
      return { status: 404, body: {} };
    if (request.method === "POST" && request.headers["content-type"] !== "application/json; charset=utf-8")
      return { status: 415, body: {} };
    switch (`${request.method} ${path.slice(factoryPath.length)}`) {
      case "POST /queryPipelineRuns":
        return queriedRuns(script, await json(request));
      case "POST /pipelines/QT_fetch_data/createRun":
        asked.started.push(await json(request));
        return { status: 200, body: runId === null ? {} : { runId } };
      case `GET /pipelineruns/${runId}`: {
        const status = statuses.length > 1 ? statuses.shift() : statuses[0];
        return {
          status: 200,
          body: { runId, status, message: status === "Failed" ? (script.message ?? "") : "" },
        };
      }
      default:
        return { status: 404, body: { error: { code: "NotFound", message: path } } };
    }
  };

  const answer = async (request: http.IncomingMessage): Promise<Answer> => {
    const url = new URL(request.url ?? "/", "http://x");
    if (url.pathname === "/identity") {
      const { "x-identity-header": header, metadata } = request.headers;
      const good =
        header === "h1" &&
        metadata === "True" &&
        url.searchParams.get("resource") === "https://management.azure.com/";
      return faultOf(url.pathname) ?? (good ? signIn() : { status: 400, body: {} });
    }
    if (url.pathname === `${tenantPath}/oauth2/v2.0/token`) {
      const form = new URLSearchParams(await text(request));
      const good =
        request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded") === true &&
        form.get("grant_type") === "client_credentials" &&
        form.get("client_id") === "client-1" &&
        form.get("client_secret") === (script.secret ?? "client-secret-1") &&
        form.get("scope") === "https://management.azure.com/.default";
      const refused = { error: "invalid_client", error_description: "no" };
      return faultOf(url.pathname) ?? (good ? signIn() : { status: 401, body: refused });
    }
    if (token === undefined || request.headers.authorization !== `Bearer ${token}`)
      return { status: 401, body: { error: { code: "ExpiredAuthenticationToken", message: "expired" } } };
    asked.requests++;
    asked.jobIds.add(request.headers["x-ms-client-request-id"] as string | undefined);
    const fault = faultOf(url.pathname);
    if (fault?.status === 401) token = undefined;
    return fault ?? factory(request, url);
  };

  const server = http.createServer(async (request, response) => {
    const { status, body, text, type = "application/json; charset=utf-8", ...how } = await answer(request);
    if (status === 0) return request.socket.destroy();
    if (status === -1) return;
    const bytes = Buffer.from(text ?? JSON.stringify(body));
    const headers = Object.entries(how.headers ?? {}).map(([name, value]) => {
      const ahead = /^in (\d+) s$/.exec(value)?.[1];
      const date = new Date(Date.now() + 1000 * Number(ahead));
      return [name, ahead === undefined ? value : date.toUTCString()];
    });
    const length = how.length ? { "content-length": bytes.length } : {};
    response.writeHead(status, { "content-type": type, ...length, ...Object.fromEntries(headers) });
    // If headers and body left together, Node would add Content-Length.
    response.flushHeaders();
    response.end(bytes);
  });
  // .NET Framework sends "Expect: 100-continue" before a body unless it is configured not to.
  server.on("checkContinue", (_request, response: http.ServerResponse) => response.writeHead(417).end());
  server.on("connect", ({ url }: http.IncomingMessage, socket: Duplex) => {
    asked.proxied.add(url);
    socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return Object.assign(asked, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  });
}

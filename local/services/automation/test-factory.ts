import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { json, text } from "node:stream/consumers";

/** What a case of runbooks/cases.json says about the factory. */
export interface FactoryScript {
  readonly queued?: readonly (readonly unknown[])[];
  readonly statuses?: readonly string[];
  readonly message?: string;
  readonly faults?: readonly { path: string; status: number; times: number; body?: unknown }[];
}

/** A Data Factory, a login endpoint and an identity endpoint that play one case, and remember what they were asked. */
export async function startFakeFactory(script: FactoryScript = {}) {
  const started: unknown[] = [];
  const jobIds = new Set<string | undefined>();
  const faults = (script.faults ?? []).map((fault) => ({ ...fault }));
  const statuses = [...(script.statuses ?? ["Queued", "InProgress", "Succeeded"])];

  const answer = async (request: http.IncomingMessage): Promise<[number, unknown]> => {
    const url = new URL(request.url ?? "/", "http://x");
    if (url.pathname === "/identity") {
      const { "x-identity-header": header, metadata } = request.headers;
      const good =
        header === "h1" &&
        metadata === "True" &&
        url.searchParams.get("resource") === "https://management.azure.com/";
      return good ? [200, { access_token: "token-1" }] : [400, {}];
    }
    if (url.pathname === "/11111111-1111-1111-1111-111111111111/oauth2/v2.0/token") {
      const form = new URLSearchParams(await text(request));
      const good =
        form.get("grant_type") === "client_credentials" &&
        form.get("client_id") === "client-1" &&
        form.get("client_secret") === "client-secret-1" &&
        form.get("scope") === "https://management.azure.com/.default";
      return good
        ? [200, { access_token: "token-1" }]
        : [401, { error: "invalid_client", error_description: "no" }];
    }
    if (request.headers.authorization !== "Bearer token-1") return [401, {}];
    const fault = faults.find(({ path, times }) => times > 0 && url.pathname.includes(path));
    if (fault !== undefined) {
      fault.times--;
      return [fault.status, fault.body ?? { error: { code: "Fault", message: "on purpose" } }];
    }
    jobIds.add(request.headers["x-ms-client-request-id"] as string | undefined);
    const factory =
      "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/rg-dev/providers/Microsoft.DataFactory/factories/adf";
    if (!url.pathname.startsWith(factory) || url.searchParams.get("api-version") !== "2018-06-01")
      return [404, {}];
    switch (`${request.method} ${url.pathname.slice(factory.length)}`) {
      case "POST /queryPipelineRuns": {
        const { continuationToken } = (await json(request)) as { continuationToken?: string };
        const page = Number(continuationToken ?? 0);
        const pages = script.queued ?? [];
        const next = page + 1 < pages.length ? { continuationToken: String(page + 1) } : {};
        return [200, { value: pages[page] ?? [], ...next }];
      }
      case "POST /pipelines/QT_fetch_data/createRun":
        started.push(await json(request));
        return [200, { runId: "run-1" }];
      case "GET /pipelineruns/run-1": {
        const status = statuses.length > 1 ? statuses.shift() : statuses[0];
        return [200, { runId: "run-1", status, message: status === "Failed" ? (script.message ?? "") : "" }];
      }
      default:
        return [404, { error: { code: "NotFound", message: url.pathname } }];
    }
  };

  const server = http.createServer(async (request, response) => {
    const [status, body] = await answer(request);
    if (status === 0) return request.socket.destroy();
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Bodies of createRun. */
    started,
    /** Values of x-ms-client-request-id. */
    jobIds,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

export interface FakePost {
  readonly id: number;
  readonly number: number;
  body: string;
  readonly user: { readonly login: string };
  state?: string;
  state_reason?: string;
  title?: string;
  readonly pull_request?: object;
}

/** Content of the repository `acme/data`; the server's requests change it. */
export interface FakeRepository {
  readonly pulls?: Readonly<Record<number, object>>;
  /** Comments of pull request 7. */
  readonly comments?: FakePost[];
  readonly issues?: FakePost[];
  /** Answers to give first, by method and path, before a request is accepted. */
  readonly refusals?: Readonly<
    Record<string, { readonly status: number; readonly headers: Readonly<Record<string, string>> }[]>
  >;
}

export const token = "ghs_marker-token";

/** As much of GitHub's REST API as scripts/ci uses: pages of 100, and GitHub's own error answers. */
export async function startFakeGitHub({
  pulls = {},
  comments = [],
  issues = [],
  refusals = {},
}: FakeRepository) {
  const requests: string[] = [];
  const post = (list: FakePost[], fields: Partial<FakePost>): FakePost => {
    const number = 1000 + list.length;
    const made = { id: number, number, body: "", user: { login: "github-actions[bot]" }, ...fields };
    list.push(made);
    return made;
  };
  const answer = (request: http.IncomingMessage, url: URL, body: Partial<FakePost>): [number, unknown] => {
    const page = (list: FakePost[]): [number, unknown] => {
      const size = Number(url.searchParams.get("per_page") ?? 30);
      const start = (Number(url.searchParams.get("page") ?? 1) - 1) * size;
      return [200, list.slice(start, start + size)];
    };
    if (request.headers.authorization !== `Bearer ${token}`) return [401, { message: "Bad credentials" }];
    if ((body.body ?? "").length > 65_536)
      return [422, { message: "Validation Failed: body is too long (maximum is 65536 characters)" }];
    const route = `${request.method} ${url.pathname.replace("/repos/acme/data", "")}`;
    const [, kind = "", id = ""] = /^(.*?\/)(\d+)$/.exec(route) ?? [];
    const change = (list: FakePost[]): [number, unknown] => {
      const found = list.find((one) => one.number === Number(id));
      return found === undefined ? [404, { message: "Not Found" }] : [200, Object.assign(found, body)];
    };
    if (kind === "GET /pulls/")
      return id in pulls ? [200, pulls[Number(id)]] : [404, { message: "Not Found" }];
    if (kind === "PATCH /issues/comments/") return change(comments);
    if (kind === "PATCH /issues/") return change(issues);
    switch (route) {
      case "GET /issues/7/comments":
        return page(comments);
      case "POST /issues/7/comments":
        return [201, post(comments, body)];
      case "GET /issues":
        return page(issues.filter(({ state }) => state === url.searchParams.get("state")));
      case "POST /issues":
        return [201, post(issues, { state: "open", ...body })];
      case "GET /commits/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/pulls":
        return [200, Object.entries(pulls).map(([number, pull]) => ({ number: Number(number), ...pull }))];
      default:
        return /^POST \/issues\/\d+\/comments$/.test(route) ? [201, {}] : [404, { message: "Not Found" }];
    }
  };
  const server = http.createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://x");
    requests.push(`${request.method} ${url.pathname}`);
    const refusal = refusals[`${request.method} ${url.pathname.replace("/repos/acme/data", "")}`]?.shift();
    if (refusal !== undefined) {
      request.resume();
      response.writeHead(refusal.status, refusal.headers).end('{"message":"refused"}');
      return;
    }
    const body = (await json(request).catch(() => ({}))) as Partial<FakePost>;
    const [status, content] = answer(request, url, body);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(content));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    /** Variables that the runner gives a job. */
    env: {
      GITHUB_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      GITHUB_REPOSITORY: "acme/data",
      GITHUB_SERVER_URL: "https://github.example",
      GITHUB_RUN_ID: "99",
      GITHUB_TOKEN: token,
    },
    requests,
    comments,
    issues,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

// The few GitHub REST calls that the workflows make, without dependencies.
import { setTimeout as sleep } from "node:timers/promises";

/** GitHub's limit for the body of a comment or an issue, in characters. */
export const commentLimit = 65_536;

/** The user that the workflow's own token acts as. */
const bot = "github-actions[bot]";

/** A comment, or the first post of an issue. */
export interface Post {
  readonly id: number;
  readonly number: number;
  readonly body: string | null;
  readonly user: { readonly login: string } | null;
  /** Set if the issue is a pull request. */
  readonly pull_request?: object;
}

export interface GitHub {
  /** @param path below the repository, such as `/pulls/1`. @throws Error with GitHub's own message */
  request(method: "GET" | "POST" | "PATCH", path: string, body?: object): Promise<unknown>;
  /** Our own post in a list: it begins with the marker and the bot wrote it. Other people's posts are never touched. */
  find(path: string, marker: string): Promise<Post | undefined>;
}

/** For the job's repository, with the job's token. @throws Error that names a missing variable */
export function gitHub(env: NodeJS.ProcessEnv = process.env): GitHub {
  const given = (name: string): string => {
    const value = env[name];
    if (!value) throw new Error(`${name} is not set`);
    return value;
  };
  const root = `${given("GITHUB_API_URL")}/repos/${given("GITHUB_REPOSITORY")}`;
  const headers = {
    accept: "application/vnd.github+json",
    authorization: `Bearer ${given("GITHUB_TOKEN")}`,
    "content-type": "application/json",
    "x-github-api-version": "2022-11-28",
  };
  const send = (method: string, path: string, body?: object) =>
    fetch(`${root}${path}`, {
      method,
      headers,
      signal: AbortSignal.timeout(60_000),
      ...(body && { body: JSON.stringify(body) }),
    });
  const request: GitHub["request"] = async (method, path, body) => {
    let response = await send(method, path, body);
    for (let attempt = 1; attempt < attempts && mayRepeat(method, response); attempt++) {
      await sleep(pauseMs(response, attempt));
      response = await send(method, path, body);
    }
    const answer = (await response.json().catch(() => undefined)) as { message?: string } | undefined;
    if (!response.ok)
      throw new Error(
        `GitHub answered ${response.status} to ${method} ${path}: ${answer?.message ?? "no reason"}`,
      );
    return answer;
  };
  return {
    request,
    async find(path, marker) {
      for (let page = 1; ; page++) {
        const query = `${path.includes("?") ? "&" : "?"}per_page=100&page=${page}`;
        const posts = (await request("GET", `${path}${query}`)) as Post[];
        const ours = posts.find(
          ({ body, user, pull_request }) =>
            user?.login === bot && pull_request === undefined && body?.startsWith(marker),
        );
        if (ours !== undefined || posts.length < 100) return ours;
      }
    },
  };
}

/** Maximum number of attempts for a request. */
const attempts = 5;

/** True if GitHub refused temporarily: a rate limit (403 with a time, 429), or a server error, unless a POST may have been carried out. */
function mayRepeat(method: string, { status, headers }: Response): boolean {
  return (
    status === 429 || (status === 403 && headers.has("retry-after")) || (status >= 500 && method !== "POST")
  );
}

function pauseMs({ headers }: Response, attempt: number): number {
  const asked = Number.parseInt(headers.get("retry-after") ?? "", 10);
  return 1000 * Math.min(60, Number.isNaN(asked) ? 2 ** attempt : asked);
}

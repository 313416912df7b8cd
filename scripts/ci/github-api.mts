// The few calls of GitHub's REST API that the workflows make, without dependencies.

/** What GitHub takes as the body of a comment or an issue, in characters. */
export const commentLimit = 65_536;

/** Whom the workflow's own token speaks for. */
const bot = "github-actions[bot]";

/** A comment, or an issue's first one. */
export interface Post {
  readonly id: number;
  readonly number: number;
  readonly body: string | null;
  readonly user: { readonly login: string } | null;
  /** Set where the issue is a pull request. */
  readonly pull_request?: object;
}

export interface GitHub {
  /** @param path below the repository, such as `/pulls/1`. @throws Error with GitHub's own message */
  request(method: "GET" | "POST" | "PATCH", path: string, body?: object): Promise<unknown>;
  /** Our post among those of a list: it begins with the marker, and the bot wrote it; another's is never touched. */
  find(path: string, marker: string): Promise<Post | undefined>;
}

/** For the repository and with the token of the job. @throws Error that names the variable that is missing */
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
  const request: GitHub["request"] = async (method, path, body) => {
    const response = await fetch(`${root}${path}`, {
      method,
      headers,
      signal: AbortSignal.timeout(60_000),
      ...(body && { body: JSON.stringify(body) }),
    });
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

/**
 * Text from outside as part of a post of at most `limit` characters: without control characters; where it is too long, cut at the
 * end of a line, its last code block closed, and `note` added.
 */
export function shortened(text: string, limit: number, note: string): string {
  const clean = text.replace(/[^\P{Cc}\t\n]|\p{Cs}/gu, "").trimEnd();
  if (clean.length <= limit) return clean;
  const room = limit - note.length - 16;
  const cut = clean.slice(0, clean.lastIndexOf("\n", room) + 1 || room);
  const fences = cut.match(/^(`{3,}|~{3,})/gm) ?? [];
  const close = fences.length % 2 === 1 ? `${fences.at(-1)?.slice(0, 8)}\n` : "";
  return `${cut.replace(/\p{Cs}/gu, "").trimEnd()}\n${close}\n${note}`;
}

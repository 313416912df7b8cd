import { spawnSync } from "node:child_process";
import { QtError } from "../../errors/qt-error";
import type { GitHubRepository } from "./plan";

export interface GitHubAccess {
  readonly repository: GitHubRepository;
  readonly access: { readonly api: string; readonly token: string };
}

/**
 * The repository that a flag names, with a token for it: GITHUB_TOKEN, GH_TOKEN, or that of `gh`.
 * @param server `https://github.com`, or a GitHub Enterprise Server, whose API is below `/api/v3`
 * @throws QtError QT9035 for a name of another form, or if there is no token
 */
export function gitHubOf(
  flag: string | undefined,
  server: string,
  env: NodeJS.ProcessEnv,
): GitHubAccess | undefined {
  if (flag === undefined) return undefined;
  const [, owner, name] = /^([\w.-]+)\/([\w.-]+)$/.exec(flag) ?? [];
  if (owner === undefined || name === undefined)
    throw new QtError("QT9035", { missing: "--github as <owner>/<name>" });
  const host = server.replace(/\/$/, "");
  const token = env.GITHUB_TOKEN || env.GH_TOKEN || ofGh(host);
  if (!token) throw new QtError("QT9035", { missing: "GITHUB_TOKEN, or gh auth login" });
  const api = host === "https://github.com" ? "https://api.github.com" : `${host}/api/v3`;
  return { repository: { owner, name, server: host }, access: { api, token } };
}

function ofGh(server: string): string | undefined {
  const { stdout, status } = spawnSync("gh", ["auth", "token", "--hostname", new URL(server).host], {
    encoding: "utf8",
  });
  return status === 0 ? stdout.trim() : undefined;
}

import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { json as jsonOf } from "node:stream/consumers";

/** A GitHub Enterprise Server with one repository: the calls that the set-up makes, and tokens of its workflows. */
export interface FakeGitHub {
  readonly server: string;
  /** Names of environments, with the branches that may deploy to each; undefined: every branch. */
  readonly environments: Map<string, string[] | undefined>;
  /** By path of their folder and name. */
  readonly variables: Map<string, string>;
  /** A token as a job of the repository gets it. */
  token(subject: string): Promise<string>;
  close(): void;
}

const REPOSITORY = "/api/v3/repos/acme/fleet";
const VARIABLE = /^[A-Z_][A-Z0-9_]*$/;

/** @param prefix `sub_claim_prefix` of the repository; undefined: a server that does not say it */
export async function startFakeGitHub(prefix: string | undefined): Promise<FakeGitHub> {
  const { exportJWK, generateKeyPair, SignJWT } = await import("jose");
  const { publicKey, privateKey } = await generateKeyPair("RS256");
  const keys = [{ ...(await exportJWK(publicKey)), kid: "1", alg: "RS256" }];
  const environments: FakeGitHub["environments"] = new Map();
  const variables: FakeGitHub["variables"] = new Map();
  let issuer = "";

  const answer = async (request: IncomingMessage): Promise<readonly [number, unknown?]> => {
    const { method = "", url = "" } = request;
    if (url === "/_services/token/.well-known/openid-configuration")
      return [200, { issuer, jwks_uri: `${issuer}/.well-known/jwks` }];
    if (url === "/_services/token/.well-known/jwks") return [200, { keys }];
    if (request.headers.authorization !== "Bearer gh-token") return [401, { message: "Bad credentials" }];
    const body = ["POST", "PUT", "PATCH"].includes(method)
      ? ((await jsonOf(request)) as Record<string, unknown>)
      : {};
    const path = url.startsWith(REPOSITORY) ? url.slice(REPOSITORY.length) : "?";
    if (method === "GET" && path === "/actions/oidc/customization/sub")
      return [200, { use_default: true, ...(prefix !== undefined && { sub_claim_prefix: prefix }) }];
    const [, environment, rest] = /^\/environments\/([\w-]+)(\/.*)?$/.exec(path) ?? [];
    if (environment !== undefined && rest === undefined) {
      if (method === "PUT") {
        const { deployment_branch_policy: policy, ...others } = body as {
          deployment_branch_policy?: { protected_branches: boolean; custom_branch_policies: boolean };
        };
        if (Object.keys(others).length > 0) return [422, { message: "Invalid request." }];
        // GitHub refuses two equal values.
        if (policy !== undefined && policy.protected_branches === policy.custom_branch_policies)
          return [
            422,
            { message: "protected_branches and custom_branch_policies cannot have the same value" },
          ];
        const branches = environments.get(environment) ?? [];
        environments.set(environment, policy === undefined ? undefined : branches);
        return [200, { name: environment }];
      }
      if (method !== "GET" || !environments.has(environment)) return [404, { message: "Not Found" }];
      const isCustom = environments.get(environment) !== undefined;
      const policy = { protected_branches: false, custom_branch_policies: true };
      return [200, { name: environment, deployment_branch_policy: isCustom ? policy : null }];
    }
    if (environment !== undefined && !environments.has(environment)) return [404, { message: "Not Found" }];
    if (environment !== undefined && rest === "/deployment-branch-policies") {
      const branches = environments.get(environment);
      if (branches === undefined) return [404, { message: "Not Found" }];
      if (method === "POST") {
        branches.push(String(body.name));
        return [200, { name: body.name }];
      }
      return [200, { total_count: branches.length, branch_policies: branches.map((name) => ({ name })) }];
    }
    const [, folder, name] =
      /^((?:\/environments\/[\w-]+|\/actions)\/variables)(?:\/(\w+))?$/.exec(path) ?? [];
    if (folder === undefined) return [404, { message: "Not Found" }];
    if (method === "POST" && name === undefined) {
      const { name: wanted, value } = body;
      if (typeof wanted !== "string" || !VARIABLE.test(wanted) || typeof value !== "string")
        return [422, { message: "Validation Failed" }];
      if (variables.has(`${folder}/${wanted}`)) return [409, { message: "Already exists" }];
      variables.set(`${folder}/${wanted}`, value);
      return [201, {}];
    }
    if (!variables.has(`${folder}/${name}`)) return [404, { message: "Not Found" }];
    if (method === "PATCH") {
      variables.set(`${folder}/${name}`, String(body.value));
      return [204];
    }
    return [200, { name, value: variables.get(`${folder}/${name}`) }];
  };

  const server = createServer(async (request, reply) => {
    const [status, json] = await answer(request);
    reply.writeHead(status, { "content-type": "application/json" });
    reply.end(json === undefined ? undefined : JSON.stringify(json));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  issuer = `${address}/_services/token`;
  return {
    server: address,
    environments,
    variables,
    token: (subject) =>
      new SignJWT({ iss: issuer, sub: subject, aud: "api://AzureADTokenExchange" })
        .setProtectedHeader({ alg: "RS256", kid: "1" })
        .setExpirationTime("5m")
        .sign(privateKey),
    close: () => void server.close(),
  };
}

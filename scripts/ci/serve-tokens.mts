import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** An address on loopback that issues OpenID Connect tokens. */
export interface TokenService {
  /** What a job on GitHub Actions has in their place. */
  readonly variables: {
    readonly ACTIONS_ID_TOKEN_REQUEST_URL: string;
    readonly ACTIONS_ID_TOKEN_REQUEST_TOKEN: string;
  };
  close(): void;
}

/**
 * Issues tokens to this job's processes as GitHub Actions does: GET with a bearer, `{"value": token}`. azure-native asks for a new token
 * only there; Azure Pipelines wants POST and answers otherwise, and a token's file azure-native reads only once.
 * @param token Requests one; if it fails, the answer is 502 with the reason.
 */
export async function serveTokens(token: () => Promise<string>): Promise<TokenService> {
  const bearer = randomBytes(32).toString("base64url");
  const server = createServer(async (request, response) => {
    if (request.method !== "GET" || request.headers.authorization !== `Bearer ${bearer}`) {
      response.writeHead(401).end();
      return;
    }
    try {
      const value = await token();
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ value }));
    } catch (error) {
      response.writeHead(502).end((error as Error).message);
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  return {
    variables: {
      ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer,
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

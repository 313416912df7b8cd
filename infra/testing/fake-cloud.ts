import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { generate } from "selfsigned";

export const TENANT = "00000000-0000-0000-0000-000000000001";

/** A separate cloud: metadata, sign-in and a little of Resource Manager on one TLS port. */
export interface FakeCloud {
  /** For ARM_METADATA_HOSTNAME. */
  readonly host: string;
  /** Its self-signed certificate. */
  readonly certificate: string;
  readonly seen: {
    readonly url: string;
    readonly body: string;
    readonly authorization: string | undefined;
  }[];
  close(): Promise<void>;
}

export async function startFakeCloud(): Promise<FakeCloud> {
  const pems = await generate([{ name: "commonName", value: "127.0.0.1" }], {
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true },
      { name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] },
    ],
  });
  const seen: FakeCloud["seen"] = [];
  const server = createServer({ key: pems.private, cert: pems.cert }, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = request.url ?? "";
    seen.push({ url, body: Buffer.concat(chunks).toString(), authorization: request.headers.authorization });
    const base = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(answer(url, base, seen.length)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    certificate: pems.cert,
    seen,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(url: string, base: string, count: number): unknown {
  if (url.startsWith("/metadata/endpoints")) {
    return {
      authentication: {
        loginEndpoint: `${base}/`,
        audiences: ["https://management.core.windows.net/"],
        tenant: "common",
      },
      resourceManager: `${base}/`,
      suffixes: { sqlServerHostname: "127.0.0.1" },
    };
  }
  if (url.includes("openid-configuration")) {
    const tenant = `${base}/${TENANT}/oauth2/v2.0`;
    return {
      issuer: `${base}/${TENANT}/v2.0`,
      authorization_endpoint: `${tenant}/authorize`,
      token_endpoint: `${tenant}/token`,
      jwks_uri: `${base}/keys`,
    };
  }
  if (url.includes("/oauth2/v2.0/token"))
    return { token_type: "Bearer", expires_in: 3600, access_token: "issued" };
  if (url.includes("/webhooks/generateUri")) return `https://webhook.test/webhooks?token=minted-${count}`;
  if (url === "/api/deployments/latest") return { id: "latest-deployment" };
  return { value: "resource" };
}

/** A cloud that this process trusts until it is closed. */
export async function startTrustedCloud(): Promise<FakeCloud> {
  const trusted = getCACertificates("default");
  const cloud = await startFakeCloud();
  setDefaultCACertificates([...trusted, cloud.certificate]);
  const close = async () => {
    setDefaultCACertificates(trusted);
    await cloud.close();
  };
  return { ...cloud, close };
}

import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { normaliseAudience } from "./audiences";
import { ARM_AUDIENCE, GRAPH_AUDIENCE, type Principal, type PrincipalDirectory } from "./identity";
import { createTokenService } from "./token-service";

describe("tokens", () => {
  const principal: Principal = { objectId: "o1", clientId: "c1", displayName: "x", kind: "ManagedIdentity" };
  const { privateKey: key } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  let known: Principal | undefined;
  let time = 0;
  beforeEach(() => {
    known = principal;
    time = Date.parse("2026-01-01T00:00:00Z");
  });
  const service = (signingKey = key) =>
    createTokenService({
      key: signingKey,
      tenantId: "t1",
      issuer: "https://127.0.0.1:1/t1/v2.0",
      armEndpoint: "https://127.0.0.1:1",
      principals: {
        byObjectId: (id: string) => (id === known?.objectId ? known : undefined),
      } as PrincipalDirectory,
      now: () => time,
    });

  it("accepts one audience in all its spellings, and no other", () => {
    const { token } = service().issue(principal, "https://database.windows.net/.default");
    assert.equal(service().verify(token, "https://database.windows.net/"), principal);
    assert.throws(() => service().verify(token, "https://vault.azure.net"), /audience/);
    assert.equal(
      normaliseAudience("https://management.core.windows.net//.default"),
      "https://management.azure.com",
    );
    const ownEndpoint = service().issue(principal, "https://localhost:1/.default");
    service().verify(ownEndpoint.token, ARM_AUDIENCE);
    for (const graph of ["https://127.0.0.1:1/graph//.default", "00000003-0000-0000-c000-000000000000"])
      service().verify(service().issue(principal, graph).token, GRAPH_AUDIENCE);
  });

  it("refuses a token that has expired or whose principal is gone", () => {
    const { token, expiresOn } = service().issue(principal, ARM_AUDIENCE, 60);
    assert.equal(expiresOn.getTime(), time + 60_000);
    time += 59_000;
    service().verify(token, ARM_AUDIENCE);
    time += 1000;
    assert.throws(() => service().verify(token, ARM_AUDIENCE), /expired/);
    time -= 10_000;
    known = undefined;
    assert.throws(() => service().verify(token, ARM_AUDIENCE), /no longer exists/);
  });

  it("refuses tokens that it did not sign", () => {
    const { token } = service().issue(principal, ARM_AUDIENCE);
    const [head, body = "", signature] = token.split(".");
    const claims = JSON.parse(Buffer.from(body, "base64url").toString());
    const forged = Buffer.from(JSON.stringify({ ...claims, oid: "o2" })).toString("base64url");
    assert.throws(() => service().verify(`${head}.${forged}.${signature}`, ARM_AUDIENCE), /signature/);
    const unsigned = Buffer.from('{"alg":"none"}').toString("base64url");
    assert.throws(() => service().verify(`${unsigned}.${body}.`, ARM_AUDIENCE), /malformed/);
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    assert.throws(() => service(privateKey).verify(token, ARM_AUDIENCE), /malformed|signature/);
    for (const text of ["", "a.b", "a.b.c.d"]) assert.throws(() => service().verify(text, ARM_AUDIENCE));
  });
});

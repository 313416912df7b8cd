import assert from "node:assert/strict";
import { checkQuantemplateLogin } from "./quantemplate-login";

const secrets = { clientId: "id", clientSecret: "s&cret=1" };
const refusal = (reason: string) => ({ code: "QT5010", details: { reason } });

describe("the login to Quantemplate", () => {
  it("sends the client credentials as the pipeline does", async () => {
    const sent: unknown[] = [];
    await checkQuantemplateLogin("https://qt/token", secrets, async (...request) => {
      sent.push(request);
      return { status: 200, text: '{"access_token":"t"}' };
    });
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const body = "grant_type=client_credentials&client_id=id&client_secret=s%26cret%3D1";
    assert.deepEqual(sent, [["https://qt/token", { method: "POST", headers, body }]]);
  });

  const refusals: [why: string, status: number, text: string, reason: string][] = [
    ["a wrong secret", 401, '{"access_token":"t"}', "it answered status 401."],
    ["a page instead of a token", 200, "<html>", "it answered no access_token."],
    ["an answer that is not an object", 200, "null", "it answered no access_token."],
    ["an answer without a token", 200, "{}", "it answered no access_token."],
    ["a token that is not text", 200, '{"access_token":7}', "it answered no access_token."],
  ];
  for (const [why, status, text, reason] of refusals) {
    it(`fails on ${why}`, async () => {
      await assert.rejects(
        checkQuantemplateLogin("https://qt/token", secrets, async () => ({ status, text })),
        refusal(reason),
      );
    });
  }

  it("fails if the host does not answer, and names it", async () => {
    const send = async () => {
      throw new Error("getaddrinfo ENOTFOUND qt");
    };
    await assert.rejects(
      checkQuantemplateLogin("https://qt/token", secrets, send),
      refusal("qt did not answer (getaddrinfo ENOTFOUND qt)."),
    );
  });

  it("needs both secrets as text, and sends nothing without them", async () => {
    const send = async () => assert.fail("it sent something");
    for (const wrong of [undefined, "", 7]) {
      for (const name of ["clientId", "clientSecret"]) {
        await assert.rejects(
          checkQuantemplateLogin("https://qt/token", { ...secrets, [name]: wrong }, send),
          refusal("it needs both clientId and clientSecret."),
        );
      }
    }
  });

  it("names secrets that it does not know and those that it expects, and sends nothing", async () => {
    const send = async () => assert.fail("it sent something");
    const login = (given: object) => checkQuantemplateLogin("https://qt/token", { ...given }, send);
    const needs = "it needs clientId and clientSecret only, and there is";
    await assert.rejects(
      login({ clientID: "id", client_secret: "hunter22" }),
      refusal(`${needs} clientID, client_secret.`),
    );
    await assert.rejects(login({ ...secrets, apiKey: "hunter22" }), refusal(`${needs} apiKey.`));
    await assert.rejects(login({ [`k${"x".repeat(300)}`]: "id" }), refusal(`${needs} (301 characters).`));
  });
});

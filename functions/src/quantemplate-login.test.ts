import assert from "node:assert/strict";
import { checkQuantemplateLogin, hasQuantemplateSecrets } from "./quantemplate-login";

const secrets = { clientId: "id", clientSecret: "s&cret=1" };

describe("the login to Quantemplate", () => {
  it("sends the client credentials as the pipeline does", async () => {
    let sent: { url: string; body: string | undefined; type: string | undefined } | undefined;
    await checkQuantemplateLogin("https://qt/token", secrets, async (url, init) => {
      sent = { url, body: init?.body, type: init?.headers?.["content-type"] };
      return { status: 200, text: '{"access_token":"t"}' };
    });
    assert.deepEqual(sent, {
      url: "https://qt/token",
      body: "grant_type=client_credentials&client_id=id&client_secret=s%26cret%3D1",
      type: "application/x-www-form-urlencoded",
    });
  });

  const refusals: [why: string, status: number, text: string][] = [
    ["a wrong secret", 401, '{"error":"invalid_client"}'],
    ["a page instead of a token", 200, "<html>"],
    ["an answer without a token", 200, "{}"],
  ];
  for (const [why, status, text] of refusals) {
    it(`fails on ${why}`, async () => {
      await assert.rejects(
        checkQuantemplateLogin("https://qt/token", secrets, async () => ({ status, text })),
        { code: "QT5010" },
      );
    });
  }

  it("fails if the host does not answer, and names it", async () => {
    const send = async () => {
      throw new Error("getaddrinfo ENOTFOUND qt");
    };
    await assert.rejects(checkQuantemplateLogin("https://qt/token", secrets, send), {
      code: "QT5010",
      message: /qt did not answer/,
    });
  });

  it("needs both secrets, and is skipped if there are none", async () => {
    await assert.rejects(checkQuantemplateLogin("https://qt/token", { clientId: "id" }), { code: "QT5010" });
    assert.equal(hasQuantemplateSecrets({ clientId: "id" }), true);
    assert.equal(hasQuantemplateSecrets({ other: "x" }), false);
  });
});

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

describe("the sign-in to Pulumi Cloud", () => {
  async function exchanged(
    status: number,
    answer: unknown,
    env: NodeJS.ProcessEnv = { PULUMI_ORG: "northgate" },
  ) {
    const asked: { url: string | undefined; form: Record<string, string> }[] = [];
    const server = createServer(async (request, response) => {
      asked.push({ url: request.url, form: Object.fromEntries(new URLSearchParams(await text(request))) });
      response.writeHead(status).end(JSON.stringify(answer));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { pulumiCloud } = await import("../scripts/ci/pulumi-cloud.mts");
    const PULUMI_BACKEND_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const result = pulumiCloud({ PULUMI_BACKEND_URL, ...env }, async (audience) => `job for ${audience}`);
    return { asked, result: await result.finally(() => server.close()) };
  }

  it("exchanges the job's token for one of the organisation", async () => {
    const { asked, result } = await exchanged(200, { access_token: "pul-marker" });
    assert.deepEqual(result, { PULUMI_ACCESS_TOKEN: "pul-marker" });
    assert.deepEqual(asked, [
      {
        url: "/api/oauth/token",
        form: {
          audience: "urn:pulumi:org:northgate",
          grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
          subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
          requested_token_type: "urn:pulumi:token-type:access_token:organization",
          subject_token: "job for urn:pulumi:org:northgate",
        },
      },
    ]);
  });

  it("asks for nothing without an organisation, or with a token", async () => {
    for (const env of [{}, { PULUMI_ORG: "northgate", PULUMI_ACCESS_TOKEN: "given" }]) {
      const { asked, result } = await exchanged(200, {}, env);
      assert.deepEqual([asked, result], [[], {}]);
    }
  });

  it("fails with Pulumi Cloud's own words", () =>
    assert.rejects(
      exchanged(401, { message: "no policy" }),
      /gave northgate no token: it answered 401 .*no policy/,
    ));
});

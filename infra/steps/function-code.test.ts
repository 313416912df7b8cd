import assert from "node:assert/strict";
import { type FakeAnswer, type FakeArm, type FakeCall, startFakeArm } from "../testing/fake-arm";
import { uploadPackage } from "./function-code";

describe("function-code", () => {
  const zip = Buffer.from("PK-package");
  let arm: FakeArm | undefined;
  afterEach(async () => arm?.close());
  async function upload(answer: (call: FakeCall, before: readonly FakeCall[]) => FakeAnswer) {
    arm = await startFakeArm(answer);
    await uploadPackage(arm.url, zip, arm.session);
    return arm;
  }

  it("posts the zip with an Entra token", async () => {
    const { calls } = await upload(() => ({ status: 200 }));
    assert.deepEqual(
      calls.map(({ method, url, headers, body }) => [
        method,
        url,
        headers.authorization,
        headers["content-type"],
        body,
      ]),
      [["POST", "/api/publish?type=zip", "Bearer arm-token", "application/zip", "PK-package"]],
    );
  });

  it("follows a deployment in the background until it succeeds", async () => {
    const { calls } = await upload(({ method }, before) => {
      if (method === "POST") return { status: 202, text: '"dep-1"' };
      return { json: { status: before.length < 3 ? 2 : 4 } };
    });
    assert.deepEqual(
      calls.slice(1).map(({ url }) => url),
      ["/api/deployments/dep-1", "/api/deployments/dep-1", "/api/deployments/dep-1"],
    );
  });

  it("reports a failed deployment with the platform's message", async () => {
    await assert.rejects(
      upload(({ method }) =>
        method === "POST" ? { status: 202, text: "dep-1" } : { json: { status: 3, status_text: "bad zip" } },
      ),
      /bad zip/,
    );
  });

  it("waits for an endpoint that does not exist yet, but not for one that refuses", async () => {
    const { calls, pauses } = await upload((_call, before) => ({ status: before.length < 2 ? 503 : 200 }));
    assert.equal(calls.length, 3);
    assert.equal(pauses.length, 2);
    await arm?.close();
    await assert.rejects(
      upload(() => ({ status: 403, text: "no right" })),
      /403: no right/,
    );
    assert.equal(arm?.calls.length, 1);
  });
});

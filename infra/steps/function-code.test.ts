import assert from "node:assert/strict";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { QtError } from "../../errors/qt-error";
import { type FakeAnswer, type FakeArm, type FakeCall, startFakeArm } from "../testing/fake-arm";
import { startFakeCloud } from "../testing/fake-cloud";
import { functionCode, uploadPackage } from "./function-code";

describe("function-code", () => {
  const zip = Buffer.from("PK-package");
  let arm: FakeArm | undefined;
  afterEach(async () => arm?.close());
  async function upload(answer: (call: FakeCall, before: readonly FakeCall[]) => FakeAnswer) {
    arm = await startFakeArm(answer);
    await uploadPackage(arm.url, zip, arm.session);
    return arm;
  }
  /** Uploads a package that is deployed in the background, answered `accepted`, whose polls `answer` answers. */
  const followed = (answer: (poll: number) => FakeAnswer, accepted = '"dep-1"') =>
    upload(({ method }, before) =>
      method === "POST" ? { status: 202, text: accepted } : answer(before.length),
    );

  /** The details of the error that an upload ends with; its URL without the server. */
  async function refusal(work: Promise<unknown>) {
    const error: unknown = await work.then(() => undefined).catch((caught: unknown) => caught);
    assert.ok(error instanceof QtError, String(error));
    assert.equal(error.code, "QT1206");
    const { url, status, reason } = error.details;
    return { url: String(url).replace(arm?.url ?? "", ""), status, reason };
  }

  it("builds the package and uploads it to the site's deployment endpoint", async () => {
    const trusted = getCACertificates("default");
    const cloud = await startFakeCloud();
    setDefaultCACertificates([...trusted, cloud.certificate]);
    try {
      arm = await startFakeArm(() => ({}));
      const inputs = { siteId: "/s", scmHost: cloud.host, sha256: "hash" };
      assert.deepEqual(await functionCode.ensure(inputs, arm.session), { result: { sha256: "hash" } });
      assert.deepEqual(
        cloud.seen.map(({ url, authorization }) => [url, authorization]),
        [["/api/publish?type=zip", "Bearer arm-token"]],
      );
      assert.match(cloud.seen[0]?.body ?? "", /^PK.*host\.json/s);
    } finally {
      setDefaultCACertificates(trusted);
      await cloud.close();
    }
  });

  it("posts the zip with an Entra token", async () => {
    const { calls, pauses } = await upload(() => ({ status: 200 }));
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
    assert.deepEqual(pauses, []);
  });

  it("follows a deployment in the background until it succeeds", async () => {
    const { calls, pauses } = await followed((poll) => ({ json: { status: poll < 3 ? 2 : 4 } }));
    assert.deepEqual(
      calls.slice(1).map(({ method, url, headers }) => [method, url, headers.authorization]),
      Array(3).fill(["GET", "/api/deployments/dep-1", "Bearer arm-token"]),
    );
    assert.deepEqual(pauses, [2000, 2000]);
  });

  it("takes the deployment's id as it comes, and the latest deployment if there is none", async () => {
    const ids = [
      ['"dep-1"', "dep-1"],
      [' "dep-1"\r\n', "dep-1"],
      ["a/b", "a%2Fb"],
      ["", "latest"],
      ['""', "latest"],
    ] as const;
    for (const [accepted, id] of ids) {
      const { calls, close } = await followed(() => ({ json: { status: 4 } }), accepted);
      assert.equal(calls[1]?.url, `/api/deployments/${id}`, accepted);
      await close();
    }
  });

  it("reports the verdict of a deployment that failed, met a conflict or succeeded in part", async () => {
    const verdicts = [
      [{ status: 3, status_text: "bad zip", message: "commit" }, "bad zip"],
      [{ status: 5, status_text: "", message: "another deployment" }, "another deployment"],
      [{ status: 6 }, "status 6"],
    ] as const;
    for (const [deployment, reason] of verdicts) {
      const details = await refusal(followed(() => ({ json: deployment })));
      assert.deepEqual(details, { url: "/api/deployments/dep-1", status: 200, reason });
      assert.equal(arm?.calls.length, 2);
      await arm?.close();
    }
  });

  it("continues if the endpoint restarts with the app", async () => {
    const answers: FakeAnswer[] = [
      { status: 503, json: { status: 3 } },
      { text: "<html>starting</html>" },
      { json: {} },
      { json: { status: 4 } },
    ];
    const { pauses } = await followed((poll) => answers[poll - 1] ?? {});
    assert.deepEqual(pauses, [2000, 2000, 2000]);
  });

  it("waits five minutes for the end and reports the last answer", async () => {
    const endless = [
      [{ json: { status: 2 } }, /^it did not end within five minutes: status 2$/],
      [{ json: { status: 1, message: "building" } }, /^it did not end within five minutes: building$/],
      [{ status: 503 }, /^it did not end within five minutes: status 503$/],
      [{ text: "<html>" }, /^it did not end within five minutes: .*not valid JSON$/],
    ] as const;
    for (const [answer, last] of endless) {
      const { reason, ...details } = await refusal(followed(() => answer));
      assert.deepEqual(details, { url: "/api/deployments/dep-1", status: 202 });
      assert.match(String(reason), last);
      assert.deepEqual(arm?.pauses, Array(150).fill(2000));
      await arm?.close();
    }
  });

  it("waits for an endpoint that does not exist yet or is busy, but not for one that refuses", async () => {
    for (const status of [404, 409, 500, 503]) {
      const { calls, pauses, close } = await upload((_call, before) => ({
        status: before.length < 2 ? status : 200,
      }));
      assert.equal(calls.length, 3, String(status));
      assert.deepEqual(pauses, [15_000, 15_000]);
      await close();
    }
    for (const status of [400, 401, 403, 499]) {
      const details = await refusal(upload(() => ({ status, text: "no right" })));
      assert.deepEqual(details, { url: "/api/publish?type=zip", status, reason: "no right" });
      assert.equal(arm?.calls.length, 1, String(status));
      await arm?.close();
    }
  });

  it("uploads again while the identity's role on its storage is under way", async () => {
    const failed = { status: 3, status_text: "InaccessibleStorageException: … 403 (not authorized)" };
    const { calls, pauses } = await upload(({ method }, before) => {
      const uploads = before.filter((call) => call.method === "POST").length;
      return method === "POST" ? { status: 202, text: "d" } : { json: uploads < 3 ? failed : { status: 4 } };
    });
    assert.deepEqual(
      calls.map(({ method }) => method),
      ["POST", "GET", "POST", "GET", "POST", "GET"],
    );
    assert.deepEqual(pauses, [15_000, 15_000]);
  });

  it("gives up after half an hour of a role under way", async () => {
    const { reason } = await refusal(
      followed(() => ({ json: { status: 3, message: "AuthorizationPermissionMismatch" } })),
    );
    assert.equal(reason, "AuthorizationPermissionMismatch");
    assert.deepEqual(arm?.pauses, Array(119).fill(15_000));
  });

  it("waits if the endpoint cannot be reached", async () => {
    arm = await startFakeArm(() => ({}));
    await arm.close();
    await assert.rejects(uploadPackage(arm.url, zip, arm.session), TypeError);
    assert.equal(arm.pauses.length, 19);
  });

  it("gives up after twenty attempts and quotes the start of the answer", async () => {
    const { reason } = await refusal(upload(() => ({ status: 503, text: "x".repeat(301) })));
    assert.equal(reason, "x".repeat(300));
    assert.equal(arm?.calls.length, 20);
  });
});

import assert from "node:assert/strict";
import { QtError } from "../../errors/qt-error";
import { type FakeAnswer, type FakeArm, type FakeCall, startFakeArm } from "../testing/fake-arm";
import { startTrustedCloud } from "../testing/fake-cloud";
import { functionCode, uploadPackage } from "./function-code";

const LATEST = "/api/deployments/latest";
const ROLE = "Failed to upload because Azure Storage responded with Forbidden: status 403";

describe("function-code", () => {
  const zip = Buffer.from("PK-package");
  let arm: FakeArm | undefined;
  afterEach(async () => arm?.close());
  /** Uploads a package to a server that has no deployment before it, and answers everything else as `answer` does. */
  async function upload(answer: (call: FakeCall, before: readonly FakeCall[]) => FakeAnswer) {
    let asked = false;
    arm = await startFakeArm((call, before) => {
      const first = !asked && call.url === LATEST;
      asked ||= first;
      return first ? { status: 404 } : answer(call, before.slice(1));
    });
    await uploadPackage(arm.url, zip, arm.session);
    return arm;
  }
  /** Uploads a package that is deployed in the background, answered `accepted`, whose polls `answer` answers; its log is empty. */
  const followed = (answer: (poll: number) => FakeAnswer, accepted = '"dep-1"') =>
    upload(({ method, url }, before) => {
      if (method === "POST") return { status: 202, text: accepted };
      return url.endsWith("/log") ? { json: [] } : answer(before.length);
    });
  /** Each attempt fails with the next of these, and then it succeeds. A number is the answer to POST, text the deployment's cause. */
  async function failing(...failures: readonly (number | string)[]) {
    const left = [...failures];
    let cause: string | undefined;
    return upload(({ method, url }) => {
      if (url.endsWith("/log")) return { json: [{ message: "Deploying" }, { message: cause }] };
      if (url === LATEST) return { json: { id: "before" } };
      if (method === "GET") return { json: { status: cause === undefined ? 4 : 3 } };
      const failure = left.shift();
      cause = typeof failure === "string" ? failure : undefined;
      return typeof failure === "number" ? { status: failure, text: "no" } : { status: 202, text: "d" };
    });
  }

  /** The details of the error that an upload ends with; its URL without the server. */
  async function refusal(work: Promise<unknown>) {
    const error: unknown = await work.then(() => undefined).catch((caught: unknown) => caught);
    assert.ok(error instanceof QtError, String(error));
    assert.equal(error.code, "QT1206");
    const { url, status, reason } = error.details;
    return { url: String(url).replace(arm?.url ?? "", ""), status, reason };
  }

  it("builds the package and uploads it to the site's deployment endpoint", async () => {
    const cloud = await startTrustedCloud();
    try {
      arm = await startFakeArm(() => ({}));
      const inputs = { siteId: "/s", scmHost: cloud.host, sha256: "hash" };
      assert.deepEqual(await functionCode.ensure(inputs, arm.session), {
        result: { sha256: "hash", deployment: "latest-deployment" },
      });
      assert.deepEqual(
        cloud.seen.map(({ url, authorization }) => [url, authorization]),
        [
          [LATEST, "Bearer arm-token"],
          ["/api/publish?type=zip", "Bearer arm-token"],
          [LATEST, "Bearer arm-token"],
        ],
      );
      assert.match(cloud.seen[1]?.body ?? "", /^PK.*host\.json/s);
    } finally {
      await cloud.close();
    }
  });

  it("posts the zip with an Entra token", async () => {
    const { calls, pauses } = await upload(() => ({ status: 200 }));
    assert.deepEqual(
      calls
        .slice(1)
        .map(({ method, url, headers, body }) => [
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
      calls.slice(2).map(({ method, url, headers }) => [method, url, headers.authorization]),
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
      assert.equal(calls[2]?.url, `/api/deployments/${id}`, accepted);
      await close();
    }
  });

  it("reports the verdict of a deployment that failed or succeeded in part, with the end of its log", async () => {
    const verdicts = [
      [{ status: 3, status_text: "bad zip", message: "commit" }, [], "bad zip"],
      [{ status: 3, message: "failed" }, ["1", "2", "", "failed", "why"], "failed; 2; why"],
      [{ status: 6 }, "no list", "status 6"],
    ] as const;
    for (const [deployment, log, reason] of verdicts) {
      const lines = Array.isArray(log) ? log.map((message) => ({ message })) : log;
      const details = await refusal(
        upload(({ method, url }) => {
          if (method === "POST") return { status: 202, text: "dep-1" };
          return { json: url.endsWith("/dep-1/log") ? lines : deployment };
        }),
      );
      assert.deepEqual(details, { url: "/api/deployments/dep-1", status: 200, reason });
      assert.equal(arm?.calls.length, 4);
      await arm?.close();
    }
  });

  it("asks for the latest deployment once its own is not found twice, but not for the one before", async () => {
    const answers = ["before", "before", "dep-2"];
    arm = await startFakeArm(({ method, url }) => {
      if (method === "POST") return { status: 202, text: "dep-1" };
      return url === LATEST ? { json: { id: answers.shift(), status: 4 } } : { status: 404 };
    });
    await uploadPackage(arm.url, zip, arm.session);
    assert.deepEqual(
      arm.calls.map(({ url }) => url.replace("/api/", "")),
      [
        "deployments/latest",
        "publish?type=zip",
        "deployments/dep-1",
        "deployments/dep-1",
        "deployments/latest",
        "deployments/latest",
      ],
    );
  });

  it("uploads where the endpoint knows no latest deployment, or does not say which", async () => {
    for (const answer of [{ status: 400 }, { text: "<html>" }, { json: {} }]) {
      arm = await startFakeArm(({ method }) => (method === "POST" ? {} : answer));
      await uploadPackage(arm.url, zip, arm.session);
      assert.equal(arm.calls.length, 2);
      await arm.close();
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

  it("waits a quarter of an hour for the end and reports the last answer", async () => {
    const endless = [
      [{ json: { status: 2 } }, /^it did not end within a quarter of an hour: status 2$/],
      [{ json: { status: 1, message: "building" } }, /^it did not end within .*: building$/],
      [{ status: 503 }, /^it did not end within .*: status 503$/],
      [{ text: "<html>" }, /^it did not end within .*: .*not valid JSON$/],
    ] as const;
    for (const [answer, last] of endless) {
      const { reason, ...details } = await refusal(followed(() => answer));
      assert.deepEqual(details, { url: "/api/deployments/dep-1", status: 202 });
      assert.match(String(reason), last);
      assert.deepEqual(arm?.pauses, Array(450).fill(2000));
      await arm?.close();
    }
  });

  it("uploads again while the cause passes, whatever its form", async () => {
    const causes = [
      ROLE,
      "InaccessibleStorageException: … (not authorized)",
      "AuthorizationPermissionMismatch",
      401,
      403,
      404,
      409,
      500,
      503,
    ];
    for (const cause of causes) {
      const { calls, pauses, close } = await failing(cause, cause);
      assert.equal(calls.filter(({ method }) => method === "POST").length, 3, String(cause));
      assert.deepEqual(pauses, [15_000, 15_000]);
      await close();
    }
  });

  it("uploads again after a deployment that another one replaced", async () => {
    for (const status of [-1, 5]) {
      let polls = 0;
      const { calls, close } = await followed(() => ({ json: { status: polls++ === 0 ? status : 4 } }));
      assert.equal(calls.filter(({ method }) => method === "POST").length, 2, String(status));
      await close();
    }
  });

  it("takes the cause of a deployment that is lost from the log of the latest one", async () => {
    let uploads = 0;
    const { pauses } = await upload(({ method, url }) => {
      if (method === "POST") return { status: 202, text: `d${++uploads}` };
      if (url === `${LATEST}/log`) return { json: [{ message: ROLE }] };
      if (url === LATEST) return { json: { id: `d${uploads}`, status: 3 } };
      return uploads < 2 ? { status: 404 } : { json: { status: 4 } };
    });
    assert.deepEqual([uploads, pauses], [2, [2000, 2000, 15_000]]);
  });

  it("does not repeat what lasts", async () => {
    for (const [cause, reason] of [
      [400, "no"],
      [499, "no"],
      ["no host.json", "status 3; Deploying; no host.json"],
      ["403 of a package feed", "status 3; Deploying; 403 of a package feed"],
    ] as const) {
      assert.equal((await refusal(failing(cause))).reason, reason);
      assert.deepEqual(arm?.pauses, []);
      await arm?.close();
    }
  });

  it("counts each cause for itself: half an hour for a role, five minutes for an endpoint, two for a refusal", async () => {
    const causes = [
      [ROLE, 120],
      [503, 20],
      [403, 8],
    ] as const;
    for (const [cause, attempts] of causes) {
      await refusal(failing(...Array(attempts).fill(cause)));
      assert.deepEqual(arm?.pauses, Array(attempts - 1).fill(15_000), String(cause));
      await arm?.close();
    }
    const all = causes.flatMap(([cause, attempts]) => Array<number | string>(attempts - 1).fill(cause));
    await failing(...all);
    assert.equal(arm?.pauses.length, all.length);
  });

  it("waits if the endpoint cannot be reached", async () => {
    arm = await startFakeArm(() => ({}));
    await arm.close();
    await assert.rejects(uploadPackage(arm.url, zip, arm.session), TypeError);
    assert.equal(arm.pauses.length, 19);
  });

  it("waits if the endpoint does not say yet which deployment is the latest", async () => {
    const statuses = [401, 403, 503, 404];
    arm = await startFakeArm(({ method }) => (method === "POST" ? {} : { status: statuses.shift() ?? 500 }));
    await uploadPackage(arm.url, zip, arm.session);
    assert.deepEqual(arm.pauses, [15_000, 15_000, 15_000]);
  });

  it("quotes the start of an answer", async () => {
    const { reason } = await refusal(upload(() => ({ status: 400, text: "x".repeat(301) })));
    assert.equal(reason, "x".repeat(300));
  });
});

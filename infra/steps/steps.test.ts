import assert from "node:assert/strict";
import { QtError } from "../../errors/qt-error";
import { armError, type FakeAnswer, type FakeArm, type FakeCall, startFakeArm } from "../testing/fake-arm";
import { connection } from "./database-migration";
import { functionKey } from "./function-key";
import { identityClientId } from "./identity-client-id";
import { throughFirewall } from "./open-firewall";
import { runbookContent } from "./runbook-content";
import { triggerStarted, triggerStopped } from "./trigger-state";
import { webhookUri } from "./webhook-uri";

describe("a step", () => {
  let arm: FakeArm | undefined;
  afterEach(async () => {
    await arm?.close();
    arm = undefined;
  });
  async function fake(answer: (call: FakeCall, before: readonly FakeCall[]) => FakeAnswer): Promise<FakeArm> {
    arm = await startFakeArm(answer);
    return arm;
  }
  const requests = ({ calls }: FakeArm) =>
    calls.map(({ method, url }) => `${method} ${url.replace(/\?.*/, "")}`);

  describe("webhook-uri", () => {
    const mint = (uri: string) => fake(() => ({ json: uri }));

    it("mints a URI once, as a secret, with its expiry date", async () => {
      const { session, calls } = await mint("https://w/webhooks?token=t1");
      const outcome = await webhookUri.ensure({ accountId: "/a", expiry: "2027-12-31" }, session);
      assert.equal(outcome.result.expiryTime, "2027-12-31T00:00:00.000Z");
      assert.deepEqual(outcome.secret, { uri: "https://w/webhooks?token=t1" });
      assert.ok(!JSON.stringify(outcome.result).includes("token"));
      assert.deepEqual(
        calls.map(({ method, url }) => [method, url]),
        [["POST", "/a/webhooks/generateUri?api-version=2015-10-31"]],
      );
    });

    it("expires in a year if the tenant sets no date", async () => {
      const { session } = await mint("u");
      const { result } = await webhookUri.ensure({ accountId: "/a", expiry: "" }, session);
      const days = (Date.parse(result.expiryTime) - Date.now()) / 86_400_000;
      assert.ok(days > 364 && days < 367, result.expiryTime);
    });

    it("gives each webhook its own name, so that old and new can coexist", async () => {
      const names = new Set<string>();
      for (const uri of ["u1", "u2"]) {
        const { session, close } = await mint(uri);
        names.add((await webhookUri.ensure({ accountId: "/a", expiry: "" }, session)).result.name);
        await close();
      }
      assert.equal(names.size, 2);
    });

    it("is replaced by every change, never updated", () => {
      assert.deepEqual([...(webhookUri.replaceOn ?? [])].sort(), ["accountId", "expiry"]);
    });
  });

  describe("runbook-content", () => {
    const inputs = { runbookId: "/r", file: "runbooks/R.ps1", content: "Write-Output 'é'\n" };

    it("puts the text into the draft and publishes it", async () => {
      const fakeArm = await fake(({ method }) =>
        method === "PUT" ? { status: 200 } : { status: 200, text: "" },
      );
      await runbookContent.ensure(inputs, fakeArm.session);
      assert.deepEqual(requests(fakeArm), ["PUT /r/draft/content", "POST /r/publish"]);
      assert.equal(fakeArm.calls[0]?.headers["content-type"], "text/powershell");
      assert.equal(fakeArm.calls[0]?.body, Buffer.from(inputs.content).toString("latin1"));
    });

    it("waits while Azure publishes in the background", async () => {
      const fakeArm = await fake(({ method, headers }, before) => {
        if (method === "PUT") return { status: 200 };
        const location = `http://${headers.host}/operation`;
        if (method === "POST") return { status: 202, headers: { location, "retry-after": "0" } };
        return before.length < 4
          ? { status: 202, headers: { location, "retry-after": "0" } }
          : { status: 200, json: {} };
      });
      await runbookContent.ensure(inputs, fakeArm.session);
      assert.deepEqual(requests(fakeArm).slice(2), ["GET /operation", "GET /operation", "GET /operation"]);
    });
  });

  describe("trigger-stopped and trigger-started", () => {
    const inputs = { factoryId: "/f", trigger: "t", definition: "d" };
    const state = (runtimeState: string) => () => ({ json: { properties: { runtimeState } } });

    it("stop a started trigger, start a stopped one, and otherwise do nothing", async () => {
      const cases = [
        [triggerStopped, "Started", "POST /f/triggers/t/stop"],
        [triggerStopped, "Stopped", undefined],
        [triggerStarted, "Stopped", "POST /f/triggers/t/start"],
        [triggerStarted, "Started", undefined],
      ] as const;
      for (const [step, runtimeState, expected] of cases) {
        const fakeArm = await fake(state(runtimeState));
        await step.ensure(inputs, fakeArm.session);
        assert.deepEqual(requests(fakeArm).slice(1), expected ? [expected] : []);
        await fakeArm.close();
      }
    });

    it("accept that the trigger does not exist yet, or no longer exists", async () => {
      const fakeArm = await fake(() => armError(404, "NotFound", "no such trigger"));
      await triggerStopped.ensure(inputs, fakeArm.session);
      await triggerStarted.remove?.(inputs, fakeArm.session, { result: { definition: "d" } });
      assert.deepEqual(requests(fakeArm), ["GET /f/triggers/t", "GET /f/triggers/t"]);
    });

    it("fail to start a trigger that does not exist", async () => {
      const { session } = await fake(() => armError(404, "NotFound", "no such trigger"));
      await assert.rejects(triggerStarted.ensure(inputs, session), /404: NotFound: no such trigger/);
    });
  });

  describe("function-key", () => {
    const inputs = {
      siteId: "/s",
      functionName: "fivetran",
      keyName: "k",
      value: "secret-key-value",
      code: "c",
    };

    it("waits for a cold host, then sets the value", async () => {
      const fakeArm = await fake((_call, before) =>
        before.length < 3 ? { status: 503, text: "starting" } : { status: 201 },
      );
      await functionKey.ensure(inputs, fakeArm.session);
      assert.equal(fakeArm.calls.length, 4);
      assert.deepEqual(JSON.parse(fakeArm.calls[3]?.body ?? ""), {
        properties: { name: "k", value: "secret-key-value" },
      });
      assert.equal(fakeArm.pauses.length, 3);
    });

    it("fails after its last attempt with what is safe and what to do, without showing the key", async () => {
      const { session } = await fake(() => ({ status: 503, text: "still starting" }));
      const error = await functionKey.ensure(inputs, session).catch((caught: unknown) => caught);
      assert.ok(error instanceof QtError && error.code === "QT1207");
      assert.ok(!error.format().includes("secret-key-value"));
    });

    it("does not wait if the deployer lacks the right", async () => {
      const fakeArm = await fake(() => armError(403, "AuthorizationFailed", "no"));
      await assert.rejects(functionKey.ensure(inputs, fakeArm.session), /403: AuthorizationFailed/);
      assert.equal(fakeArm.calls.length, 1);
    });

    it("can be removed even if it is already gone", async () => {
      const { session } = await fake(() => ({ status: 404 }));
      await functionKey.remove?.(inputs, session, { result: { keyName: "k" } });
    });
  });

  describe("identity-client-id", () => {
    it("reads the client id, even of an identity that is not known everywhere yet", async () => {
      const fakeArm = await fake((_call, before) =>
        before.length === 0
          ? armError(404, "NotFound", "not yet")
          : { json: { properties: { clientId: "c-1" } } },
      );
      const { result } = await identityClientId.ensure(
        { resourceId: "/f", principalId: "p" },
        fakeArm.session,
      );
      assert.deepEqual(result, { clientId: "c-1" });
      assert.match(
        fakeArm.calls[1]?.url ?? "",
        /^\/f\/providers\/Microsoft\.ManagedIdentity\/identities\/default\?/,
      );
    });
  });

  describe("database-migration", () => {
    it("takes SQL Server's `host,port` and checks the server's certificate", () => {
      const { server, port, options } = connection("127.0.0.1,31989", "db", "token");
      assert.deepEqual([server, port, options?.trustServerCertificate], ["127.0.0.1", 31989, false]);
      assert.equal(connection("srv.database.windows.net", "db", "token").port, 1433);
    });
  });

  describe("the firewall", () => {
    const target = { serverId: "/srv", server: "srv.test", database: "db" };

    it("is left alone if the server accepts us", async () => {
      const fakeArm = await fake(() => ({}));
      assert.equal(await throughFirewall(target, fakeArm.session, async () => "done"), "done");
      assert.deepEqual(fakeArm.calls, []);
    });

    it("is opened once for our address, however often that is requested, and closed again", async () => {
      const fakeArm = await fake(() => ({ json: {} }));
      await throughFirewall(target, fakeArm.session, async (open) => {
        assert.equal(await open("203.0.113.7"), true);
        assert.equal(await open("203.0.113.7"), true);
      });
      const [put, remove, ...others] = fakeArm.calls;
      assert.deepEqual([put?.method, remove?.method, others.length], ["PUT", "DELETE", 0]);
      assert.equal(remove?.url, put?.url);
      assert.deepEqual(JSON.parse(put?.body ?? ""), {
        properties: { startIpAddress: "203.0.113.7", endIpAddress: "203.0.113.7" },
      });
    });

    it("is closed again even if the work fails", async () => {
      const fakeArm = await fake(() => ({ json: {} }));
      const work = throughFirewall(target, fakeArm.session, async (open) => {
        await open("203.0.113.7");
        throw new Error("syntax error in 0001.sql");
      });
      await assert.rejects(work, /syntax error/);
      assert.deepEqual(
        fakeArm.calls.map(({ method }) => method),
        ["PUT", "DELETE"],
      );
    });

    it("is closed for every other address if one fails, and the work's own error is reported", async () => {
      const fakeArm = await fake(({ method }, before) =>
        method === "DELETE" && before.every((call) => call.method === "PUT")
          ? armError(409, "Conflict", "busy")
          : { json: {} },
      );
      const both = async (open: (address: string) => Promise<boolean>) => {
        await open("203.0.113.7");
        await open("203.0.113.8");
      };
      const failing = throughFirewall(target, fakeArm.session, async (open) => {
        await both(open);
        throw new Error("syntax error in 0001.sql");
      });
      await assert.rejects(failing, /syntax error/);
      assert.equal(fakeArm.calls.filter(({ method }) => method === "DELETE").length, 2);
    });

    it("reports that the deployer may not open it", async () => {
      const { session } = await fake(() => armError(403, "AuthorizationFailed", "no"));
      const error = await throughFirewall(target, session, (open) => open("203.0.113.7")).catch(
        (e: unknown) => e,
      );
      assert.ok(error instanceof QtError && error.code === "QT1208", String(error));
    });
  });
});

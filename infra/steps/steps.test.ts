import assert from "node:assert/strict";
import { mock } from "node:test";
import type { MigrateOptions } from "../../database/migrate";
import { QtError } from "../../errors/qt-error";
import { sha256 } from "../../packages/kit/sha256";
import { armError, type FakeAnswer, type FakeArm, type FakeCall, startFakeArm } from "../testing/fake-arm";
import { budgetStart } from "./budget-start";
import { connection, databaseMigration } from "./database-migration";
import { functionKey } from "./function-key";
import { identityClientId } from "./identity-client-id";
import { knownRole } from "./known-role";
import { closeLeftOpen, throughFirewall } from "./open-firewall";
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

  /** A SQL server whose firewall has the rules of `names`; everything else succeeds. */
  const sqlServer = (...names: string[]) =>
    fake(({ method }) => ({ json: method === "GET" ? { value: names.map((name) => ({ name })) } : {} }));
  const changes = (fakeArm: FakeArm) => requests(fakeArm).filter((request) => !request.startsWith("GET "));

  const apiVersions = ({ calls }: FakeArm) => calls.map(({ url }) => url.replace(/^.*\?api-version=/, ""));

  describe("known-role", () => {
    it("waits until the role is found three times in a row", async () => {
      const answers = [404, 200, 404, 200, 200, 200];
      const { session, calls, pauses } = await fake((_call, before) => {
        const status = answers[before.length] ?? 500;
        return status === 200 ? { json: {} } : armError(status, "RoleDefinitionDoesNotExist", "not yet");
      });
      assert.deepEqual(await knownRole.ensure({ roleDefinitionId: "/d", scope: "/g" }, session), {
        result: { roleDefinitionId: "/d" },
      });
      assert.equal(calls.length, answers.length);
      assert.deepEqual(new Set(pauses), new Set([5000]));
    });

    it("removes the role at its scope, also if its assignments went a moment ago or it is gone", async () => {
      const answers = ["RoleDefinitionHasAssignments", "NotFound"];
      const fakeArm = await fake((_call, before) =>
        armError(before.length === 0 ? 400 : 404, answers[before.length] ?? "", "no"),
      );
      const inputs = { roleDefinitionId: "/s/providers/x/roleDefinitions/guid", scope: "/g" };
      await knownRole.remove?.(inputs, fakeArm.session, { result: inputs });
      const request = "DELETE /g/providers/Microsoft.Authorization/roleDefinitions/guid";
      assert.deepEqual(requests(fakeArm), [request, request]);
    });
  });

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
      const outcome = await runbookContent.ensure(inputs, fakeArm.session);
      assert.deepEqual(outcome, { result: { sha256: sha256(inputs.content) } });
      assert.deepEqual(requests(fakeArm), ["PUT /r/draft/content", "POST /r/publish"]);
      assert.deepEqual(apiVersions(fakeArm), ["2023-11-01", "2023-11-01"]);
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
    const inputs = { factoryId: "/f", trigger: "t", definition: "d", provider: "3" };
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
        const outcome = await step.ensure(inputs, fakeArm.session);
        assert.deepEqual(outcome, { result: { definition: "d" } });
        assert.deepEqual(requests(fakeArm), ["GET /f/triggers/t", ...(expected ? [expected] : [])]);
        assert.deepEqual([...new Set(apiVersions(fakeArm))], ["2018-06-01"]);
        await fakeArm.close();
      }
    });

    it("call Azure if it does not report the trigger's state", async () => {
      const cases = [
        [triggerStopped, "stop"],
        [triggerStarted, "start"],
      ] as const;
      for (const [step, operation] of cases) {
        for (const json of [{}, { properties: {} }]) {
          const fakeArm = await fake(() => ({ json }));
          await step.ensure(inputs, fakeArm.session);
          assert.deepEqual(requests(fakeArm), ["GET /f/triggers/t", `POST /f/triggers/t/${operation}`]);
          await fakeArm.close();
        }
      }
    });

    it("stop the trigger before it is removed", async () => {
      const fakeArm = await fake(state("Started"));
      await triggerStarted.remove?.(inputs, fakeArm.session, { result: { definition: "d" } });
      assert.deepEqual(requests(fakeArm), ["GET /f/triggers/t", "POST /f/triggers/t/stop"]);
    });

    it("fail if the trigger's state cannot be read", async () => {
      const fakeArm = await fake(() => armError(403, "AuthorizationFailed", "no"));
      for (const step of [triggerStopped, triggerStarted])
        await assert.rejects(step.ensure(inputs, fakeArm.session), { code: "QT1201", status: 403 });
      assert.deepEqual(requests(fakeArm), ["GET /f/triggers/t", "GET /f/triggers/t"]);
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

    const key = "/s/functions/fivetran/keys/k?api-version=2024-04-01";
    const coldStatuses = [400, 404, 409, 500, 503];
    const finalStatuses = [401, 403, 429, 499];

    it("waits for a cold host, then sets the value", async () => {
      for (const status of coldStatuses) {
        const fakeArm = await fake((_call, before) =>
          before.length < 3 ? { status, text: "starting" } : { status: 201 },
        );
        const outcome = await functionKey.ensure(inputs, fakeArm.session);
        assert.deepEqual(outcome, { result: { keyName: "k" } });
        assert.deepEqual(
          fakeArm.calls.map(({ method, url }) => [method, url]),
          Array(4).fill(["PUT", key]),
        );
        assert.deepEqual(JSON.parse(fakeArm.calls[3]?.body ?? ""), {
          properties: { name: "k", value: "secret-key-value" },
        });
        assert.deepEqual(fakeArm.pauses, [5000, 5000, 5000]);
        await fakeArm.close();
      }
    });

    it("fails after its last attempt with what is safe and what to do, without showing the key", async () => {
      const { session, calls } = await fake(() => ({ status: 503, text: "still starting" }));
      const error = await functionKey.ensure(inputs, session).catch((caught: unknown) => caught);
      assert.ok(error instanceof QtError && error.code === "QT1207");
      assert.equal(calls.length, 30);
      const cause = error.cause as QtError;
      assert.equal(cause.code, "QT1201");
      assert.match(cause.message, /503: still starting/);
      assert.deepEqual(error.details, { attempts: 30, reason: cause.message });
      assert.ok(!error.format().includes("secret-key-value"));
    });

    it("does not wait if the deployer lacks the right", async () => {
      for (const status of finalStatuses) {
        const fakeArm = await fake(() => armError(status, "AuthorizationFailed", "no"));
        await assert.rejects(functionKey.ensure(inputs, fakeArm.session), { code: "QT1201", status });
        assert.equal(fakeArm.calls.length, 1);
        await fakeArm.close();
      }
    });

    it("is removed by its name", async () => {
      const { session, calls } = await fake(() => ({ status: 204 }));
      await functionKey.remove?.(inputs, session, { result: { keyName: "k" } });
      assert.deepEqual(
        calls.map(({ method, url }) => [method, url]),
        [["DELETE", key]],
      );
    });

    it("can be removed even if it is already gone, with its code or its app", async () => {
      for (const status of coldStatuses) {
        const { session, close } = await fake(() => ({ status }));
        await functionKey.remove?.(inputs, session, { result: { keyName: "k" } });
        await close();
      }
    });

    it("fails to be removed without the right", async () => {
      for (const status of finalStatuses) {
        const { session, close } = await fake(() => armError(status, "AuthorizationFailed", "no"));
        const removed = functionKey.remove?.(inputs, session, { result: { keyName: "k" } });
        await assert.rejects(removed ?? assert.fail(), { code: "QT1201", status });
        await close();
      }
    });
  });

  describe("budget-start", () => {
    const inputs = { scope: "/g", budget: "b", earliest: "2027-01-01" };
    const start = async (earliest: string, answer: FakeAnswer) => {
      const { session, close } = await fake(() => answer);
      const { result } = await budgetStart.ensure({ ...inputs, earliest }, session);
      await close();
      return result.startDate;
    };
    const none = armError(404, "NotFound", "no such budget");

    it("is this month for a new budget, or the tenant's month if that is later", async () => {
      const thisMonth = `${new Date().toISOString().slice(0, 7)}-01T00:00:00Z`;
      assert.equal(await start("2020-01-01", none), thisMonth);
      assert.equal(await start("2099-01-01", none), "2099-01-01T00:00:00Z");
    });

    it("stays for a budget that exists, whatever the tenant's file says", async () => {
      const existing = { json: { properties: { timePeriod: { startDate: "2020-03-01T00:00:00Z" } } } };
      for (const earliest of ["2020-01-01", "2099-01-01"])
        assert.equal(await start(earliest, existing), "2020-03-01T00:00:00Z");
    });

    it("is decided again if the budget is gone", async () => {
      const { session, calls } = await fake(() => none);
      assert.equal(await budgetStart.read?.(inputs, session, { result: { startDate: "" } }), undefined);
      assert.equal(calls[0]?.url, "/g/providers/Microsoft.Consumption/budgets/b?api-version=2024-08-01");
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
      const request = "GET /f/providers/Microsoft.ManagedIdentity/identities/default";
      assert.deepEqual(requests(fakeArm), [request, request]);
      assert.deepEqual(apiVersions(fakeArm), ["2023-01-31", "2023-01-31"]);
      assert.deepEqual(fakeArm.pauses, [5000]);
    });

    it("gives up after six attempts, and at once if the identity may not be read", async () => {
      for (const [status, attempts] of [
        [404, 6],
        [403, 1],
      ] as const) {
        const fakeArm = await fake(() => armError(status, "Refused", "no"));
        const read = identityClientId.ensure({ resourceId: "/f", principalId: "p" }, fakeArm.session);
        await assert.rejects(read, { code: "QT1201", status });
        assert.equal(fakeArm.calls.length, attempts);
        await fakeArm.close();
      }
    });
  });

  describe("database-migration", () => {
    it("takes SQL Server's `host,port`, signs in with the token and checks the server's certificate", () => {
      assert.deepEqual(connection("127.0.0.1,31989", "db", "token"), {
        server: "127.0.0.1",
        port: 31989,
        database: "db",
        authentication: { type: "azure-active-directory-access-token", options: { token: "token" } },
        options: { encrypt: true, trustServerCertificate: false, appName: "quantemplate-migration" },
      });
      assert.equal(connection("srv.database.windows.net", "db", "token").port, 1433);
    });

    it("migrates with the tenant's settings, and opens the firewall if the migrator asks for it", async () => {
      const path = require.resolve("../../database/migrate");
      require(path);
      const loaded = require.cache[path];
      assert.ok(loaded, "the migrator is loaded");
      const { exports } = loaded;
      const asked: MigrateOptions[] = [];
      const migrate = async (options: MigrateOptions) => {
        asked.push(options);
        assert.equal(await options.onFirewall?.("203.0.113.7"), true);
        const write = mock.method(process.stderr, "write", () => true);
        options.progress?.("half of it");
        assert.deepEqual(write.mock.calls[0]?.arguments, ["half of it\n"], "where Pulumi reads it");
        write.mock.restore();
      };
      loaded.exports = { ...exports, migrate };
      try {
        const fakeArm = await sqlServer("deployment-0123abcd");
        const settings = {
          datasets: [{ id: "d-1", table: "premium", keyColumns: [] }] as never,
          unknownDatasets: "ignore" as const,
          retention: { deletedRowsDays: 30 },
          users: [{ name: "loader", clientId: "c-1", role: "loader" as const }],
        };
        const files = { "migrations/0001-a.sql": "a", "repeatable/p.sql": "p" };
        const target = { serverId: "/srv", server: "srv.test,1435", database: "db" };
        const outcome = await databaseMigration.ensure({ ...target, files, ...settings }, fakeArm.session);
        assert.deepEqual(outcome, { result: { files: 2 } });
        const [{ onFirewall: _, progress: __, ...options }, ...others] = asked as [MigrateOptions];
        assert.deepEqual(options, { connect: connection("srv.test,1435", "db", "sql-token"), ...settings });
        assert.equal(others.length, 0);
        assert.deepEqual(
          changes(fakeArm).map((request) => request.replace(/-[0-9a-f]{8}$/, "")),
          [
            "DELETE /srv/firewallRules/deployment",
            "PUT /srv/firewallRules/deployment",
            "DELETE /srv/firewallRules/deployment",
          ],
        );
      } finally {
        loaded.exports = exports;
      }
    });
  });

  describe("the firewall", () => {
    const target = { serverId: "/srv", server: "srv.test", database: "db" };

    it("is left alone if the server accepts us", async () => {
      const fakeArm = await fake(() => ({}));
      assert.equal(await throughFirewall(target, fakeArm.session, async () => "done"), "done");
      assert.deepEqual(fakeArm.calls, []);
    });

    it("is closed where a process that was killed has left it open", async () => {
      const fakeArm = await sqlServer(
        "office",
        "deployment-0123abcd",
        "deployment-of-somebody",
        "deployment-deadbeef",
      );
      await closeLeftOpen("/srv", fakeArm.session);
      assert.deepEqual(requests(fakeArm), [
        "GET /srv/firewallRules",
        "DELETE /srv/firewallRules/deployment-0123abcd",
        "DELETE /srv/firewallRules/deployment-deadbeef",
      ]);
    });

    it("stays as it is for a deployer who may not see its rules", async () => {
      const { session } = await fake(() => armError(403, "AuthorizationFailed", "no"));
      await closeLeftOpen("/srv", session);
    });

    it("is opened for our address as often as that is requested, and closed again", async () => {
      const fakeArm = await sqlServer();
      await throughFirewall(target, fakeArm.session, async (open) => {
        assert.equal(await open("203.0.113.7"), true);
        assert.equal(await open("203.0.113.7"), true);
      });
      const [put, again, remove] = fakeArm.calls;
      assert.deepEqual(
        changes(fakeArm).map((request) => request.split(" ")[0]),
        ["PUT", "PUT", "DELETE"],
      );
      assert.deepEqual([again?.url, remove?.url], [put?.url, put?.url]);
      assert.deepEqual(JSON.parse(put?.body ?? ""), {
        properties: { startIpAddress: "203.0.113.7", endIpAddress: "203.0.113.7" },
      });
    });

    it("is closed again even if the work fails", async () => {
      const fakeArm = await sqlServer();
      const work = throughFirewall(target, fakeArm.session, async (open) => {
        await open("203.0.113.7");
        throw new Error("syntax error in 0001.sql");
      });
      await assert.rejects(work, /syntax error/);
      assert.deepEqual(
        changes(fakeArm).map((request) => request.split(" ")[0]),
        ["PUT", "DELETE"],
      );
    });

    it("is closed for every other address if one fails, and the work's own error is reported", async () => {
      const fakeArm = await fake(({ method }, before) =>
        method === "DELETE" && before.every((call) => call.method !== "DELETE")
          ? armError(409, "Conflict", "busy")
          : { json: { value: [] } },
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

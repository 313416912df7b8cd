import assert from "node:assert/strict";
import { mock } from "node:test";
import { armError, type FakeAnswer, type FakeArm, type FakeCall, startFakeArm } from "../testing/fake-arm";
import { startTrustedCloud } from "../testing/fake-cloud";
import { databaseMigration } from "./database-migration";
import { functionCode } from "./function-code";
import { functionKey } from "./function-key";
import { identityClientId } from "./identity-client-id";
import { runbookContent } from "./runbook-content";
import { sqlAdministrator } from "./sql-administrator";
import { NotSeen } from "./step-definition";
import { definitionHash } from "./trigger-definition";
import { triggerStarted, triggerStopped } from "./trigger-state";

const definition = (hour: number) => ({ typeProperties: { recurrence: { schedule: { hours: [hour] } } } });
const trigger = { factoryId: "/f", trigger: "t", definition: definitionHash(definition(2)), provider: "3" };
const answered = (runtimeState: string, hour = 2): FakeAnswer => ({
  json: { properties: { ...definition(hour), runtimeState } },
});
const gone = armError(404, "NotFound", "gone");

/** The inputs that would make what is live, of a step on an Azure that answers as given. */
async function live<Inputs extends object, Result>(
  step: { read?: (inputs: Inputs, azure: FakeArm["session"], outcome: { result: Result }) => unknown },
  inputs: Inputs,
  result: Result,
  answer: (call: FakeCall) => FakeAnswer,
): Promise<unknown> {
  const arm = await startFakeArm(answer);
  try {
    return await step.read?.(inputs, arm.session, { result });
  } finally {
    await arm.close();
  }
}

describe("what a refresh sees of a step", () => {
  it("the published script, whatever its line ends; nothing if there is none", async () => {
    const inputs = { runbookId: "/r", file: "f", content: "one\ntwo\n" };
    const read = (answer: FakeAnswer) =>
      live(runbookContent, inputs, { sha256: "" }, ({ url }) => {
        assert.equal(url, "/r/content?api-version=2023-11-01");
        return answer;
      });
    assert.equal(await read({ text: "one\ntwo\n" }), inputs);
    assert.equal(await read({ text: "\uFEFFone\r\ntwo" }), inputs);
    assert.deepEqual(await read({ text: "one\nevil\n" }), { ...inputs, content: "one\nevil\n" });
    assert.equal(await read(gone), undefined);
  });

  it("a trigger that was stopped or deleted", async () => {
    const read = (answer: FakeAnswer) =>
      live(triggerStarted, trigger, { definition: trigger.definition }, () => answer);
    assert.equal(await read(answered("Started")), trigger);
    assert.notDeepEqual(await read(answered("Stopped")), trigger);
    assert.equal(await read(gone), undefined);
  });

  it("a trigger that was edited and runs, which must be stopped before it is put back, and started again", async () => {
    const seenBy = (step: typeof triggerStarted, answer: FakeAnswer) =>
      live(step, trigger, { definition: trigger.definition }, () => answer);
    for (const step of [triggerStopped, triggerStarted]) {
      assert.equal(await seenBy(step, answered("Started")), trigger);
      assert.notDeepEqual(await seenBy(step, answered("Started", 3)), trigger);
    }
    // What is stopped or gone needs no stop.
    for (const answer of [answered("Stopped", 3), gone])
      assert.equal(await seenBy(triggerStopped, answer), trigger);
  });

  it("another identity of the resource", async () => {
    const inputs = { resourceId: "/f", principalId: "p" };
    const read = (answer: FakeAnswer) => live(identityClientId, inputs, { clientId: "c" }, () => answer);
    assert.deepEqual(await read({ json: { properties: { principalId: "p", clientId: "c" } } }), inputs);
    assert.deepEqual(await read({ json: { properties: { principalId: "q", clientId: "d" } } }), {
      ...inputs,
      principalId: "q",
    });
    assert.equal(await read(gone), undefined);
  });

  it("another administrator of the SQL server, and logins with passwords", async () => {
    const inputs = { serverId: "/srv", login: "dba", objectId: "A-1", tenantId: "t" };
    const read = (sid: string, azureADOnlyAuthentication: boolean) =>
      live(sqlAdministrator, inputs, { objectId: "A-1" }, ({ url }) => ({
        json: { properties: url.includes("/administrators/") ? { sid } : { azureADOnlyAuthentication } },
      }));
    assert.equal(await read("a-1", true), inputs);
    assert.deepEqual(await read("b-2", true), { ...inputs, objectId: "b-2" });
    assert.notDeepEqual(await read("a-1", false), inputs);
    assert.equal(await live(sqlAdministrator, inputs, { objectId: "A-1" }, () => gone), undefined);
  });

  describe("the function's key", () => {
    const inputs = { siteId: "/s", functionName: "f", keyName: "k", value: "secret", code: "c" };
    const read = (keys: FakeAnswer, site: FakeAnswer = { json: {} }) =>
      live(functionKey, inputs, { keyName: "k" }, ({ method }) => (method === "GET" ? site : keys));

    it("unchanged, rolled, or deleted", async () => {
      assert.equal(await read({ json: { default: "x", k: "secret" } }), inputs);
      assert.equal(await read({ json: { properties: { k: "secret" } } }), inputs);
      const rolled = await read({ json: { k: "rolled" } });
      assert.notDeepEqual(rolled, inputs);
      assert.ok(!JSON.stringify(rolled).includes("rolled"), "the live key does not get into the state");
      assert.equal(await read({ json: { default: "x" } }), undefined);
      assert.equal(await read({ json: {} }, gone), undefined);
    });

    it("not while the host starts", () => assert.rejects(read({ status: 503 }), NotSeen));
  });

  describe("the function's code", () => {
    const at = async (result: { sha256: string; deployment?: string }, site: FakeAnswer = { json: {} }) => {
      const cloud = await startTrustedCloud();
      const inputs = { siteId: "/s", scmHost: cloud.host, sha256: "hash" };
      try {
        return { inputs, live: await live(functionCode, inputs, result, () => site) };
      } finally {
        await cloud.close();
      }
    };

    it("as another deployment than ours", async () => {
      const same = await at({ sha256: "hash", deployment: "latest-deployment" });
      assert.equal(same.live, same.inputs);
      const other = await at({ sha256: "hash", deployment: "an earlier one" });
      assert.match((other.live as { sha256: string }).sha256, /latest-deployment/);
      const unknown = await at({ sha256: "hash" });
      assert.equal(unknown.live, unknown.inputs, "a state that does not know its deployment");
      assert.equal((await at({ sha256: "hash", deployment: "d" }, gone)).live, undefined);
    });

    it("not if the site does not answer", async () => {
      const inputs = { siteId: "/s", scmHost: "127.0.0.1:1", sha256: "hash" };
      await assert.rejects(
        live(functionCode, inputs, { sha256: "hash" }, () => ({ json: {} })),
        NotSeen,
      );
    });
  });

  describe("the database", () => {
    const files = { "migrations/0001-a.sql": "a", "repeatable/p.sql": "p" };
    const inputs = {
      ...{ serverId: "/srv", server: "srv.test", database: "db", files },
      ...{ datasets: [], unknownDatasets: "ignore" as const, users: [] },
    };
    const read = (status: string, rules: string[] = [], journal: () => object[] = () => assert.fail()) =>
      withJournal(journal, () =>
        live(databaseMigration, inputs, { files: 2 }, ({ url }) =>
          url.startsWith("/srv/databases/db?")
            ? { json: { properties: { status } } }
            : { json: { value: rules.map((name) => ({ name })) } },
        ),
      );

    it("is not woken", async () => assert.equal(await read("Paused"), inputs));

    it("shows rules that a killed deployment left", async () => {
      const rules = ["deployment-0123abcd"];
      assert.deepEqual(await read("Paused", ["office", ...rules]), { ...inputs, openFirewallRules: rules });
    });

    it("shows files that its journal has otherwise, or not", async () => {
      const rows = Object.entries(files).map(([name, checksum]) => ({ name, checksum }));
      assert.deepEqual(await read("Online", [], () => rows), inputs);
      assert.deepEqual(await read("Online", [], () => [{ name: "repeatable/p.sql", checksum: "other" }]), {
        ...inputs,
        files: { "repeatable/p.sql": "other" },
      });
    });

    it("is not seen if it lets nobody in", () => {
      const refused = () => {
        throw new Error("Login failed");
      };
      return assert.rejects(read("Online", [], refused), NotSeen);
    });

    it("is gone", async () =>
      assert.equal(await live(databaseMigration, inputs, { files: 2 }, () => gone), undefined));
  });
});

/** Runs with a database whose journal has the rows. */
async function withJournal<T>(rows: () => object[], work: () => Promise<T>): Promise<T> {
  const migrator = require("../../database/migrate") as typeof import("../../database/migrate");
  const path = require.resolve("../../database/migrate");
  const loaded = require.cache[path] ?? assert.fail();
  const appliedFiles = mock.fn(async () => rows());
  loaded.exports = { ...migrator, appliedFiles };
  try {
    return await work();
  } finally {
    loaded.exports = migrator;
  }
}

import assert from "node:assert/strict";
import { mock } from "node:test";
import { QtError } from "../../errors/qt-error";
import { withEnvironment } from "../../packages/kit/testing/with-environment";
import { startFakeArm } from "../testing/fake-arm";
import { ArmCallError, type AzureSession } from "./azure-session";
import { type StepName, steps } from "./registry";
import { check, diff } from "./run-step";
import { NotSeen, type StepDefinition } from "./step-definition";

/** A step of a test, in the registry in place of one of ours. */
type TestStep = StepDefinition<Readonly<Record<string, unknown>>, unknown, unknown>;
const registry = steps as unknown as Record<StepName, () => TestStep>;
const registered = { ...registry };
const register = (step: StepName, definition: Partial<TestStep>) => {
  registry[step] = () => ({ ensure: async () => ({ result: {} }), ...definition });
};
const restoreRegistry = () => Object.assign(registry, registered);

const state = (inputs: Record<string, unknown>, result: unknown = {}) => ({
  step: "webhook-uri" as const,
  inputs,
  result,
});

describe("a step's diff", () => {
  it("is empty for equal inputs, whatever the outcome and the order of the keys", async () => {
    const olds = state({ accountId: "/a", expiry: "", nested: { x: 1, y: [1, 2] } }, { name: "n" });
    const news = state({ nested: { y: [1, 2], x: 1 }, expiry: "", accountId: "/a" });
    assert.deepEqual(await diff(olds, news), { changes: false, replaces: [], deleteBeforeReplace: false });
  });

  it("replaces, new before old, if the step cannot change in place", async () => {
    const found = await diff(
      state({ accountId: "/a", expiry: "" }),
      state({ accountId: "/a", expiry: "2027-01-01" }),
    );
    assert.deepEqual(found, { changes: true, replaces: ["inputs"], deleteBeforeReplace: false });
  });

  it("updates if the step can change in place", async () => {
    const trigger = (definition: string) => ({
      ...state({ factoryId: "/f", definition }),
      step: "trigger-started" as const,
    });
    assert.deepEqual((await diff(trigger("a"), trigger("b"))).replaces, []);
    assert.equal((await diff(trigger("a"), trigger("b"))).changes, true);
  });

  it("sees added and removed keys", async () => {
    assert.equal((await diff(state({}), state({ accountId: "/a" }))).changes, true);
    assert.equal((await diff(state({ accountId: "/a" }), state({}))).changes, true);
  });

  it("takes a state without inputs, of another version, as one whose inputs all changed", async () => {
    const { inputs: _, ...without } = state({});
    const replaced = { changes: true, replaces: ["inputs"], deleteBeforeReplace: false };
    assert.deepEqual(await diff(without as ReturnType<typeof state>, state({ accountId: "/a" })), replaced);
    assert.deepEqual(await diff(state({ accountId: "/a" }), without as ReturnType<typeof state>), replaced);
  });
});

describe("a step's check", () => {
  afterEach(restoreRegistry);
  const files = { "migrations/0001-a.sql": "a", "migrations/0002-b.sql": "b", "repeatable/p.sql": "p" };
  const premium = { id: "d-1", table: "premium", keyColumns: ["Policy Ref"] };
  const base = {
    serverId: "/s",
    database: "db",
    files,
    datasets: [premium],
    unknownDatasets: "ignore",
    users: [],
  };
  const migration = (inputs: Record<string, unknown>) => ({
    step: "database-migration" as const,
    inputs: { ...base, ...inputs },
    result: {},
  });
  const reasons = async (news: Record<string, unknown>, olds: Record<string, unknown> = {}) => {
    const { inputs, failures } = await check(migration(olds), migration(news));
    assert.deepEqual(inputs, migration(news));
    return failures.map(({ reason }) => reason.slice(0, 6));
  };
  const { "migrations/0001-a.sql": first, ...others } = files;

  it("refuses what the migrator would: a changed file, a missing file, a number in the middle", async () => {
    assert.deepEqual(await reasons({ files: { ...files, "migrations/0001-a.sql": "other" } }), ["QT4040"]);
    assert.deepEqual(await reasons({ files: others }), ["QT4041"]);
    assert.deepEqual(await reasons({ files: { ...files, "migrations/0000-late.sql": "l" } }), ["QT4042"]);
    const more = { "migrations/0003-c.sql": first, ...files, "repeatable/p.sql": "other" };
    assert.deepEqual(await reasons({ files: more }), []);
  });

  it("refuses another region under the same names, which would stop at the vault", async () => {
    const at = (location: string, salt: string) => ({
      step: "placement" as const,
      inputs: { location, salt },
      result: {},
    });
    const reasonsOf = async (...[olds, news]: readonly [ReturnType<typeof at>, ReturnType<typeof at>]) =>
      (await check(olds, news)).failures.map(({ reason }) => reason.slice(0, 6));
    assert.deepEqual(await reasonsOf(at("westeurope", ""), at("northeurope", "")), ["QT1211"]);
    assert.deepEqual(await reasonsOf(at("westeurope", ""), at("West Europe", "")), []);
    assert.deepEqual(await reasonsOf(at("westeurope", ""), at("northeurope", "two")), []);
    assert.deepEqual(await reasonsOf(at("westeurope", ""), at("westeurope", "two")), []);
  });

  it("says what a move means, and refuses one that would lose data", async () => {
    const own = { at: "own", generation: 1 };
    const placed = (database: object) => ({
      step: "placement" as const,
      inputs: {
        ...{ location: "westeurope", salt: "", protect: true },
        shape: { automationAccount: own, database, network: "public" },
      },
      result: {},
    });
    const said = async (news: ReturnType<typeof placed>) => {
      const write = mock.method(process.stderr, "write", () => true);
      const { failures } = await check(placed(own), news).finally(() => write.mock.restore());
      return [...failures.map(({ reason }) => reason), ...write.mock.calls.map((call) => call.arguments[0])];
    };
    const [moves, ...others] = await said(placed({ at: "/s", generation: 2, from: "own" }));
    assert.match(String(moves), /^The database moves from the tenant's own SQL server to \/s, as a copy/);
    assert.deepEqual(others, []);
    const [refused, ...more] = await said(placed({ at: "/s", generation: 1 }));
    assert.match(String(refused), /^QT1295/);
    assert.deepEqual(more, []);
    assert.deepEqual(await said(placed(own)), []);
  });

  it("reports what happened, what is safe and what to do", async () => {
    const changed = migration({ files: { ...files, "migrations/0002-b.sql": "other" } });
    const { failures } = await check(migration({}), changed);
    const [failure] = failures;
    assert.match(
      failure?.reason ?? "",
      /^QT4040: Migration migrations\/0002-b.sql changed after .*\n.*Nothing was run/,
    );
    assert.match(failure?.reason ?? "", /Next: Restore the file/);
    assert.equal(failure?.property, "", "it concerns no single property");
  });

  it("asks a step that can change every input in place, and takes the inputs of a step that refuses none", async () => {
    const news = state({ expiry: "new" });
    register("webhook-uri", {
      check: (inputs, previous) => {
        assert.deepEqual([inputs, previous], [{ expiry: "new" }, { expiry: "old" }]);
        throw new QtError("QT1205", { reason: "refused" });
      },
    });
    const { failures } = await check(state({ expiry: "old" }), news);
    assert.deepEqual(
      failures.map(({ reason }) => reason.slice(0, 6)),
      ["QT1205"],
    );
    register("webhook-uri", {});
    assert.deepEqual(await check(state({ expiry: "old" }), news), { inputs: news, failures: [] });
  });

  it("does not take a fault of ours for a refusal", async () => {
    register("webhook-uri", {
      check: () => {
        throw new TypeError("a fault");
      },
    });
    await assert.rejects(check(state({}), state({})), new TypeError("a fault"));
  });

  it("refuses what qt.configure would: another key in the same table, a table of another dataset", async () => {
    const datasets = (...list: object[]) => reasons({ datasets: list });
    assert.deepEqual(await datasets({ ...premium, keyColumns: ["Line"] }), ["QT4021"]);
    assert.deepEqual(await datasets({ ...premium, keyColumns: [] }), ["QT4021"]);
    assert.deepEqual(await datasets({ ...premium, id: "d-2" }), ["QT4022"]);
    assert.deepEqual(await datasets({ ...premium, keyColumns: ["policy_ref"] }), [], "the same column");
    assert.deepEqual(await datasets({ ...premium, keyColumns: ["Línea"] }), [], "left to the database");
    assert.deepEqual(await datasets({ ...premium, table: "premium_2", keyColumns: ["Line"] }), []);
    assert.deepEqual(await datasets(), []);
  });

  it("refuses nothing if the step is new, is replaced, or comes from another version", async () => {
    const news = { files: others, datasets: [{ ...premium, id: "d-2" }] };
    assert.deepEqual((await check(undefined, migration(news))).failures, []);
    assert.deepEqual((await check({}, migration(news))).failures, []);
    const unknown = { ...migration(news), step: "of-another-version" } as unknown as Parameters<
      typeof check
    >[1];
    assert.deepEqual((await check({}, unknown)).failures, []);
    assert.deepEqual(await reasons({ ...news, serverId: "/other" }), []);
    assert.deepEqual(await reasons(news, { files: undefined, datasets: undefined }), []);
  });
});

describe("a step's run", () => {
  /** A new copy, because it keeps its session for the process. */
  let runner: typeof import("./run-step");
  beforeEach(() => {
    delete require.cache[require.resolve("./run-step")];
    runner = require("./run-step");
  });
  afterEach(restoreRegistry);

  it("creates, updates and removes with one session, and keeps inputs, result and secret", async () => {
    const calls: unknown[][] = [];
    const sessions = new Set<AzureSession>();
    register("webhook-uri", {
      async ensure(inputs, azure, previous) {
        calls.push(["ensure", inputs, previous]);
        sessions.add(azure);
        return { result: { name: "n" }, secret: { uri: "u" } };
      },
      async remove(inputs, azure, outcome) {
        calls.push(["remove", inputs, outcome]);
        sessions.add(azure);
      },
    });
    const [first, second] = [state({ expiry: "1" }), state({ expiry: "2" })];
    const outcome = { result: { name: "n" }, secret: { uri: "u" } };
    const { id, outs } = await runner.create(first);
    assert.match(id, /^webhook-uri-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    assert.notEqual((await runner.create(first)).id, id);
    assert.deepEqual(outs, { step: "webhook-uri", inputs: { expiry: "1" }, ...outcome });
    assert.deepEqual(await runner.update(outs, second), {
      outs: { step: "webhook-uri", inputs: { expiry: "2" }, ...outcome },
    });
    await runner.remove(outs);
    assert.deepEqual(calls, [
      ["ensure", { expiry: "1" }, undefined],
      ["ensure", { expiry: "1" }, undefined],
      ["ensure", { expiry: "2" }, outs],
      ["remove", { expiry: "1" }, outs],
    ]);
    const [session, ...others] = sessions;
    assert.equal(typeof session?.arm, "function");
    assert.deepEqual(others, []);
  });

  it("signs in as the stack's settings say, before the environment, and keeps none of it", async () => {
    const cloud = await startFakeArm(() => ({ status: 404 }));
    const settings: Record<string, string> = {
      "azure-native:clientSecret": "s3cret",
      "azure-native:metadataHost": cloud.url,
    };
    register("webhook-uri", { ensure: async (_, azure) => ({ result: await azure.armToken() }) });
    try {
      await withEnvironment({ ARM_METADATA_HOSTNAME: "127.0.0.1:1" }, async () => {
        await runner.configure({ get: (key) => settings[key] });
        await assert.rejects(runner.create(state({})), /QT1203.*metadata.*404/);
      });
      assert.equal(cloud.calls.length, 1, "the cloud that the settings name was asked");
      const { failures, inputs } = await runner.check(undefined, state({}));
      assert.deepEqual([failures, inputs], [[], state({})]);
      assert.ok(!JSON.stringify(await runner.diff(state({}), state({}))).includes("s3cret"));
    } finally {
      await cloud.close();
    }
  });

  it("refuses in the preview a way to sign in that only azure-native has, also for a new step", async () => {
    const settings: Record<string, string> = {
      "azure-native:clientCertificatePath": "/deployer.pfx",
      "azure-native:clientCertificatePassword": "p",
    };
    await runner.configure({ get: (key) => settings[key] });
    const { failures } = await runner.check(undefined, state({}));
    assert.match(failures[0]?.reason ?? "", /^QT1212: .*\/deployer\.pfx/);
  });

  it("reads the inputs that would make what is live, for the state and for the next diff", async () => {
    register("webhook-uri", {
      async read(inputs, _azure, outcome) {
        assert.deepEqual([inputs, outcome], [{ expiry: "1" }, state({ expiry: "1" })]);
        return { expiry: "live" };
      },
    });
    assert.deepEqual(await runner.read("id", state({ expiry: "1" })), {
      id: "id",
      props: state({ expiry: "live" }),
      inputs: { step: "webhook-uri", inputs: { expiry: "live" } },
    });
  });

  it("reads a step that is gone, and one that cannot be read, as such", async () => {
    register("webhook-uri", { read: async () => undefined });
    assert.equal((await runner.read("id", state({}))).id, "");
    register("webhook-uri", {});
    assert.deepEqual((await runner.read("id", state({ expiry: "1" }))).props, state({ expiry: "1" }));
  });

  it("says that it cannot look, and then shows no change", async () => {
    const call = { method: "GET", id: "/x", reason: "AuthorizationFailed: no" };
    for (const reason of [new ArmCallError(403, call), new ArmCallError(401, call), new NotSeen("asleep")]) {
      register("webhook-uri", { read: () => Promise.reject(reason) });
      const write = mock.method(process.stderr, "write", () => true);
      const found = await runner.read("id", state({ expiry: "1" })).finally(() => write.mock.restore());
      assert.deepEqual(found.props, state({ expiry: "1" }));
      assert.match(String(write.mock.calls[0]?.arguments[0]), /^QT1210: .*webhook-uri/);
    }
    register("webhook-uri", { read: () => Promise.reject(new ArmCallError(500, call)) });
    await assert.rejects(runner.read("id", state({})), /QT1201/);
  });

  it("does not look on a Node that is too old: a refresh runs no program, which would refuse it", async () => {
    register("webhook-uri", { read: async (inputs) => inputs });
    const { versions } = process;
    Object.defineProperty(process, "versions", {
      value: { ...versions, node: "20.20.2" },
      configurable: true,
    });
    try {
      await assert.rejects(runner.read("id", state({})), /^Error: QT1230: /);
    } finally {
      Object.defineProperty(process, "versions", { value: versions, configurable: true });
    }
  });

  it("removes a step that leaves nothing behind without a call", async () => {
    register("webhook-uri", {});
    await runner.remove(state({}));
  });

  it("fails with the error's code and next command in its message, which is all that Pulumi shows", async () => {
    const refused = new QtError("QT1205", { reason: "no token" });
    const fault = new TypeError("a fault");
    const cases = [
      [refused, new Error(refused.format(), { cause: refused })],
      [fault, new Error("webhook-uri: a fault", { cause: fault })],
      ["not even an error", "not even an error"],
    ] as const;
    for (const [thrown, shown] of cases) {
      const fail = async () => {
        throw thrown;
      };
      register("webhook-uri", { ensure: fail, remove: fail });
      for (const run of [
        () => runner.create(state({})),
        () => runner.update(state({}), state({})),
        () => runner.remove(state({})),
      ]) {
        const error: unknown = await run().catch((caught: unknown) => caught);
        assert.deepEqual(error, shown);
        if (shown instanceof Error) assert.equal((error as Error).cause, thrown);
      }
    }
  });
});

import assert from "node:assert/strict";
import { join } from "node:path";
import { CodedError } from "../../kit/errors/coded-error";
import { temporaryFolder } from "../../kit/testing/temporary-folder";
import { adoptCreated } from "./adopt-created";
import { createAzureNativeProvider } from "./azure-native-provider";
import { type Declaration, Deployment, type DeploymentOptions } from "./deployment";
import { openLocalState, type ResourceState } from "./local-state";
import { createRandomProvider } from "./random-provider";
import { RunRecorder } from "./run-recorder";
import { createMemoryControlPlane } from "./testing/memory-control-plane";
import { isSecret, secret, type WireProperties } from "./wire-values";

function declare(
  type: string,
  name: string,
  inputs: WireProperties,
  more: Partial<Declaration> = {},
): Declaration {
  return {
    urn: `urn:pulumi:dev::shop::${type}::${name}`,
    aliases: [],
    inputs,
    propertyDependencies: {},
    ignoreChanges: [],
    replaceOnChanges: [],
    secretOutputs: [],
    protect: false,
    retainOnDelete: false,
    ...more,
  };
}

const server = (inputs: WireProperties = {}, more: Partial<Declaration> = {}): Declaration =>
  declare(
    "azure-native:sql:Server",
    "server",
    { resourceGroupName: "rg", serverName: "s", location: "a", ...inputs },
    more,
  );
const database = (more: Partial<Declaration> = {}): Declaration =>
  declare(
    "azure-native:sql:Database",
    "db",
    { resourceGroupName: "rg", serverName: "s", databaseName: "d", location: "a" },
    more,
  );
const text = (length: number): Declaration =>
  declare("random:index/randomString:RandomString", "text", { length });

describe("engine: in-process deployment", () => {
  const folder = temporaryFolder();

  function setUp() {
    const controlPlane = createMemoryControlPlane();
    const principal = { objectId: "o", clientId: "c", displayName: "d", kind: "ServicePrincipal" } as const;
    const azure = createAzureNativeProvider({ controlPlane, subscriptionId: "s", tenantId: "t", principal });
    const random = createRandomProvider();
    const state = openLocalState(join(folder(), "dev.json"), "passphrase");
    const run = async (
      declarations: readonly Declaration[],
      preview = false,
      onStep: DeploymentOptions["onStep"] = () => {},
    ) => {
      const recorder = new RunRecorder();
      const provider = (type: string) => (type.startsWith("random") ? random : azure);
      const deployment = new Deployment({ state, recorder, preview, provider, onStep });
      const made = [];
      for (const declaration of declarations) made.push(await deployment.register(declaration));
      await deployment.finish();
      const { creates, updates, replaces, deletes, same } = recorder.result();
      return { made, counts: { creates, updates, replaces, deletes, same } };
    };
    const ids = () => [...controlPlane.resources.keys()].map((id) => id.split("/").at(-1));
    return { controlPlane, state, run, ids };
  }

  const none = { creates: 0, updates: 0, replaces: 0, deletes: 0, same: 0 };

  it("leaves to Azure what goes with another resource that it deletes, and only that", async () => {
    const { run, controlPlane } = setUp();
    const deletions = () =>
      controlPlane.calls.filter(({ verb }) => verb === "delete").map(({ id }) => id.split("/").at(-1));
    const within = database({ deletedWith: server().urn });
    await run([server(), within]);
    await run([server()]);
    assert.deepEqual(deletions(), ["d"]);
    await run([server(), within]);
    await run([]);
    assert.deepEqual(deletions(), ["d", "s"]);
  });

  it("creates, keeps, updates and deletes", async () => {
    const { run, ids, state } = setUp();
    assert.deepEqual((await run([server(), database()])).counts, { ...none, creates: 2 });
    assert.deepEqual((await run([server(), database()])).counts, { ...none, same: 2 });
    assert.deepEqual((await run([server({ tags: { a: "b" } }), database()])).counts, {
      ...none,
      updates: 1,
      same: 1,
    });
    assert.deepEqual((await run([server({ tags: { a: "b" } })])).counts, { ...none, deletes: 1, same: 1 });
    assert.deepEqual(ids(), ["s"]);
    assert.deepEqual((await run([])).counts, { ...none, deletes: 1 });
    assert.deepEqual([ids(), state.resources()], [[], []]);
  });

  it("previews every step and changes nothing", async () => {
    const { run, controlPlane, state } = setUp();
    await run([server(), database()]);
    const before = [structuredClone([...controlPlane.resources]), state.export()];
    assert.deepEqual((await run([server({ tags: { a: "b" } }), text(3)], true)).counts, {
      ...none,
      creates: 1,
      updates: 1,
      deletes: 1,
    });
    assert.deepEqual((await run([server({ administratorLogin: "x" })], true)).counts.replaces, 1);
    assert.deepEqual([[...controlPlane.resources], state.export()], before);
  });

  it("recreates the children of a replaced parent", async () => {
    const { run, controlPlane } = setUp();
    await run([server(), database()]);
    controlPlane.calls.length = 0;
    assert.deepEqual((await run([server({ administratorLogin: "x" }), database()])).counts, {
      ...none,
      replaces: 2,
    });
    assert.deepEqual(
      controlPlane.calls.map(({ verb, id }) => `${verb} ${id.split("/").at(-1)}`),
      ["delete d", "delete s", "put s", "put d"],
    );
  });

  it("replaces dependents whose create-only inputs come from a replaced resource, and their dependents", async () => {
    const { run, controlPlane } = setUp();
    const dependent = (inputs: WireProperties, from: Declaration): Partial<Declaration> => ({
      inputs,
      propertyDependencies: { serverName: [from.urn] },
    });
    const all = (login: string) => [
      server({ administratorLogin: login }),
      { ...database(), ...dependent({ ...database().inputs, serverName: "other" }, server()) },
      { ...text(3), propertyDependencies: { length: [database().urn] } },
      {
        ...declare("azure-native:resources:ResourceGroup", "group", {
          resourceGroupName: "g",
          tags: { a: "b" },
          location: "a",
        }),
        propertyDependencies: { tags: [server().urn] },
      },
    ];
    await run(all("a"));
    controlPlane.calls.length = 0;
    assert.deepEqual((await run(all("b"))).counts, { ...none, replaces: 3, same: 1 });
    assert.deepEqual(
      controlPlane.calls.map(({ verb, id }) => `${verb} ${id.split("/").at(-1)}`),
      ["delete d", "delete s", "put s", "put d"],
    );
  });

  it("reports a child that is deleted with its replaced parent and no longer declared", async () => {
    const { run, ids } = setUp();
    await run([server(), database()]);
    const { counts } = await run([server({ administratorLogin: "x" })]);
    assert.deepEqual(counts, { ...none, replaces: 1, deletes: 1 });
    assert.deepEqual(ids(), ["s"]);
  });

  it("follows the declared deleteBeforeReplace over the provider's choice", async () => {
    for (const deleteBeforeReplace of [true, false]) {
      const { run, controlPlane } = setUp();
      await run([server({}, { deleteBeforeReplace })]);
      controlPlane.calls.length = 0;
      await run([server({ serverName: "t" }, { deleteBeforeReplace })]);
      assert.deepEqual(
        controlPlane.calls.map(({ verb, id }) => `${verb} ${id.split("/").at(-1)}`),
        deleteBeforeReplace ? ["delete s", "put t"] : ["put t", "delete s"],
      );
    }
    const { run, controlPlane } = setUp();
    const account = (location: string, more: Partial<Declaration>) =>
      declare(
        "azure-native:automation:AutomationAccount",
        "account",
        { resourceGroupName: "rg", location },
        more,
      );
    await run([account("a", {})]);
    controlPlane.calls.length = 0;
    await run([account("b", { deleteBeforeReplace: true })]);
    assert.deepEqual(
      controlPlane.calls.map(({ verb }) => verb),
      ["delete", "put"],
    );
  });

  it("keeps a resource that an alias finds under another URN", async () => {
    const { run, controlPlane, state } = setUp();
    const moved: Declaration = {
      ...server(),
      urn: server().urn.replace("::server", "::moved"),
      aliases: ["urn:none", server().urn],
    };
    const below = (from: Declaration) =>
      database({ protect: true, propertyDependencies: { serverName: [from.urn] } });
    await run([server(), below(server())]);
    controlPlane.calls.length = 0;
    const steps: string[] = [];
    const preview = await run([moved, below(moved)], true, ({ operation, urn }) =>
      steps.push(`${operation} ${urn}`),
    );
    assert.deepEqual(preview.counts, { ...none, same: 2 });
    assert.equal(steps[0], `same ${moved.urn}`);
    assert.deepEqual((await run([moved, below(moved)])).counts, { ...none, same: 2 });
    assert.deepEqual(controlPlane.calls, []);
    const urns = state.resources().map(({ urn }) => urn);
    assert.deepEqual(urns, [moved.urn, database().urn]);
    assert.deepEqual((await run([moved, below(moved)])).counts, { ...none, same: 2 });
  });

  it("keeps dependencies on a resource that has a new URN", async () => {
    const { run } = setUp();
    const moved: Declaration = {
      ...server({ administratorLogin: "x" }),
      urn: "urn:pulumi:dev::shop::azure-native:sql:Server::moved",
      aliases: [server().urn],
    };
    const length = { ...text(3), propertyDependencies: { length: [server().urn] } };
    await run([server(), length]);
    assert.deepEqual(
      (await run([moved, { ...length, propertyDependencies: { length: [moved.urn] } }])).counts,
      { ...none, replaces: 2 },
    );
  });

  it("refuses an alias of a resource that the program still declares", async () => {
    const { run } = setUp();
    const moved: Declaration = { ...server(), urn: `${server().urn}-moved`, aliases: [server().urn] };
    await run([server()]);
    await assert.rejects(run([server(), moved]), /two resources/);
    await assert.rejects(run([moved, server()]), /two resources/);
  });

  it("replaces only for a difference at or below a path of replaceOnChanges", async () => {
    const { run } = setUp();
    const tags = { tags: { a: "1", b: "1" } };
    for (const [path, operation] of [
      ["tags", "replaces"],
      ["tags.a", "replaces"],
      ["tags.*", "replaces"],
      ["*", "replaces"],
      ["tags.b", "updates"],
    ] as const) {
      await run([server(tags)]);
      const changed = server(
        { tags: { a: "2", b: "1" } },
        { replaceOnChanges: [path], deleteBeforeReplace: true },
      );
      assert.deepEqual((await run([changed])).counts, { ...none, [operation]: 1 }, path);
      assert.deepEqual((await run([changed])).counts, { ...none, same: 1 });
      await run([]);
    }
  });

  it("refuses to create a replacement under the name of what still exists", async () => {
    const { run, ids } = setUp();
    await run([server({ tags: { a: "1" } })]);
    const changed = server({ tags: { a: "2" } }, { replaceOnChanges: ["tags"] });
    await assert.rejects(run([changed]), /cannot create already existing resource/);
    assert.deepEqual(ids(), ["s"]);
  });

  it("ignores changes at nested paths until the resource is replaced", async () => {
    const { run, controlPlane } = setUp();
    const ignoring = { ignoreChanges: ["tags.a", "tags.c"] };
    await run([server({ tags: { a: "1", b: "1" } })]);
    const changed = { tags: { a: "2", b: "1", c: "2" } };
    assert.deepEqual((await run([server(changed, ignoring)])).counts, { ...none, same: 1 });
    await run([server({ ...changed, administratorLogin: "x" }, ignoring)]);
    assert.deepEqual([...controlPlane.resources.values()][0]?.tags, changed.tags);
  });

  it("unprotects and replaces a resource in one run", async () => {
    const { run } = setUp();
    await run([server({}, { protect: true })]);
    assert.deepEqual((await run([server({ administratorLogin: "x" })])).counts, { ...none, replaces: 1 });
  });

  it("names all protected resources that are no longer declared, and deletes nothing", async () => {
    const { run, ids } = setUp();
    await run([server({}, { protect: true }), database({ protect: true }), text(3)]);
    await assert.rejects(run([]), (error) => {
      assert.ok(error instanceof CodedError && error.code === "QT7011");
      assert.match(error.message, /^db, server are protected/);
      assert.match(error.next, /\bdev\b/);
      return true;
    });
    assert.deepEqual(ids(), ["s", "d"]);
  });

  it("creates the replacement first if the name is generated, and deletes the old resource even after a kill", async () => {
    const { run, controlPlane, state } = setUp();
    const account = (location: string): Declaration =>
      declare("azure-native:automation:AutomationAccount", "account", { resourceGroupName: "rg", location });
    const child = declare("azure-native:automation:Variable", "v", {
      resourceGroupName: "rg",
      automationAccountName: "fixed",
      value: "1",
    });
    await run([account("a"), child]);
    controlPlane.calls.length = 0;
    const remove = controlPlane.delete;
    controlPlane.delete = () => Promise.reject(new Error("killed"));
    await assert.rejects(run([account("b"), child]), /killed/);
    controlPlane.delete = remove;
    assert.equal(state.resources().filter(({ replaced }) => replaced).length, 1);
    assert.deepEqual((await run([account("b"), child])).counts, { ...none, same: 2 });
    assert.deepEqual(
      controlPlane.calls.map(({ verb }) => verb),
      ["put", "delete"],
    );
    assert.notEqual(controlPlane.calls[0]?.id, controlPlane.calls[1]?.id);
    assert.deepEqual(state.resources().length, 2);
  });

  it("deletes in the reverse order of creation", async () => {
    const { run, controlPlane } = setUp();
    await run([server(), database()]);
    controlPlane.calls.length = 0;
    await run([]);
    assert.deepEqual(
      controlPlane.calls.map(({ id }) => id.split("/").at(-1)),
      ["d", "s"],
    );
  });

  it("keeps a random value until its inputs change", async () => {
    const { run } = setUp();
    const first = await run([text(8)]);
    const second = await run([text(8)]);
    const third = await run([text(9)]);
    assert.equal(second.made[0]?.outputs.result, first.made[0]?.outputs.result);
    assert.equal(String(third.made[0]?.outputs.result).length, 9);
    assert.equal(third.counts.replaces, 1);
  });

  it("keeps secret inputs and additional secret outputs secret", async () => {
    const { run, state } = setUp();
    const { made } = await run([
      server({ administratorLoginPassword: secret("p") }, { secretOutputs: ["version"] }),
    ]);
    assert.ok(isSecret(made[0]?.outputs.administratorLoginPassword));
    assert.ok(!JSON.stringify(state.export()).includes('"p"'));
  });

  it("sends the cloud plain values", async () => {
    const { run, controlPlane } = setUp();
    await run([server({ administratorLoginPassword: secret("p") })]);
    const [stored] = controlPlane.resources.values();
    assert.equal(stored?.properties.administratorLoginPassword, "p");
  });

  it("respects protect, retainOnDelete and ignoreChanges", async () => {
    const { run, ids } = setUp();
    await run([server({}, { protect: true })]);
    await assert.rejects(run([]), /protected/);
    await assert.rejects(run([server({ administratorLogin: "x" }, { protect: true })]), /protected/);
    const ignoring = server(
      { tags: { a: "b" }, location: "b" },
      { ignoreChanges: ["location", "tags"], retainOnDelete: true },
    );
    assert.deepEqual((await run([ignoring])).counts, { ...none, same: 1 });
    await run([]);
    assert.deepEqual(ids(), ["s"]);
  });

  it("replaces nothing if a protected child would be deleted too; a preview shows every step and fails", async () => {
    const { run, ids, state } = setUp();
    await run([server(), database({ protect: true })]);
    const before = state.resources();
    const moved = [server({ location: "b" }), database({ protect: true })];
    await assert.rejects(run(moved), /db is protected/);
    assert.deepEqual(ids(), ["s", "d"]);
    const steps: string[] = [];
    const preview = run(moved, true, ({ operation, urn }) =>
      steps.push(`${operation} ${urn.split("::")[3]}`),
    );
    await assert.rejects(preview, /db is protected/);
    assert.deepEqual(steps, ["replace server", "replace db"]);
    assert.deepEqual(state.resources(), before);
  });

  it("continues after a failed run", async () => {
    const { run, controlPlane, ids } = setUp();
    controlPlane.beforePut = (id) => {
      if (id.endsWith("/d")) throw new Error("no room");
    };
    await assert.rejects(run([server(), database()]), /no room/);
    assert.deepEqual(ids(), ["s"]);
    controlPlane.beforePut = () => {};
    assert.deepEqual((await run([server(), database()])).counts, { ...none, creates: 1, same: 1 });
  });

  it("completes what a killed run had begun, and forgets what it had not", async () => {
    const { run, controlPlane, state, ids } = setUp();
    await run([server()]);
    // The kill: the PUT went through, and nothing was recorded.
    const killed = async () => {
      const saved: ResourceState[][] = [];
      const save = state.save;
      state.save = (resources) => {
        saved.push([...resources]);
        save(resources);
      };
      controlPlane.beforePut = () => void saved.splice(0, saved.length - 1);
      await run([server(), database()]);
      controlPlane.beforePut = () => {};
      state.save = save;
      save(saved[0] ?? []);
    };
    await killed();
    assert.deepEqual(
      state.resources().map(({ id, interrupted }) => [id === "", interrupted]),
      [
        [false, undefined],
        [true, true],
      ],
    );
    const azure = createAzureNativeProvider({
      ...{ controlPlane, subscriptionId: "s", tenantId: "t" },
      principal: { objectId: "o", clientId: "c", displayName: "d", kind: "ServicePrincipal" },
    });
    const begun = state.resources();
    await adoptCreated(state, () => azure);
    assert.deepEqual((await run([server(), database()])).counts, { ...none, updates: 1, same: 1 });
    assert.deepEqual((await run([server(), database()])).counts, { ...none, same: 2 });
    await run([server()]);
    state.save(begun);
    await adoptCreated(state, () => azure);
    assert.deepEqual((await run([server(), database()])).counts, { ...none, creates: 1, same: 1 });
    assert.deepEqual(ids(), ["s", "d"]);
  });

  it("refuses two resources with one URN", async () => {
    await assert.rejects(setUp().run([server(), server()]), /two resources/);
  });

  it("names a missing input", async () => {
    const incomplete = declare("azure-native:sql:Server", "server", { serverName: "s" });
    await assert.rejects(setUp().run([incomplete]), /resourceGroupName/);
  });
});

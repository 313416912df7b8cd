import assert from "node:assert/strict";
import { ARM_AUDIENCE } from "./identity";
import { startTestEmulator, type TestEmulator, testType } from "./testing/test-emulator";

const READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7";

describe("lists", () => {
  let emulator: TestEmulator;
  let group: string;
  before(async () => {
    const types = ["Microsoft.Test/things", "Microsoft.Test/things/parts", "Microsoft.Test/others"];
    emulator = await startTestEmulator(
      () => [{ name: "test", resourceTypes: types.map((type) => ({ type })) }],
      undefined,
      types.map((type) => testType(type)),
    );
    ({ group } = emulator);
    const put = (path: string, body: object) => emulator.arm("PUT", `${group}/providers/${path}`, body);
    await put("Microsoft.Test/things/Alpha", {
      location: "westeurope",
      tags: { Cost: "one", a: "1" },
      properties: { secret: "s", provisioningState: "Creating" },
    });
    await put("Microsoft.Test/things/Alpha/parts/lid", {});
    await put("Microsoft.Test/things/beta", { location: "northeurope", tags: { cost: "two" }, kind: "x" });
    await put("Microsoft.Test/others/beta", { identity: { type: "SystemAssigned" } });
    const assignment = {
      principalId: emulator.context.principals.deployer.objectId,
      roleDefinitionId: `/x/${READER}`,
    };
    await put("Microsoft.Authorization/roleAssignments/11111111-1111-4111-8111-111111111111", {
      properties: assignment,
    });
  });
  after(() => emulator.stop());

  const get = (path: string, query = "") => emulator.arm("GET", `${path}${query && `?${query}`}`);
  // biome-ignore lint/suspicious/noExplicitAny: an answer of any shape
  const names = (reply: { readonly json: any }) =>
    reply.json.value.map(({ name }: { name: string }) => name).sort();
  const found = async (filter: string, path = `${group}/resources`) =>
    names(await get(path, `$filter=${encodeURIComponent(filter)}`));

  it("show tracked resources without their properties", async () => {
    const { json } = await get(`${group}/resources`);
    assert.deepEqual(names({ json }), ["Alpha", "beta", "beta"]);
    const alpha = json.value.find(({ name }: { name: string }) => name === "Alpha");
    assert.deepEqual(alpha, {
      id: `${group}/providers/Microsoft.Test/things/Alpha`,
      name: "Alpha",
      type: "Microsoft.Test/things",
      location: "westeurope",
      tags: { Cost: "one", a: "1" },
    });
    const all = await get(`/subscriptions/${emulator.context.subscriptionId}/resources`);
    assert.equal(all.json.value.length, 3);
  });

  it("filters resources, or refuses the filter", async () => {
    assert.deepEqual(await found("resourceType eq 'microsoft.test/THINGS'"), ["Alpha", "beta"]);
    assert.deepEqual(await found("name eq 'beta' and resourceType ne 'Microsoft.Test/things'"), ["beta"]);
    assert.deepEqual(await found("substringof('alp', name) or location eq 'northeurope'"), ["Alpha", "beta"]);
    assert.deepEqual(await found("resourceGroup eq 'rg' and name eq 'Alpha'"), ["Alpha"]);
    assert.deepEqual(await found("tagName eq 'COST' and tagValue eq 'two'"), ["beta"]);
    assert.deepEqual(await found("tagName eq 'cost'"), ["Alpha", "beta"]);
    assert.deepEqual(await found("startswith(tagName, 'A')"), ["Alpha"]);
    const principal = emulator.context.resources.get(`${group}/providers/Microsoft.Test/others/beta`)
      ?.identity?.principalId;
    assert.deepEqual(await found(`identity/principalId eq '${principal}'`), ["beta"]);
    const things = `${group}/providers/Microsoft.Test/things`;
    const refused = [
      [`${group}/resources`, "garbage ("],
      [`${group}/resources`, "resourceType eq 'x' and tagName eq 'a' and tagValue eq 'b'"],
      [`${group}/resources`, "tagName eq 'a' or tagName eq 'b'"],
      [`/subscriptions/${emulator.context.subscriptionId}/resourceGroups`, "name eq 'rg'"],
    ] as const;
    for (const [path, filter] of refused) {
      const reply = await get(path, `$filter=${encodeURIComponent(filter)}`);
      assert.equal(reply.status, 400, filter);
      assert.equal(reply.json.error.code, "InvalidFilterInQueryString");
    }
    assert.equal((await get(things, "$filter=name eq 'beta'")).status, 400);
  });

  it("filters groups by their tags", async () => {
    const subscription = `/subscriptions/${emulator.context.subscriptionId}`;
    await emulator.arm("PUT", `${subscription}/resourceGroups/tagged`, {
      location: "westeurope",
      tags: { team: "data" },
    });
    const groups = `${subscription}/resourcegroups`;
    assert.deepEqual(await found("tagName eq 'team' and tagValue eq 'data'", groups), ["tagged"]);
    assert.deepEqual(await found("tagName eq 'nope' and tagValue eq 'nope'", groups), []);
    assert.deepEqual(names(await get(groups)), ["rg", "tagged"]);
  });

  it("answers pages, whose links lead through everything once", async () => {
    const seen: string[] = [];
    let reply = await get(`${group}/resources`, "$top=2");
    assert.equal(reply.json.value.length, 2);
    for (let pages = 1; ; pages++) {
      seen.push(...names(reply));
      const { nextLink } = reply.json;
      if (nextLink === undefined) break;
      assert.ok(pages < 4);
      reply = await emulator.arm("GET", nextLink.slice(emulator.context.httpsUrl.length));
    }
    assert.deepEqual(seen.sort(), ["Alpha", "beta", "beta"]);
    for (const top of ["0", "1001", "x", "-1"]) {
      assert.equal(
        (await get(`${group}/resources`, `$top=${top}`)).json.error.code,
        "InvalidTopInQueryString",
        top,
      );
    }
    assert.equal((await get(`${group}/resources`, "$skiptoken=abc")).json.error.code, "InvalidSkipToken");
    assert.equal((await get(`${group}/providers/Microsoft.Test/things`, "$top=1")).json.value.length, 1);
  });

  it("adds what $expand names", async () => {
    const { json } = await get(
      `${group}/resources`,
      "$expand=createdTime,changedTime,provisioningState&$filter=name eq 'Alpha'",
    );
    const [alpha] = json.value;
    assert.ok(Date.parse(alpha.createdTime) <= Date.parse(alpha.changedTime));
    assert.equal(alpha.provisioningState, "Creating");
    const refused = await get(`${group}/resources`, "$expand=properties");
    assert.equal(refused.json.error.code, "InvalidExpandInQueryString");
  });

  it("refuses query options that it does not know", async () => {
    const things = `${group}/providers/Microsoft.Test/things`;
    for (const [path, option] of [
      [`${group}/resources`, "$orderby=name"],
      [things, "$expand=x"],
      [`${things}/Alpha`, "$select=name"],
      ["/subscriptions", "$top=1"],
    ] as const) {
      const reply = await get(path, option);
      assert.equal(reply.json.error?.code, "InvalidQueryParameter", option);
      assert.equal(reply.status, 400);
    }
  });

  it("knows collections from other paths", async () => {
    const things = `${group}/providers/Microsoft.Test/things`;
    assert.deepEqual(names(await get(`${things}/alpha/parts`)), ["lid"]);
    assert.deepEqual(
      names(await get(`/subscriptions/${emulator.context.subscriptionId}/providers/microsoft.test/things`)),
      ["Alpha", "beta"],
    );
    assert.deepEqual(await get(`${group}/providers/Microsoft.Authorization/locks`).then(({ json }) => json), {
      value: [],
    });
    const assignments = `${group}/providers/Microsoft.Authorization/policyAssignments`;
    assert.deepEqual((await get(assignments, "$filter=atScope()")).json, { value: [] });
    assert.equal((await get(assignments, "$filter=(")).json.error.code, "InvalidFilterInQueryString");
    const missing: readonly (readonly [string, string])[] = [
      [`${group}/providers/Microsoft.Test/nothing`, "InvalidResourceType"],
      [`${group}/providers/Microsoft.Compute/virtualMachines`, "InvalidResourceType"],
      [`${group}/nothing`, "NotFound"],
      [`${things}/none/parts`, "ParentResourceNotFound"],
      [`${group}none/resources`, "ResourceGroupNotFound"],
      [`${group}none/providers/Microsoft.Test/things`, "ResourceGroupNotFound"],
    ];
    for (const [path, code] of missing) {
      const reply = await get(path);
      assert.equal(reply.status, 404, path);
      assert.equal(reply.json.error.code, code);
    }
  });

  it("show a caller what it may read, and roles what they grant", async () => {
    const { context } = emulator;
    const other = `${group}/providers/Microsoft.Test/others/beta`;
    const principal = context.principals.ofResource(other, "beta");
    const { token } = context.tokens.issue(principal, ARM_AUDIENCE);
    const list = async () => names(await emulator.arm("GET", `${group}/resources`, undefined, token));
    assert.deepEqual(await list(), []);
    assert.deepEqual((await emulator.arm("GET", "/subscriptions", undefined, token)).json.value, []);
    const assignment = `${other}/providers/Microsoft.Authorization/roleAssignments/22222222-2222-4222-8222-222222222222`;
    const properties = { principalId: principal.objectId, roleDefinitionId: `/x/${READER}` };
    await emulator.arm("PUT", assignment, { properties });
    assert.deepEqual(await list(), ["beta"]);
    assert.equal((await emulator.arm("GET", "/subscriptions", undefined, token)).json.value.length, 1);
  });
});

describe("roles", () => {
  let emulator: TestEmulator;
  let thing: string;
  const guids = ["1", "2", "3"].map((digit) => `${digit.repeat(8)}-0000-4000-8000-000000000000`);
  before(async () => {
    emulator = await startTestEmulator(
      () => [{ name: "test", resourceTypes: [{ type: "Microsoft.Test/things" }] }],
      undefined,
      [testType("Microsoft.Test/things")],
    );
    thing = `${emulator.group}/providers/Microsoft.Test/things/One`;
    await emulator.arm("PUT", thing, { identity: { type: "SystemAssigned" } });
    const principalId = emulator.context.principals.ofResource(thing, "One").objectId;
    const role = `${emulator.group}/providers/Microsoft.Authorization/roleDefinitions/${guids[0]}`;
    await emulator.arm("PUT", role, {
      properties: { roleName: "Mine", permissions: [{ actions: ["*/read"] }] },
    });
    for (const [scope, name, roleDefinitionId] of [
      [emulator.group, guids[1], role],
      [thing, guids[2], `/x/${READER}`],
    ]) {
      const assignment = `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`;
      assert.equal(
        (await emulator.arm("PUT", assignment, { properties: { principalId, roleDefinitionId } })).status,
        201,
      );
    }
  });
  after(() => emulator.stop());

  const list = async (
    scope: string,
    type: string,
    filter?: string,
  ): Promise<{ name: string; properties: Record<string, unknown> }[]> => {
    const query = filter === undefined ? "" : `?$filter=${encodeURIComponent(filter)}`;
    const reply = await emulator.arm("GET", `${scope}/providers/Microsoft.Authorization/${type}${query}`);
    assert.equal(reply.status, 200, reply.text);
    return reply.json.value;
  };

  it("are known by id, the built-in ones too, with all that they grant", async () => {
    const { json } = await emulator.arm(
      "GET",
      `${emulator.group}/providers/Microsoft.Authorization/roleDefinitions/${READER}`,
    );
    assert.equal(
      json.id,
      `/subscriptions/${emulator.context.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${READER}`,
    );
    assert.equal(json.properties.roleName, "Reader");
    assert.deepEqual(json.properties.assignableScopes, ["/"]);
    assert.deepEqual(json.properties.permissions, [
      { actions: ["*/read"], notActions: [], dataActions: [], notDataActions: [] },
    ]);
    const elsewhere = await emulator.arm(
      "GET",
      `${thing}/providers/Microsoft.Authorization/roleDefinitions/${guids[0]}`,
    );
    assert.equal(elsewhere.json.properties.roleName, "Mine");
    assert.equal(
      (await emulator.arm("GET", `${thing}/providers/Microsoft.Authorization/roleDefinitions/${guids[1]}`))
        .status,
      404,
    );
  });

  it("are found by name, by kind and by scope", async () => {
    const names = async (filter?: string) =>
      (await list(emulator.group, "roleDefinitions", filter)).map(({ properties }) => properties.roleName);
    assert.deepEqual(await names("roleName eq 'Key Vault Secrets User'"), ["Key Vault Secrets User"]);
    assert.deepEqual(await names("type eq 'CustomRole'"), ["Mine"]);
    assert.ok((await names("atScopeAndBelow() and type eq 'BuiltInRole'")).includes("Owner"));
    assert.ok((await names()).length > 10);
  });

  it("are assigned: filters find the assignments of a principal, at a scope and above", async () => {
    const { objectId } = emulator.context.principals.ofResource(thing, "One");
    const of = async (scope: string, filter?: string) =>
      (await list(scope, "roleAssignments", filter))
        .map(({ name }) => name)
        .filter((name) => guids.includes(name));
    assert.deepEqual(await of(emulator.group), [guids[1], guids[2]]);
    assert.deepEqual(await of(emulator.group, "atScope()"), [guids[1]]);
    assert.deepEqual(await of(thing, "atScope()"), [guids[1], guids[2]]);
    assert.deepEqual(await of(emulator.group, `principalId eq '${objectId}'`), [guids[1], guids[2]]);
    assert.deepEqual(await of(emulator.group, `atScope() and assignedTo('${objectId}')`), [guids[1]]);
    assert.deepEqual(await of(emulator.group, "principalId eq 'nobody'"), []);
    const deployers = await list(
      emulator.group,
      "roleAssignments",
      `assignedTo('${emulator.context.principals.deployer.objectId}')`,
    );
    assert.deepEqual(
      deployers.map(({ properties }) => properties.scope),
      [`/subscriptions/${emulator.context.subscriptionId}`],
    );
  });

  it("show who made and changed them", async () => {
    const [first] = (await list(emulator.group, "roleAssignments")).filter(({ name }) => name === guids[1]);
    assert.equal(first?.properties.createdBy, emulator.context.principals.deployer.clientId);
    assert.ok(Date.parse(String(first?.properties.createdOn)) > 0);
  });
});

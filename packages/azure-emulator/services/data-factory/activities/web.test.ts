import assert from "node:assert/strict";
import { inheritedNames, withInheritedNames } from "../../../../kit/testing/inherited-names";
import { type FakeWeb, json, startFakeWeb } from "../testing/fake-web";
import { activity, createTestRunner, type Outcome, type TestRunner } from "../testing/test-runner";

describe("the Web activity", () => {
  let test: TestRunner;
  let server: FakeWeb;
  before(async () => {
    server = await startFakeWeb();
  });
  after(() => server.close());
  beforeEach(() => {
    test = createTestRunner();
  });
  afterEach(() => test.close());

  function call(path: string, more: Record<string, unknown> = {}): Promise<Outcome> {
    return test.run([activity("a", "WebActivity", { method: "GET", url: `${server.url}${path}`, ...more })]);
  }

  it("returns the JSON object and the response's headers", async () => {
    server.answers.set("/object", json({ x: { y: 1 } }));
    const { activities } = await call("/object?code=key");
    const output = activities.a?.output;
    assert.ok(
      typeof output === "object" &&
        output !== null &&
        "x" in output &&
        "ADFWebActivityResponseHeaders" in output,
    );
    assert.deepEqual(output.x, { y: 1 });
  });

  it("returns an empty Response for an empty answer, and reads JSON with a byte order mark", async () => {
    server.answers.set("/empty", (_, response) => response.writeHead(200).end());
    assert.equal(Object((await call("/empty")).activities.a?.output).Response, "");
    server.answers.set("/bom", (_, response) => response.writeHead(200).end('\uFEFF{"x":1}'));
    assert.equal(Object((await call("/bom")).activities.a?.output).x, 1);
  });

  it("takes a method in any case, and what Studio writes and changes nothing", async () => {
    server.answers.set("/object", json({ x: 1 }));
    const connectVia = {
      referenceName: "AutoResolveIntegrationRuntime",
      type: "IntegrationRuntimeReference",
    };
    const { run } = await call("/object", { method: "Get", datasets: [], linkedServices: [], connectVia });
    assert.equal(run.message, "");
    const own = { connectVia: { ...connectVia, referenceName: "own" } };
    const failed = await call("/object", { method: "GET", ...own });
    assert.match(String(failed.run.message), /has no integration runtime 'own'/);
  });

  it("returns members and headers whose names every object inherits", async () => {
    const object = withInheritedNames((name) => name);
    server.answers.set("/inherited", (request, response) => {
      for (const name of inheritedNames) response.setHeader(name, name);
      json(object)(request, response);
    });
    const { ADFWebActivityResponseHeaders: headers, ...output } = Object(
      (await call("/inherited")).activities.a?.output,
    );
    const own = (from: object, names: readonly string[]) =>
      names.map((name) => Object.getOwnPropertyDescriptor(from, name)?.value);
    assert.deepEqual(own(output, inheritedNames), inheritedNames);
    const lower = inheritedNames.map((name) => name.toLowerCase());
    assert.deepEqual(own(headers, lower), inheritedNames);
  });

  it("sends method, headers and body, and the factory's token with MSI authentication", async () => {
    server.answers.set("/send", json({}));
    await call("/send", {
      method: "POST",
      body: { value: "@concat('a', '=', uriComponent('ä&'))", type: "Expression" },
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      authentication: { type: "MSI", resource: "https://vault.azure.net" },
    });
    const { url, headers, body } = server.requests.at(-1) ?? {};
    const type = "application/x-www-form-urlencoded";
    assert.deepEqual(
      [url, headers?.["content-type"], headers?.authorization, body],
      ["/send", type, "Bearer token", "a=%C3%A4%26"],
    );
  });

  it("fails on an error status and shows the start of the response, but not the query", async () => {
    server.answers.set("/denied", json({ error: { message: "no role" } }, 403));
    const { activities } = await call("/denied?sig=secret");
    assert.equal(activities.a?.error.errorCode, "2108");
    assert.match(activities.a?.error.message ?? "", /\/denied'\. Response status code: '403'\. .*no role/);
    assert.doesNotMatch(activities.a?.error.message ?? "", /secret/);
  });

  for (const [name, body] of [
    ["an array", "[1]"],
    ["a scalar", "1"],
    ["text", "hello"],
  ]) {
    it(`fails if the response is ${name}`, async () => {
      server.answers.set("/odd", (_, response) => response.end(body));
      assert.match((await call("/odd")).run.message, /not a JSON object/);
    });
  }

  it("fails if the response is over 4 MB", async () => {
    server.answers.set("/large", json({ text: "x".repeat(4 * 1024 * 1024) }));
    assert.match((await call("/large")).run.message, /over 4 MB/);
  });

  it("polls the location of a 202 response", async () => {
    let polls = 0;
    server.answers.set("/start", (_, response) => response.writeHead(202, { location: "/poll" }).end());
    server.answers.set("/poll", (request, response) =>
      ++polls < 3
        ? response.writeHead(202, { location: "/poll" }).end()
        : json({ done: true })(request, response),
    );
    assert.equal((await call("/start")).run.status, "Succeeded");
    assert.equal(polls, 3);
  });

  it("names an endpoint that cannot be reached", async () => {
    const gone = await startFakeWeb();
    await gone.close();
    const { run } = await test.run([activity("a", "WebActivity", { method: "GET", url: `${gone.url}/x` })]);
    assert.match(run.message, /Error calling the endpoint '.*\/x': .*ECONNREFUSED/);
  });

  it("calls a function of a Function app with the app's key", async () => {
    server.answers.set("/api/hello", (request, response) =>
      json({ key: request.headers["x-functions-key"] })(request, response),
    );
    test.deploy("linkedservices", "app", {
      type: "AzureFunction",
      typeProperties: { functionAppUrl: server.url, functionKey: { type: "SecureString", value: "k1" } },
    });
    const linkedServiceName = { referenceName: "app", type: "LinkedServiceReference" };
    const hello = activity("a", "AzureFunctionActivity", {
      functionName: "hello",
      method: "POST",
      body: "{}",
    });
    const { activities } = await test.run([{ ...hello, linkedServiceName }]);
    assert.deepEqual(activities.a?.output, { key: "k1" });
  });
});

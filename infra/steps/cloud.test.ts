import assert from "node:assert/strict";
import { QtError } from "../../errors/qt-error";
import { type FakeAnswer, type FakeArm, startFakeArm } from "../testing/fake-arm";
import { discoverCloud } from "./cloud";

describe("the cloud", () => {
  let server: FakeArm | undefined;
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });
  const metadata = {
    authentication: { loginEndpoint: "https://login.test/", audiences: ["https://audience.test/"] },
    resourceManager: "https://arm.test/",
  };
  /** Discovers a cloud whose metadata endpoint gives the answer. */
  async function discover(answer: FakeAnswer) {
    server = await startFakeArm(() => answer);
    return discoverCloud(server.url);
  }
  async function refusal(answer: FakeAnswer) {
    const error = await discover(answer).catch((caught: unknown) => caught);
    assert.ok(error instanceof QtError && error.code === "QT1203", String(error));
    return error;
  }

  it("is public Azure without a metadata host", async () => {
    for (const host of [undefined, ""]) {
      assert.deepEqual(await discoverCloud(host), {
        resourceManager: "https://management.azure.com",
        loginEndpoint: "https://login.microsoftonline.com",
        armScope: "https://management.azure.com/.default",
        sqlScope: "https://database.windows.net/.default",
        graph: "https://graph.microsoft.com",
        isPublic: true,
      });
    }
  });

  it("is read from the metadata endpoint, which a URL may name, and has no trailing slashes", async () => {
    assert.deepEqual(await discover({ json: metadata }), {
      resourceManager: "https://arm.test",
      loginEndpoint: "https://login.test",
      armScope: "https://audience.test/.default",
      sqlScope: "https://database.windows.net/.default",
      graph: "https://graph.microsoft.com",
      isPublic: false,
    });
    assert.deepEqual(
      server?.calls.map(({ method, url }) => [method, url]),
      [["GET", "/metadata/endpoints?api-version=2022-09-01"]],
    );
  });

  it("is asked for with TLS if only a host is named", async () => {
    await assert.rejects(discoverCloud("127.0.0.1:1"), {
      details: {
        url: "https://127.0.0.1:1/metadata/endpoints?api-version=2022-09-01",
        reason: "fetch failed: bad port",
      },
    });
  });

  it("has Resource Manager's own audience if the metadata names none", async () => {
    const authentication = { ...metadata.authentication, audiences: [] };
    const { armScope } = await discover({ json: { ...metadata, authentication } });
    assert.equal(armScope, "https://arm.test/.default");
  });

  for (const [what, suffixes, sqlScope] of [
    [
      "a suffix with a dot",
      { sqlServerHostname: ".database.gov.test" },
      "https://database.gov.test/.default",
    ],
    [
      "a suffix without a dot",
      { sqlServerHostname: "database.china.test" },
      "https://database.china.test/.default",
    ],
    ["no suffix for SQL", {}, "https://database.windows.net/.default"],
    ["an emulator's host", { sqlServerHostname: "127.0.0.1" }, "https://database.windows.net/.default"],
    [
      "a suffix of another service",
      { sqlServerHostname: ".sql.database." },
      "https://database.windows.net/.default",
    ],
  ] as const) {
    it(`has the audience of its Azure SQL: ${what}`, async () => {
      assert.equal((await discover({ json: { ...metadata, suffixes } })).sqlScope, sqlScope);
    });
  }

  it("is not read from an answer that is an error, even one that looks like metadata", async () => {
    const { details } = await refusal({ status: 503, json: metadata });
    assert.deepEqual(details, {
      url: `${server?.url}/metadata/endpoints?api-version=2022-09-01`,
      reason: "it answered 503",
    });
  });

  it("is not read from an answer that is no JSON, and the error names its cause", async () => {
    const { cause } = await refusal({ text: "<html>" });
    assert.ok(cause instanceof SyntaxError, String(cause));
  });
});

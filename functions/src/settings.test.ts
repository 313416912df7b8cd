import assert from "node:assert/strict";
import { readPageBytesLimit, readSettings, readTokenUrl } from "./settings";

const complete = {
  SQL_SERVER: "sql-x.database.windows.net",
  SQL_DATABASE: "quantemplate",
  AZURE_CLIENT_ID: "client",
  IDENTITY_ENDPOINT: "http://localhost/msi",
  IDENTITY_HEADER: "header",
};

describe("the settings", () => {
  it("are the server, the database and the identity, without spaces around them", () => {
    assert.deepEqual(readSettings({ ...complete, SQL_DATABASE: " quantemplate " }), {
      server: "sql-x.database.windows.net",
      port: 1433,
      database: "quantemplate",
      clientId: "client",
      identityEndpoint: "http://localhost/msi",
      identityHeader: "header",
    });
  });

  it("take SQL Server's own notation of host and port", () => {
    const { server, port } = readSettings({ ...complete, SQL_SERVER: "127.0.0.1 , 14330" });
    assert.deepEqual([server, port], ["127.0.0.1", 14330]);
    for (const wrong of [",1433", " ,1433", "127.0.0.1,port"]) {
      assert.throws(() => readSettings({ ...complete, SQL_SERVER: wrong }), {
        code: "QT5001",
        details: { setting: "SQL_SERVER" },
      });
    }
  });

  it("bound a page by what the tenant's settings allow, and never beyond 50 MB", () => {
    const limit = (text?: string) => readPageBytesLimit({ ...complete, PAGE_BYTES_LIMIT: text });
    assert.deepEqual(
      [limit(), limit(" "), limit(" 20000000 "), limit("60000000")],
      [50_000_000, 50_000_000, 20_000_000, 50_000_000],
    );
    for (const wrong of ["x", "0", "-1", "1.5"])
      assert.throws(() => limit(wrong), { code: "QT5001", details: { setting: "PAGE_BYTES_LIMIT" } });
  });

  for (const setting of Object.keys(complete)) {
    it(`name ${setting} when it is missing or empty`, () => {
      for (const value of [undefined, "", "  "]) {
        assert.throws(() => readSettings({ ...complete, [setting]: value }), {
          code: "QT5001",
          message: new RegExp(setting),
        });
      }
    });
  }

  it("require QT_TOKEN_URL only for the connection test", () => {
    assert.throws(() => readTokenUrl(complete), { code: "QT5001", message: /QT_TOKEN_URL/ });
    assert.equal(readTokenUrl({ QT_TOKEN_URL: "https://t" }), "https://t");
  });
});

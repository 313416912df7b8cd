import assert from "node:assert/strict";
import fc from "fast-check";
import { CodedError } from "../../../../kit/errors/coded-error";
import { parseServerUrl, shownServer, withPassword } from "./server-address";

describe("the URL of a SQL Server", () => {
  it("reads host, port, login and database", () => {
    assert.deepEqual(parseServerUrl("mssql://sa:p%40ss%2Fword@db.example.com:14330/tools"), {
      host: "db.example.com",
      port: 14330,
      user: "sa",
      password: "p@ss/word",
      database: "tools",
      encrypt: true,
      trustServerCertificate: false,
    });
    const { port, database } = parseServerUrl("mssql://sa:x@db.example.com");
    assert.deepEqual([port, database], [1433, "master"]);
    assert.equal(shownServer(parseServerUrl("mssql://sa:x@[::1]:1500")), "::1,1500");
  });

  it("encrypts by default, but not on this machine", () => {
    const encrypt = (rest: string) => parseServerUrl(`mssql://sa:x@${rest}`).encrypt;
    assert.deepEqual(["db.example.com", "127.0.0.1", "localhost", "[::1]"].map(encrypt), [
      true,
      false,
      false,
      false,
    ]);
    assert.equal(encrypt("127.0.0.1?encrypt=true"), true);
    assert.equal(encrypt("db.example.com?encrypt=false"), false);
  });

  it("accepts any user and password that are percent-encoded", () => {
    const text = fc.string({ minLength: 1, unit: "grapheme" });
    fc.assert(
      fc.property(text, text, (user, password) => {
        const url = `mssql://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1`;
        const address = parseServerUrl(url);
        assert.deepEqual([address.user, address.password], [user, password]);
        const separate = `mssql://${encodeURIComponent(user)}@127.0.0.1`;
        assert.deepEqual(parseServerUrl(withPassword(separate, password)), address);
        assert.deepEqual(parseServerUrl(withPassword(url, "another")), address);
      }),
    );
  });

  const wrong: Record<string, [string, RegExp]> = {
    "another scheme": ["postgres://sa:hidden@host", /postgres:/],
    "no URL at all": ["sa:hidden#@host:x", /not a URL|begins with/],
    "no password": ["mssql://hidden@host", /holds no password, and AZURE_EMULATOR_SQL_PASSWORD is not set/],
    "no user": ["mssql://:hidden@host", /no user/],
    "a password with a bare %": ["mssql://sa:hidden%zz@h/master", /percent-encoded/],
    "a user with a bare %": ["mssql://s%a:hidden@h/master", /percent-encoded/],
    "a database with a bare %": ["mssql://sa:hidden@h/%c3", /percent-encoded/],
    "an unknown option": ["mssql://sa:hidden@host?encrpyt=true", /encrpyt/],
    "an option that is neither true nor false": ["mssql://sa:hidden@host?encrypt=yes", /encrypt/],
  };
  for (const [name, [url, reason]] of Object.entries(wrong)) {
    it(`refuses ${name}, and shows no password`, () => {
      assert.throws(
        () => parseServerUrl(url),
        (error) => {
          assert.ok(error instanceof CodedError && error.code === "QT9021");
          assert.match(error.message, reason);
          assert.doesNotMatch(error.format(), /hidden/);
          return true;
        },
      );
    });
  }
});

import assert from "node:assert/strict";
import fc from "fast-check";
import Login7Payload from "tedious/lib/login7-payload";
import { parseFederatedToken, parseLogin7, withSqlLogin } from "./login7";
import { ProtocolError } from "./protocol";

function payload(change: Partial<Login7Payload>): Buffer {
  const login = new Login7Payload({
    tdsVersion: 0x74000004,
    packetSize: 4096,
    clientProgVer: 0,
    clientPid: 1,
    connectionId: 0,
    clientTimeZone: 0,
    clientLcid: 0x409,
  });
  return Object.assign(
    login,
    { hostname: "laptop", appName: "test", serverName: "srv", libraryName: "lib" },
    change,
  ).toBuffer();
}

describe("LOGIN7", () => {
  it("reads names, database, versions and a SQL user", () => {
    const body = payload({ userName: "sa", password: "secret", database: "orders" });
    assert.deepEqual(parseLogin7(body), {
      tdsVersion: 0x74000004,
      packetSize: 4096,
      hostName: "laptop",
      applicationName: "test",
      database: "orders",
      credential: { kind: "password", userName: "sa" },
      body,
    });
  });

  it("becomes the SQL login that the driver itself would have sent", () => {
    const text = fc.string({ minLength: 1, maxLength: 128 });
    fc.assert(
      fc.property(text, text, text, fc.string({ maxLength: 3000 }), (user, password, database, token) => {
        const fedAuth = { type: "SECURITYTOKEN" as const, echo: true, fedAuthToken: token };
        const rewritten = withSqlLogin(parseLogin7(payload({ fedAuth, database: "orders" })), {
          user,
          password,
          database,
        });
        const expected = payload({ userName: user, password, database });
        const { body: _, ...login } = parseLogin7(rewritten);
        const { body: __, ...own } = parseLogin7(expected);
        assert.deepEqual(login, own);
        assert.deepEqual(passwordField(rewritten), passwordField(expected));
        assert.equal(rewritten.readUInt32LE(0), rewritten.length);
      }),
    );
  });

  it("finds the access token among the feature extensions, of any length and content", () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 3000, unit: "binary" }),
        fc.string({ maxLength: 128 }),
        (token, database) => {
          const fedAuth = { type: "SECURITYTOKEN" as const, echo: true, fedAuthToken: token };
          const login = parseLogin7(payload({ fedAuth, database }));
          assert.deepEqual(login.credential, { kind: "token", token });
          assert.equal(login.database, database);
        },
      ),
    );
  });

  it("recognises a client that asks for the source of its token", () => {
    const fedAuth = { type: "ADAL" as const, echo: true, workflow: "default" as const };
    assert.deepEqual(parseLogin7(payload({ fedAuth })).credential, { kind: "askForToken" });
  });

  it("recognises integrated authentication", () => {
    assert.deepEqual(parseLogin7(payload({ sspi: Buffer.from("NTLM") })).credential, { kind: "integrated" });
  });

  it("reads the token that follows FEDAUTHINFO", () => {
    const text = Buffer.from("ey.token", "utf16le");
    const head = Buffer.alloc(8);
    head.writeUInt32LE(text.length + 4, 0);
    head.writeUInt32LE(text.length, 4);
    assert.equal(parseFederatedToken(Buffer.concat([head, text])), "ey.token");
  });

  it("throws only ProtocolError on damaged bytes", () => {
    const sound = payload({ fedAuth: { type: "SECURITYTOKEN", echo: true, fedAuthToken: "token" } });
    fc.assert(
      fc.property(fc.nat(sound.length), fc.nat(255), fc.nat(sound.length), (at, value, length) => {
        const damaged = Buffer.from(sound.subarray(0, length));
        if (at < damaged.length) damaged[at] = value;
        try {
          withSqlLogin(parseLogin7(damaged), { user: "sa", password: "secret", database: "master" });
        } catch (error) {
          assert.ok(error instanceof ProtocolError, String(error));
        }
      }),
      { numRuns: 1000 },
    );
  });
});

function passwordField(login7: Buffer): Buffer {
  const offset = login7.readUInt16LE(44);
  return login7.subarray(offset, offset + login7.readUInt16LE(46) * 2);
}

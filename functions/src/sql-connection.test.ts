import assert from "node:assert/strict";
import { mock } from "node:test";
import sql from "mssql";
import { poolConfig, SqlConnection } from "./sql-connection";

describe("the driver's configuration", () => {
  it("logs in with the identity's token, verifies the certificate, and lets a serverless database pause", () => {
    const credential = { getToken: () => assert.fail("the driver asks when it connects") };
    const settings = { server: "sql-x", port: 1434, database: "quantemplate", clientId: "c" };
    const identity = { identityEndpoint: "http://localhost/msi", identityHeader: "h" };
    assert.deepEqual(poolConfig({ ...settings, ...identity }, credential), {
      server: "sql-x",
      port: 1434,
      database: "quantemplate",
      authentication: { type: "token-credential", options: { credential } },
      options: {
        encrypt: true,
        trustServerCertificate: false,
        appName: "quantemplate-fivetran",
        maxRetriesOnTransientErrors: 0,
      },
      pool: { min: 0, max: 4, idleTimeoutMillis: 10_000 },
      connectionTimeout: 15_000,
      requestTimeout: 0,
      validateConnection: false,
    });
  });
});

const signal = () => new AbortController().signal;

describe("the connection to the database", () => {
  const config = { server: "sql-x" };
  let opened: sql.ConnectionPool[];
  let closed: Set<sql.ConnectionPool>;
  let failure: Error | undefined;

  beforeEach(() => {
    opened = [];
    closed = new Set();
    failure = undefined;
    const pool = sql.ConnectionPool.prototype;
    mock.method(pool, "connect", async function (this: sql.ConnectionPool) {
      opened.push(this);
      if (failure !== undefined) throw failure;
      return this;
    });
    mock.getter(pool, "connected", function (this: sql.ConnectionPool) {
      return !closed.has(this);
    });
  });
  afterEach(() => mock.restoreAll());

  it("is one pool for all reads", async () => {
    const connection = new SqlConnection(config);
    assert.equal(opened.length, 0);
    const found = [
      ...(await Promise.all([connection.pool(signal()), connection.pool(signal())])),
      await connection.pool(signal()),
    ];
    assert.deepEqual([opened.length, new Set(found)], [1, new Set(opened)]);
  });

  it("is opened again after a login failed", async () => {
    const connection = new SqlConnection(config);
    failure = new Error("Login failed");
    await assert.rejects(connection.pool(signal()), failure);
    failure = undefined;
    assert.equal(await connection.pool(signal()), opened[1]);
  });

  it("is opened again after it was closed", async () => {
    const connection = new SqlConnection(config);
    closed.add(await connection.pool(signal()));
    assert.equal(await connection.pool(signal()), opened[1]);
  });

  it("is waited for as long as there is time, and no new login begins while one hangs", async () => {
    let answer = () => {};
    const hanging = new Promise<void>((resolve) => {
      answer = resolve;
    });
    mock.method(sql.ConnectionPool.prototype, "connect", async function (this: sql.ConnectionPool) {
      opened.push(this);
      await hanging;
      return this;
    });
    const connection = new SqlConnection(config);
    const controller = new AbortController();
    const late = connection.pool(controller.signal);
    controller.abort();
    const tooLate = { code: "QT5014", details: { seconds: 0 } };
    await assert.rejects(late, tooLate);
    await assert.rejects(connection.pool(AbortSignal.abort()), tooLate);
    const patient = connection.pool(signal());
    answer();
    assert.equal(await patient, opened[0]);
    assert.equal(opened.length, 1);
  });

  it("survives an idle connection that breaks", async () => {
    const connection = new SqlConnection(config);
    const pool = await connection.pool(signal());
    pool.emit("error", new Error("read ECONNRESET"));
    assert.equal(await connection.pool(signal()), pool);
  });
});

import assert from "node:assert/strict";
import { mock } from "node:test";
import { QtError } from "../../errors/qt-error";
import { checkPage } from "../test-support/destination";
import { driverError, SECRET, world } from "../test-support/function-world";
import { DEFAULT_LIMITS } from "./handler";

describe("the function", () => {
  it("answers a page as application/json", async () => {
    const { call } = world();
    const { http, text } = await call({ agent: "a", state: {}, sync_id: "s-1" });
    assert.equal(http.status, 200);
    assert.deepEqual(http.headers, { "content-type": "application/json" });
    assert.equal(checkPage(text).rows, 2);
  });

  it("logs what it sent with the sync's id, and no cell", async () => {
    const { call, clock, dataset, feed, logged } = world();
    feed.beforeChanges = () => {
      clock.time += 250;
    };
    const first = await call({ state: {}, sync_id: "s-1", secrets: { apiKey: SECRET } });
    const page = { level: "information", event: "page", sync_id: "s-1", has_more: false, duration_ms: 250 };
    assert.deepEqual(logged(), [
      { level: "information", event: "resync", sync_id: "s-1", dataset: "claims", reason: "no cursor" },
      { ...page, rows: 2, inserted: 2, deleted: 0, bytes: first.text.length },
    ]);
    dataset.publish(
      new Map([
        ["a", ["secret cell"]],
        ["c", ["new"]],
        ["d", ["new too"]],
      ]),
    );
    const second = await call({ state: first.json.state, sync_id: "s-1" });
    assert.deepEqual(logged(), [{ ...page, rows: 3, inserted: 2, deleted: 1, bytes: second.text.length }]);
  });

  it("logs the datasets whose cursor is ahead of the database", async () => {
    const { call, dataset, logged } = world();
    const state = { format: 1, datasets: { claims: { epoch: dataset.epoch, version: 9 } } };
    await call({ state });
    assert.deepEqual(logged()[0], { level: "warning", event: "cursor_ahead", dataset: "claims" });
  });

  it("works without any of the optional fields", async () => {
    assert.equal(checkPage((await world().call({})).text).rows, 2);
  });

  it("refuses a state that it does not understand, before it reads anything, and names no cell and no secret", async () => {
    const { call, feed, logged } = world();
    feed.listDatasets = () => assert.fail("the database was read");
    const state = { format: 1, datasets: { claims: { epoch: "e", version: "x" }, [SECRET]: {} } };
    for (const request of [{ state }, { state: { format: 1, datasets: { [SECRET]: {} } } }]) {
      for (const setup of [{}, { setup_test: true }]) {
        const { text, json } = await call({ ...request, ...setup, secrets: { apiKey: SECRET } });
        assert.deepEqual(Object.keys(json).sort(), ["errorMessage", "errorType", "stackTrace"]);
        assert.equal(json.errorType, "QT5013");
        const [line, ...others] = logged();
        assert.deepEqual([line?.event, line?.errorType, others], ["error", "QT5013", []]);
        for (const each of [text, JSON.stringify(line)]) assert.doesNotMatch(each, /hunter2|secret cell/);
      }
    }
  });

  it("logs why it sends a dataset again, in one line", async () => {
    const { call, dataset, logged } = world();
    const { json } = await call({ state: {} });
    const reasons = async () => {
      logged();
      const { text } = await call({ state: json.state });
      const lines = logged().filter(({ event }) => event !== "page");
      assert.deepEqual(checkPage(text).softDelete, ["claims"]);
      return lines.map(({ event, dataset, reason }) => [event, dataset, reason]);
    };
    dataset.publish(new Map([["b", ["other"]]]));
    dataset.publish(new Map([["b", ["another"]]]));
    dataset.purge(2);
    assert.deepEqual(await reasons(), [["resync", "claims", "purged"]]);
    dataset.restore();
    assert.deepEqual(await reasons(), [["resync", "claims", "other epoch"]]);
  });

  it("answers a GET, which has no body, as a POST without one", async () => {
    const { call, feed } = world();
    feed.listDatasets = () => assert.fail("the database was read");
    const answers: Awaited<ReturnType<typeof call>>[] = [];
    for (const method of ["GET", "POST"] as const) answers.push(await call("", method));
    assert.equal(answers[0]?.json.errorType, "QT5002");
    assert.deepEqual(answers[0], answers[1]);
  });

  it("logs the sync's id without a secret, and a long one by its length", async () => {
    const { call, logged } = world();
    for (const [sync_id, shown] of [
      [`${SECRET}-1`, "***-1"],
      ["x".repeat(200), "x".repeat(200)],
      [SECRET.repeat(20), "(300 characters)"],
    ]) {
      await call({ state: {}, sync_id, secrets: { apiKey: SECRET } });
      for (const line of logged()) assert.equal(line.sync_id, shown);
    }
  });

  it("finds a secret in secrets of any form", async () => {
    const { call, logs } = world();
    const chain = `${'{"a":['.repeat(4_000)}"${SECRET}"${"]}".repeat(4_000)}`;
    for (const secrets of [chain, `"${SECRET}"`, `["${SECRET}"]`, JSON.stringify(chain)]) {
      const { json } = await call(
        `{"secrets":${secrets},"sync_id":"${SECRET}","customPayload":{"datasets":"${SECRET}"}}`,
      );
      assert.match(String(json.errorMessage), /names \*\*\*, which/);
      assert.doesNotMatch([...logs.splice(0), JSON.stringify(json)].join(), /hunter2/);
    }
  });

  it("answers errors with HTTP 200, the three fields, and no state", async () => {
    const { call, logged } = world();
    for (const body of ["not json", "[]", { state: {}, customPayload: { pageRows: "x" } }]) {
      const { http, json } = await call(body);
      assert.equal(http.status, 200);
      assert.deepEqual(http.headers, { "content-type": "application/json" });
      assert.deepEqual(Object.keys(json).sort(), ["errorMessage", "errorType", "stackTrace"]);
      assert.deepEqual(logged(), [{ level: "error", event: "error", ...json, duration_ms: 0 }]);
    }
  });

  it("logs an error of its own with the sync's id, its time and its cause, but without secrets", async () => {
    const { call, clock, feed, logged } = world();
    const cause = new Error(`no ${SECRET}`);
    feed.listDatasets = async () => {
      clock.time += 40;
      throw new QtError("QT5011", { procedure: "qt.list_datasets", reason: "it failed" }, { cause });
    };
    const { json } = await call({ state: {}, sync_id: "s-1", secrets: { apiKey: SECRET } });
    const line = { level: "error", event: "error", sync_id: "s-1", ...json, duration_ms: 40 };
    assert.deepEqual(logged(), [{ ...line, cause: "Error: no ***" }]);
  });

  it("logs a failure that is not its own without the cause, which it does not know", async () => {
    const { call, feed, logged } = world();
    feed.listDatasets = async () => {
      throw new TypeError("x is not a function", { cause: new Error("unknown") });
    };
    const { json } = await call({ state: {} });
    assert.equal(json.errorMessage, "x is not a function");
    assert.deepEqual(logged(), [{ level: "error", event: "error", ...json, duration_ms: 0 }]);
  });

  it("has no secret in any error or log", async () => {
    const token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl";
    const { call, feed, logs } = world();
    feed.listDatasets = async () => {
      throw driverError({}, `login with ${SECRET} and identity-header-value and ${token} failed`);
    };
    const { text } = await call({ state: {}, secrets: { deep: { apiKey: SECRET } } });
    for (const each of [text, logs.join()]) assert.doesNotMatch(each, /hunter2|identity-header-value|eyJ/);
  });

  it("names the database that could not be read", async () => {
    const { call, feed } = world();
    for (const name of [
      "ConnectionError",
      "RequestError",
      "TransactionError",
      "PreparedStatementError",
      "MSSQLError",
    ]) {
      feed.listDatasets = async () => {
        throw driverError({ name, number: 229 }, "The EXECUTE permission was denied");
      };
      const { json } = await call({ state: {} });
      assert.equal(json.errorType, "QT5008", name);
      assert.match(
        String(json.errorMessage),
        /^QT5008: The database quantemplate on sql-x could not be read: The EXECUTE permission was denied No page was sent/,
      );
    }
  });

  for (const [what, error] of [
    [
      "a pool that gives no connection",
      new Error("Failed to acquire a connection from the pool: operation timed out for an unknown reason"),
    ],
    [
      "a token that is refused",
      driverError(
        { name: "ConnectionError", code: "ELOGIN" },
        "Login failed for user '<token-identified principal>'.",
      ),
    ],
  ] as const)
    it(`tries four times, and then reports ${what} as the database's error`, async () => {
      const { call, clock, feed, logged } = world();
      let attempts = 0;
      feed.listDatasets = async () => {
        attempts++;
        throw error;
      };
      const { json } = await call({ state: {} });
      assert.deepEqual([json.errorType, attempts, clock.time - 1000], ["QT5008", 4, 3500]);
      assert.equal(logged().length, 4);
    });

  it("builds no page that is larger than the instance can hold", async () => {
    const { call } = world({ pageBytesLimit: () => 1 });
    const { text, json } = await call({ state: {}, customPayload: { pageBytes: "50000000" } });
    // A single larger row is sent alone.
    assert.equal(checkPage(text).rows, 1);
    assert.equal(json.hasMore, true);
  });

  it("says so if the database was still waking up when the time was over", async () => {
    const { call, clock, feed, logged } = world();
    feed.listDatasets = async () => {
      throw driverError({ number: 40613 }, "not currently available");
    };
    const { json } = await call({ state: {} });
    assert.match(
      String(json.errorMessage),
      /could not be read: not currently available \(the database was still waking up\) No page/,
    );
    assert.ok(clock.time - 1000 <= 200_000, `${clock.time - 1000} ms`);
    assert.equal(logged().at(-1)?.duration_ms, clock.time - 1000);
  });

  const own = new QtError("QT5009", { clientId: "c", resource: "r", reason: "status 400" });
  const wrapped: [how: string, fields: object, errorType: string][] = [
    ["the identity's error as its cause", { cause: own }, "QT5009"],
    ["the identity's error as its original error", { originalError: own }, "QT5009"],
    [
      "the identity's error in a list, as tedious wraps it",
      { originalError: new Error("login", { cause: new AggregateError([Error(), own]) }) },
      "QT5009",
    ],
    ["the identity's error beside another", { originalError: Error(), cause: own }, "QT5009"],
    ["other errors only", { originalError: Error(), cause: "text" }, "QT5008"],
    ["a list of others only", { originalError: new AggregateError([Error()]) }, "QT5008"],
  ];
  for (const [how, fields, errorType] of wrapped) {
    it(`reports ${errorType} for a failed login with ${how}`, async () => {
      const { call, feed } = world();
      feed.listDatasets = async () => {
        throw driverError({ name: "ConnectionError", code: "EFEDAUTH", ...fields });
      };
      assert.equal((await call({ state: {} })).json.errorType, errorType);
    });
  }

  it("answers even if what was thrown is no error", async () => {
    const { call, feed } = world();
    feed.listDatasets = async () => {
      throw { name: "RequestError", toString: () => "nothing" };
    };
    const { json } = await call({ state: {} });
    assert.deepEqual([json.errorMessage, json.errorType], ["nothing", "Error"]);
  });

  it("waits for a database that wakes up", async () => {
    const { call, feed, logged } = world();
    const list = feed.listDatasets.bind(feed);
    let attempts = 0;
    feed.listDatasets = async () => {
      if (++attempts < 8) throw driverError({ number: 40613 }, `not currently available, ${SECRET}`);
      return list();
    };
    assert.equal(checkPage((await call({ state: {}, secrets: { apiKey: SECRET } })).text).rows, 2);
    assert.deepEqual(
      logged().filter(({ event }) => event === "retry"),
      Array.from({ length: 7 }, (_, index) => ({
        level: "warning",
        event: "retry",
        attempt: index + 1,
        reason: "not currently available, ***",
      })),
    );
  });

  it("builds a page again after its statement broke off, and sends no row twice", async () => {
    const { call, feed } = world();
    let rows = 0;
    feed.beforeRow = () => {
      if (++rows === 2) throw driverError({ code: "ESOCKET" }, "read ECONNRESET");
    };
    assert.equal(checkPage((await call({ state: {} })).text).rows, 2);
  });

  it("ends a page early after a long wait, because Azure cuts off a late answer", async () => {
    const { addNotes, call, clock, feed } = world();
    addNotes();
    const list = feed.listDatasets.bind(feed);
    feed.listDatasets = async () => {
      if (clock.time < 190_000) throw driverError({ number: 40613 }, "not currently available");
      return list();
    };
    feed.beforeRow = () => {
      clock.time += 10_000;
    };
    const { insert, hasMore } = checkPage((await call({ state: {} })).text);
    assert.deepEqual([Object.keys(insert), hasMore], [["claims"], true]);
  });

  it("names a missing setting", async () => {
    const { call } = world({
      feed: () => {
        throw new QtError("QT5001", { setting: "SQL_SERVER" });
      },
    });
    assert.match(String((await call({ state: {} })).json.errorMessage), /SQL_SERVER/);
  });
});

describe("the function's time", () => {
  afterEach(() => mock.restoreAll());

  it("ends before Azure cuts off the answer, after 230 s", () => {
    const { soft, hard } = DEFAULT_LIMITS;
    assert.ok(soft < hard && hard < 230_000);
  });

  /** What each attempt of a request gives its first statement, if one attempt fails and the pause after it takes a while. */
  async function timeouts(request: object, pause: number): Promise<number[]> {
    const given: number[] = [];
    mock.method(AbortSignal, "timeout", (ms: number) => {
      given.push(ms);
      return new AbortController().signal;
    });
    const { call, clock, feed, logs } = world({
      sleep: async () => {
        clock.time += pause;
      },
    });
    const list = feed.listDatasets.bind(feed);
    feed.listDatasets = async () => {
      if (given.length < 2) throw driverError({ number: 40613 }, "not currently available");
      return list();
    };
    checkPage((await call(request)).text);
    assert.doesNotMatch(logs.join(), /^error/m);
    return given;
  }

  for (const request of [{}, { setup_test: true }]) {
    it(`is what is left of it after a pause, in whole milliseconds: ${JSON.stringify(request)}`, async () => {
      assert.deepEqual(await timeouts(request, 1500.5), [200_000, 198_500]);
    });

    it(`is never less than a timer can take: ${JSON.stringify(request)}`, async () => {
      assert.deepEqual(await timeouts(request, 300_000), [200_000, 1]);
    });
  }
});

import assert from "node:assert/strict";
import { SqlFailure } from "../../packages/azure-emulator/services/data-factory/sql/sql-session";
import { json } from "../../packages/azure-emulator/services/data-factory/testing/fake-web";
import { type ProjectFactory, SECRET, startProjectFactory, TOKEN } from "./testing/project-factory";

const DATASET = "claims/2024";
const paused = new SqlFailure("Database 'tenant' is not currently available. (40613)", 40613);
const CSV_PATH = "/v1/organisations/org/datasets/claims%2F2024";

describe("QT_fetch_data, as deployed", () => {
  let factory: ProjectFactory;
  beforeEach(async () => {
    factory = await startProjectFactory();
  });
  afterEach(() => factory.stop());

  const calls = (procedure: string) => factory.sql.calls.filter(({ what }) => what === procedure).length;
  /** A procedure fails so, one call after the other, and then succeeds. */
  const answer = (procedure: string, faults: readonly SqlFailure[]) => {
    const left = [...faults];
    factory.sql.answers.set(procedure, () => {
      const fault = left.shift();
      if (fault !== undefined) throw fault;
      return [];
    });
  };

  it("loads a dataset: begins, logs in, copies, publishes", async () => {
    const run = await factory.run("QT_fetch_data", { DatasetID: DATASET });
    assert.equal(run.message, "");
    assert.equal(run.status, "Succeeded");
    assert.deepEqual(factory.sql.calls, [
      {
        what: "qt.begin_load",
        parameters: { run_id: run.runId, dataset_id: DATASET, source_version: 0, allow_older: false },
      },
      { what: "qt.publish", parameters: { run_id: run.runId, allow_shrink: false } },
      { what: "qt.load_result", parameters: { run_id: run.runId } },
    ]);
    const [copy] = factory.sql.copies;
    assert.equal(copy?.csv, "id,name\n1,Ann\n2,Bob\n");
    assert.equal(copy?.request.server, "127.0.0.1,14330");
    assert.equal(copy?.request.schema, "staging");
    assert.equal(copy?.request.table, `load_${run.runId.replaceAll("-", "")}`);
    assert.equal(copy?.request.preCopyScript, `EXEC qt.reset_staging @run_id = N'${run.runId}'`);
    assert.equal(copy?.request.autoCreate, true);
  });

  it("asks for a version if one is wanted, and passes its number to the database", async () => {
    const wanted = { DatasetID: DATASET, Version: 12, AllowOlder: true };
    const run = await factory.run("QT_fetch_data", wanted);
    assert.equal(run.status, "Succeeded");
    assert.equal(factory.quantemplate.requests.at(-1)?.url, `${CSV_PATH}?version=12`);
    const [begin] = factory.sql.calls;
    assert.deepEqual([begin?.parameters.source_version, begin?.parameters.allow_older], [12, true]);
  });

  it("sends its run id as the trace id of sign-in and download", async () => {
    const run = await factory.run("QT_fetch_data", { DatasetID: DATASET });
    const [vault, ...quantemplate] = factory.quantemplate.requests.map(
      ({ headers }) => headers["x-qt-trace-id"],
    );
    assert.deepEqual([vault, ...quantemplate], [undefined, run.runId, run.runId]);
  });

  it("uses the factory's identity for Key Vault and the database, and Quantemplate's token for the download", async () => {
    await factory.run("QT_fetch_data", { DatasetID: DATASET });
    const { tokens, resources } = factory.emulator.context;
    const principalId = resources.get(factory.id)?.identity?.principalId;
    const [vault, login, download] = factory.quantemplate.requests;
    const vaultToken = vault?.headers.authorization?.replace("Bearer ", "") ?? "";
    assert.equal(tokens.verify(vaultToken, "https://vault.azure.net").objectId, principalId);
    assert.deepEqual(Object.fromEntries(new URLSearchParams(login?.body)), {
      grant_type: "client_credentials",
      client_id: "client&1",
      client_secret: SECRET,
    });
    assert.equal(download?.path, CSV_PATH);
    assert.equal(download?.headers.authorization, `Bearer ${TOKEN}`);
    const sqlToken = factory.sql.copies[0]?.request.accessToken ?? "";
    assert.equal(tokens.verify(sqlToken, "https://database.windows.net/").objectId, principalId);
  });

  it("shows neither secret nor token in runs, flow or on disk", async () => {
    const run = await factory.run("QT_fetch_data", { DatasetID: DATASET });
    const shown = JSON.stringify([
      await factory.activityRuns(run.runId),
      factory.emulator.context.flow.recent(100),
    ]);
    for (const secret of [SECRET, encodeURIComponent(SECRET), TOKEN])
      assert.equal(shown.includes(secret), false);
  });

  it("links the steps of the flow: cause, run, activities", async () => {
    const run = await factory.run("QT_fetch_data", { DatasetID: DATASET });
    const steps = factory.emulator.context.flow.recent(100).filter(({ parent }) => parent === run.runId);
    assert.deepEqual(
      steps.filter(({ status }) => status === "succeeded").map(({ name }) => name),
      [
        "BeginLoad",
        "KeepBegin",
        "Begin",
        "RequireBegin",
        "GetSecret",
        "Login",
        "CopyDataset",
        "KeepOutcome",
        "Download",
        "RequireDownload",
        "Publish",
        "PublishOutcome",
        "ReadResult",
      ],
    );
    assert.equal(
      steps.find(({ name, status }) => name === "CopyDataset" && status === "succeeded")?.detail?.rowsCopied,
      2,
    );
  });

  const refusals: [status: number, message: RegExp, downloads: number][] = [
    [
      401,
      /^Operation on target FailRun failed: CopyDataset: .*HttpStatusCode 401.*QT3101.*refused the token/,
      3,
    ],
    // A missing right and a missing dataset are not asked for again.
    [403, /QT3102/, 1],
    // `npm run load -- --from-version` ends at these words.
    [404, /HttpStatusCode 404 .*QT3103/, 1],
    [429, /QT3104/, 3],
    [500, /QT3105.*\(500\)/, 3],
  ];
  for (const [status, message, downloads] of refusals) {
    it(`ends Failed with the true cause when the source answers ${status}`, async () => {
      factory.quantemplate.answers.set(CSV_PATH, (_, response) => {
        response.writeHead(status, { "x-qt-trace-id": "trace-7" }).end("no");
      });
      const run = await factory.run("QT_fetch_data", { DatasetID: DATASET });
      assert.equal(run.status, "Failed");
      assert.match(run.message, message);
      assert.match(run.message, /trace-7/);
      assert.deepEqual(
        factory.sql.calls.map(({ what }) => what),
        ["qt.begin_load", "qt.fail_load"],
      );
      assert.match(
        String(factory.sql.calls[1]?.parameters.error),
        /^CopyDataset: Failure happened on 'Source' side/,
      );
      const count = (wanted: string) =>
        factory.quantemplate.requests.filter(({ path }) => path === wanted).length;
      assert.deepEqual([count("/token"), count(CSV_PATH)], [downloads, downloads]);
    });
  }

  it("repeats a download that is cut together with its login, because the token has grown old", async () => {
    cutAt(factory, [1]);
    const run = await factory.run("QT_fetch_data", { DatasetID: DATASET });
    assert.equal(run.message, "");
    assert.deepEqual(
      factory.quantemplate.requests.map(({ path }) => path),
      ["/vault/secrets/qt", "/token", CSV_PATH, "/token", CSV_PATH],
    );
    // The staging table is dropped before each attempt: the first one's copy may have left rows.
    assert.equal(factory.sql.copies.length, 1);
    assert.equal(
      factory.sql.copies[0]?.request.preCopyScript,
      `EXEC qt.reset_staging @run_id = N'${run.runId}'`,
    );
  });

  it("gives the first error of several attempts, whatever the last one says", async () => {
    let logins = 0;
    cutAt(factory, [1]);
    const issue = factory.quantemplate.answers.get("/token");
    factory.quantemplate.answers.set("/token", (request, response) => {
      logins += 1;
      if (logins > 1) response.writeHead(503).end("maintenance");
      else issue?.(request, response);
    });
    const run = await factory.run("QT_fetch_data", { DatasetID: DATASET });
    assert.match(run.message, /^Operation on target FailRun failed: CopyDataset: .*QT3107/);
    const [, failed] = factory.sql.calls;
    assert.equal(failed?.what, "qt.fail_load");
    assert.match(String(failed?.parameters.error), /^CopyDataset: .*QT3107/);
    assert.equal(logins, 3);
  });

  it("does not sign in again as a client that was refused, and publishes nothing", async () => {
    const refusal = { error: "invalid_client", error_description: "Invalid client credentials" };
    factory.quantemplate.answers.set("/token", json(refusal, 401));
    const run = await factory.run("QT_fetch_data", { DatasetID: DATASET });
    assert.match(run.message, /FailRun failed: Login: .*invalid_client/);
    assert.equal(factory.quantemplate.requests.filter(({ path }) => path === "/token").length, 1);
    assert.deepEqual(
      factory.sql.calls.map(({ what }) => what),
      ["qt.begin_load", "qt.fail_load"],
    );
  });

  it("does not report the error of an attempt that was made good", async () => {
    cutAt(factory, [1]);
    factory.sql.answers.set("qt.publish", () => {
      throw new SqlFailure("QT4010: lost 60 % of the rows", 54010);
    });
    const run = await factory.run("QT_fetch_data", { DatasetID: DATASET });
    assert.match(run.message, /FailRun failed: Publish: .*QT4010/);
  });

  it("asks for CSV", async () => {
    await factory.run("QT_fetch_data", { DatasetID: DATASET });
    assert.equal(factory.quantemplate.requests.at(-1)?.headers.accept, "text/csv");
  });

  it("detects a download that is cut off", async () => {
    factory.quantemplate.answers.set(CSV_PATH, (_, response) => {
      response.writeHead(200, { "content-length": "1000" });
      response.write("id,name\n1,Ann\n", () => response.destroy());
    });
    const run = await factory.run("QT_fetch_data", { DatasetID: DATASET });
    assert.equal(run.status, "Failed");
    assert.match(run.message, /QT3107/);
    assert.equal(factory.sql.copies.length, 0);
  });

  it("detects a chunked download that is cut off", async () => {
    factory.quantemplate.answers.set(CSV_PATH, (_, response) => {
      response.write("id,name\n1,Ann\n", () => response.destroy());
    });
    const run = await factory.run("QT_fetch_data", { DatasetID: DATASET });
    assert.match(run.message, /QT3107/);
  });

  it("passes on an empty answer, so that publish's guard decides", async () => {
    factory.quantemplate.answers.set(CSV_PATH, (_, response) => response.writeHead(204).end());
    const run = await factory.run("QT_fetch_data", { DatasetID: DATASET });
    assert.equal(run.status, "Succeeded");
    assert.equal(factory.sql.copies[0]?.csv, "");
  });

  it("reaches the Fail activity when the first activity fails, and names its error", async () => {
    factory.sql.answers.set("qt.begin_load", () => {
      throw new SqlFailure("QT4001: The dataset 'x' is not configured.", 54001);
    });
    const run = await factory.run("QT_fetch_data", { DatasetID: "x" });
    assert.equal(run.status, "Failed");
    assert.match(run.message, /^Operation on target FailRun failed: BeginLoad: .*54001.*QT4001/);
    assert.equal(calls("qt.begin_load"), 1, "what the database refuses is not asked again");
  });

  it("wakes a paused database, and gives it up after four attempts", async () => {
    answer("qt.begin_load", [paused, paused, paused]);
    assert.equal((await factory.run("QT_fetch_data", { DatasetID: DATASET })).message, "");
    assert.equal(calls("qt.begin_load"), 4);
    answer("qt.begin_load", [paused, paused, paused, paused]);
    const run = await factory.run("QT_fetch_data", { DatasetID: DATASET });
    assert.match(run.message, /FailRun failed: BeginLoad: .*40613/);
    assert.equal(calls("qt.begin_load"), 8);
  });

  it("tells what an awake database refuses, and not that it slept", async () => {
    answer("qt.begin_load", [paused, new SqlFailure("QT4003: Dataset 'x' is not configured.", 54003)]);
    const run = await factory.run("QT_fetch_data", { DatasetID: "x" });
    assert.match(run.message, /FailRun failed: BeginLoad: .*QT4003/);
    assert.equal(calls("qt.begin_load"), 2);
  });

  it("does not publish again what a guard refused", async () => {
    answer("qt.publish", [new SqlFailure("QT4010: The snapshot is empty.", 54010)]);
    const run = await factory.run("QT_fetch_data", { DatasetID: DATASET });
    assert.match(run.message, /^Operation on target FailRun failed: Publish: .*54010.*QT4010/);
    assert.match(String(factory.sql.calls.at(-1)?.parameters.error), /^Publish: .*QT4010: /);
    assert.equal(calls("qt.publish"), 1);
  });

  it("publishes once more what met something that passes", async () => {
    const busy = new SqlFailure("QT4031: Another load of the same dataset is still publishing.", 54031);
    for (const fault of [paused, busy]) {
      answer("qt.publish", [fault]);
      assert.equal((await factory.run("QT_fetch_data", { DatasetID: DATASET })).message, "");
    }
    assert.deepEqual([calls("qt.publish"), calls("qt.fail_load")], [4, 0]);
    answer("qt.publish", [paused, paused]);
    const run = await factory.run("QT_fetch_data", { DatasetID: DATASET });
    assert.match(run.message, /FailRun failed: Publish: .*40613/);
    assert.equal(calls("qt.publish"), 6);
  });

  it("records what the second publish was refused for, from which the refused values are found", async () => {
    answer("qt.publish", [paused, new SqlFailure("QT4012: A key comes more than once.", 54012)]);
    const run = await factory.run("QT_fetch_data", { DatasetID: DATASET });
    assert.match(run.message, /FailRun failed: Publish: .*QT4012/);
    assert.match(String(factory.sql.calls.at(-1)?.parameters.error), /^Publish: .*QT4012: /);
    // What was made good is no error of a later activity's.
    answer("qt.publish", [paused]);
    answer("qt.load_result", [paused, paused, paused, paused]);
    const unread = await factory.run("QT_fetch_data", { DatasetID: DATASET });
    assert.match(unread.message, /FailRun failed: ReadResult: /);
  });

  it("keeps the true cause when the clean-up fails too", async () => {
    factory.quantemplate.answers.set("/token", (_, response) =>
      response.writeHead(401).end("invalid_client"),
    );
    factory.sql.answers.set("qt.fail_load", () => {
      throw new SqlFailure("the database went away", undefined);
    });
    const run = await factory.run("QT_fetch_data", { DatasetID: DATASET });
    assert.match(
      run.message,
      /^Operation on target FailRun failed: Login: Error calling the endpoint .*'401'\. invalid_client/,
    );
  });

  it("fails if publish fails", async () => {
    factory.sql.answers.set("qt.publish", () => {
      throw new SqlFailure("QT4004: lost 60 % of the rows", 54004);
    });
    const run = await factory.run("QT_fetch_data", { DatasetID: DATASET, AllowShrink: true });
    assert.match(run.message, /FailRun failed: Publish: .*QT4004/);
    assert.equal(factory.sql.calls[1]?.parameters.allow_shrink, true);
  });

  it("names a global parameter that is missing", async () => {
    await factory.emulator.arm("PUT", factory.id, {
      location: "westeurope",
      identity: { type: "SystemAssigned" },
      properties: { globalParameters: {} },
    });
    const run = await factory.run("QT_fetch_data", { DatasetID: DATASET });
    assert.match(run.message, /BeginLoad: .*property 'sqlServer' doesn't exist/);
  });

  it("names the factory that has no identity", async () => {
    const { json } = await factory.emulator.arm("GET", factory.id);
    const put = await factory.emulator.arm("PUT", factory.id, { ...json, identity: { type: "None" } });
    assert.equal(put.status, 200, put.text);
    const run = await factory.run("QT_fetch_data", { DatasetID: DATASET });
    assert.match(run.message, /QT3201: The factory adf-test has no system-assigned identity/);
  });

  it("has what the load did in its log and its flow", async () => {
    const row = { status: "published", inserted: 2, emptied: '{"premium":3}', error: null };
    factory.sql.answers.set("qt.load_result", () => [row]);
    const run = await factory.run("QT_fetch_data", { DatasetID: DATASET });
    assert.equal(run.status, "Succeeded");
    const isEnd = ({ name, status }: { name: string; status: string }) =>
      name === "ReadResult" && status === "succeeded";
    const { error: _, ...shown } = row;
    assert.deepEqual(factory.emulator.context.flow.recent(100).find(isEnd)?.detail, shown);
  });

  it("ends Failed if it cannot read what the load did, and says so", async () => {
    factory.sql.answers.set("qt.load_result", () => {
      throw new SqlFailure("the database is paused", 40613);
    });
    const run = await factory.run("QT_fetch_data", { DatasetID: DATASET });
    assert.match(run.message, /FailRun failed: ReadResult: .*the database is paused/);
  });

  it("runs what is deployed: a changed activity changes the run", async () => {
    const path = `${factory.id}/pipelines/QT_fetch_data`;
    const { json } = await factory.emulator.arm("GET", path);
    const text = JSON.stringify(json.properties).replace('"qt.publish"', '"qt.publish_elsewhere"');
    const { status } = await factory.emulator.arm("PUT", path, { properties: JSON.parse(text) });
    assert.equal(status, 200);
    await factory.run("QT_fetch_data", { DatasetID: DATASET });
    assert.deepEqual(
      factory.sql.calls.map(({ what }) => what),
      ["qt.begin_load", "qt.publish_elsewhere", "qt.load_result"],
    );
  });

  it("QT_reconcile loads every active dataset, then purges", async () => {
    factory.sql.answers.set("qt.datasets_to_load", () => [{ dataset_id: DATASET, table_name: "claims" }]);
    const run = await factory.run("QT_reconcile", {});
    assert.equal(run.message, "");
    assert.equal(run.status, "Succeeded");
    assert.deepEqual(
      factory.sql.calls.map(({ what }) => what),
      ["qt.datasets_to_load", "qt.begin_load", "qt.publish", "qt.load_result", "qt.purge"],
    );
    assert.deepEqual(factory.sql.calls.at(-1)?.parameters, { retention_days: 90 });
  });

  it("QT_reconcile purges and ends Failed if a dataset could not be loaded", async () => {
    factory.sql.answers.set("qt.datasets_to_load", () => [
      { dataset_id: "missing", table_name: "missing" },
      { dataset_id: DATASET, table_name: "claims" },
    ]);
    const run = await factory.run("QT_reconcile", {});
    assert.equal(run.status, "Failed");
    assert.match(run.message, /FailRun failed: At least one dataset was not loaded.*QT3103/);
    const called = factory.sql.calls.map(({ what }) => what);
    assert.ok(
      called.includes("qt.publish") && called.includes("qt.fail_load") && called.includes("qt.purge"),
    );
  });
});

/** Cuts these downloads (1 is the first) after as long as a token lives, and refuses tokens that were issued before a cut. */
function cutAt({ quantemplate: { answers } }: ProjectFactory, cuts: readonly number[]): void {
  let issued = 0;
  let oldest = 1;
  let downloads = 0;
  const whole = answers.get(CSV_PATH);
  answers.set("/token", (request, response) => json({ access_token: `t-${++issued}` })(request, response));
  answers.set(CSV_PATH, (request, response) => {
    const token = Number(request.headers.authorization?.replace("Bearer t-", ""));
    if (token < oldest) return void response.writeHead(401).end("The access token has expired.");
    if (!cuts.includes(++downloads)) return whole?.(request, response);
    oldest = issued + 1;
    response.writeHead(200, { "content-length": "1000" });
    response.write("id,name\n1,Ann\n", () => response.destroy());
  });
}

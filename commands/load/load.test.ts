import assert from "node:assert/strict";
import { loadDataset, type SourceVersions } from "./load";
import { changesText, outcomeOf } from "./load-outcome";
import { type LoadTarget, loggedOutcome } from "./load-target";

/** A factory whose Quantemplate has these versions, and that remembers how runs were started. */
function target(versions: readonly number[]): LoadTarget & { readonly started: unknown[] } {
  const started: { Version?: number }[] = [];
  return {
    started,
    stack: "dev",
    pipeline: "QT_fetch_data",
    datasets: [],
    longestPollMs: 1,
    administer: async () => ({}),
    async call(method, path, body) {
      if (method === "POST") {
        assert.equal(path, "/pipelines/QT_fetch_data/createRun");
        return { runId: `run-${started.push(body as object)}` };
      }
      const { Version = 1 } = started[Number(path.split("-").at(-1)) - 1] ?? {};
      if (versions.includes(Version)) return { status: "Succeeded" };
      return {
        status: "Failed",
        message: "CopyDataset: The HttpStatusCode 404 indicates failure. Response: none",
      };
    },
    outcome: async (_, runId) => ({
      runId,
      status: "published",
      version: 1,
      staged: 1,
      inserted: 1,
      updated: 0,
      deleted: 0,
      emptied: undefined,
    }),
  };
}

describe("a load of Quantemplate's versions", () => {
  const loaded = async (factory: LoadTarget, versions: SourceVersions | undefined, allowOlder = false) => {
    const results: unknown[] = [];
    const loads = loadDataset(factory, "d-1", { versions, allowOlder, allowShrink: false }, () => undefined);
    for await (const result of loads)
      results.push([result.sourceVersion, "runId" in result ? result.runId : result.status]);
    return results;
  };

  it("asks for no version if none is wanted", async () => {
    const factory = target([1]);
    assert.deepEqual(await loaded(factory, undefined), [[undefined, "run-1"]]);
    assert.deepEqual(factory.started, [{ DatasetID: "d-1", AllowShrink: false }]);
  });

  it("asks for exactly the one that is wanted", async () => {
    const factory = target([1, 2, 3]);
    assert.deepEqual(await loaded(factory, { from: 2, to: 2 }, true), [[2, "run-1"]]);
    assert.deepEqual(factory.started, [
      { DatasetID: "d-1", AllowShrink: false, Version: 2, AllowOlder: true },
    ]);
  });

  it("goes in order up to the first that is not there, and names it", async () => {
    const factory = target([3, 4, 6]);
    assert.deepEqual(await loaded(factory, { from: 3, to: undefined }), [
      [3, "run-1"],
      [4, "run-2"],
      [5, "missing"],
    ]);
  });

  it("fails if one of a closed range is not there, or the first", async () => {
    const factory = target([3, 5]);
    await assert.rejects(loaded(factory, { from: 3, to: 5 }), {
      code: "QT9006",
      message: /load of d-1 --version 4 .*404/,
    });
    assert.equal(factory.started.length, 2, "nothing after it is loaded");
    await assert.rejects(loaded(target([2]), { from: 1, to: undefined }), { code: "QT9006" });
  });

  it("does not take another failure for the end", async () => {
    const factory = target([1]);
    const broken: LoadTarget = {
      ...factory,
      async call(...request) {
        const answer = await factory.call(...request);
        const message = "Publish: QT4011: lost 404 of 500 rows";
        return factory.started.length < 2 || request[0] === "POST" ? answer : { status: "Failed", message };
      },
    };
    await assert.rejects(loaded(broken, { from: 1, to: undefined }), {
      code: "QT9006",
      message: /--version 2 .*QT4011/,
    });
  });
});

describe("the outcome of a load", () => {
  const row = {
    status: "published",
    version: "3",
    rows_staged: "9",
    inserted: "1200",
    updated: 2,
    deleted: 0,
  };

  it("says how many rows changed, and which columns lost how many values", () => {
    assert.equal(
      changesText(outcomeOf("run-1", { ...row, emptied: null })),
      "1,200 inserted, 2 updated, 0 deleted",
    );
    assert.equal(
      changesText(outcomeOf("run-1", { ...row, emptied: '{"premium":1200,"day":1}' })),
      "1,200 inserted, 2 updated, 0 deleted; emptied, because they do not convert: 1,200 of premium, 1 of day",
    );
  });

  it("is that of the row, with numbers", () => {
    assert.deepEqual(outcomeOf("run-1", { ...row, version: null, emptied: '{"a":1}' }), {
      runId: "run-1",
      status: "published",
      version: undefined,
      staged: 9,
      inserted: 1200,
      updated: 2,
      deleted: 0,
      emptied: { a: 1 },
    });
  });

  it("is read from the log of the run's last activity, in Azure", async () => {
    const asked: unknown[] = [];
    const runs: unknown[] = [{ status: "Failed", output: {} }];
    const call = async (...request: unknown[]) => {
      asked.push(request[1]);
      return { value: runs };
    };
    assert.equal(await loggedOutcome(call, "run-1"), undefined);
    runs.push({ status: "Succeeded", output: { firstRow: row } });
    assert.deepEqual(await loggedOutcome(call, "run-1"), outcomeOf("run-1", row));
    assert.deepEqual(asked, new Array(2).fill("/pipelineruns/run-1/queryActivityruns"));
  });
});

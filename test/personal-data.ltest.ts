import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { perform } from "../commands/load/administer";
import { runPipeline } from "../commands/load/load";
import { destinationRows, putDataset, query, sync } from "../local/commands/emulator-client";
import { localTarget } from "../local/load-target";
import { jobEnd, keyed, useEmulator } from "./support/emulator";

const marker = "Zoë-Marker-4711";

describe("Personal data in a file that is refused", () => {
  const local = useEmulator();

  const header = "Policy Reference,Line Number,Insured Name,Inception Date,Last Updated";
  const good = `${marker} 1,1,${marker},2026-01-01,`;
  const files: [what: string, rows: string[], expected: RegExp, stored: string[]][] = [
    ["a key twice", [good, good], /QT4012: .*lines 2 and 3\. An auditor/, ["1", `${marker} 1`]],
    [
      "a cell that does not convert",
      [good, `P-2,1,x,${marker},`],
      /QT4015: .*line 3, column "Inception Date" is not date\. An auditor/,
      [marker],
    ],
    ["a row without a key", [`${marker},,${marker},,`], /QT4013: 1 of 1 rows .*line 2/, []],
    ["a row with too many cells", [`${good},${marker}`], /QT6112/, []],
    ["a quote in a cell", [good, `P-2,1,${marker} "x",,`], /column 3 .*QT6115/, []],
    ["a quote that never ends", [good, `P-2,1,"${marker},,`], /QT6114/, []],
    ["text after a quote", [good, `P-2,1,"x"${marker},,`], /column 3 .*QT6115/, []],
    ["a zero byte", [good, `P-2,1,${marker}\0,,`], /QT6115/, []],
  ];

  const started = Date.now();

  /** Files that the emulator wrote since and that hold the marker, without those of the database, of Quantemplate and of Fivetran's destination. */
  function written(folder: string): string[] {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter(
        (file) => !/^[/\\](postgres[/\\]data|quantemplate|fivetran)[/\\]/.test(file.slice(folder.length)),
      )
      .filter((file) => statSync(file).mtimeMs >= started && readFileSync(file).includes("Marker-4711"));
  }

  async function runsOf(runId: string): Promise<string> {
    const { arm, subscriptionId, resourceGroup, dataFactory } = local().environment;
    const factory = `${arm.endpoint}/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.DataFactory/factories/${dataFactory.factoryName}`;
    const headers = { authorization: `Bearer ${arm.token}`, "content-type": "application/json" };
    const body = JSON.stringify({
      lastUpdatedAfter: "2000-01-01T00:00:00Z",
      lastUpdatedBefore: "2100-01-01T00:00:00Z",
    });
    const ask = async (path: string, method = "POST") => {
      const request = { method, headers, ...(method === "POST" ? { body } : {}) };
      const response = await fetch(`${factory}${path}?api-version=2018-06-01`, request);
      assert.ok(response.ok, path);
      return response.text();
    };
    return [
      await ask("/queryPipelineRuns"),
      await ask(`/pipelineruns/${runId}`, "GET"),
      await ask(`/pipelineruns/${runId}/queryActivityruns`),
    ]
      .join("\n")
      .replaceAll('\\"', '"');
  }

  for (const [what, rows, expected, stored] of files) {
    it(`is only where the auditor reads, if it has ${what}`, async () => {
      const csv = Buffer.from([header, ...rows, ""].join("\n"), "utf8");
      const delivery = await putDataset(local().environment, keyed, Readable.from([csv]));
      const end = await jobEnd(local().environment, delivery);
      assert.equal(end.status, "failed");
      assert.match(end.error, expected);
      const [load] = await query(
        local().environment,
        'select * from qt."load" order by snapshot_time desc offset 0 rows fetch next 1 rows only',
      );
      assert.match(String(load?.error), expected);
      const runId = String(load?.run_id);
      const values = await query(
        local().environment,
        "select value from qt.refused_value where run_id = $1",
        [runId],
      );
      assert.deepEqual(values.map(({ value }) => value).sort(), stored);

      const runs = await runsOf(runId);
      assert.match(runs, expected, "the run's record has the message");
      for (const [place, found] of Object.entries({
        steps: JSON.stringify(end.steps),
        load: JSON.stringify(load),
        runs,
        console: JSON.stringify(local().running.azure.context.flow.recent(10_000)),
      }))
        assert.ok(!found.includes("Marker-4711"), `${place}: ${found.slice(0, 2000)}`);
    });
  }

  it("is in no file that the emulator keeps", () => {
    assert.deepEqual(written(local().folder), []);
  });
});

describe("A row that is erased", () => {
  const local = useEmulator();
  const task = {
    dataset: "premium_bordereau",
    key: new Map([
      ["policy_reference", "PR-1"],
      ["Line Number", "1"],
    ]),
  };
  const table = "premium_bordereau";
  const snapshot = (...insured: string[]) =>
    [
      "Policy Reference,Line Number,Insured Name",
      ...insured.map((name, index) => `PR-${index + 1},1,${name}`),
      "",
    ].join("\n");
  const load = async (...insured: string[]) => {
    // Empty first: other suites load another snapshot.
    const target = await localTarget(local().folder, "dev");
    await putDataset(local().environment, keyed, snapshot(...insured), false);
    await runPipeline(target, keyed, { allowShrink: true }, () => undefined);
    await sync(local().environment);
    return (await destinationRows(local().environment, table)).map((row) => row.insured_name).sort();
  };

  it("goes from the table and from Fivetran, and comes back only when that is lifted", async () => {
    assert.deepEqual(await load("Ann", "Bob"), ["Ann", "Bob"]);
    const target = await localTarget(local().folder, "dev");
    const erased = await perform(target, { kind: "erase", ...task });
    assert.equal(erased.values.rowsErased, 1);
    const report = await sync(local().environment);
    assert.deepEqual([report.inserts, report.updates, report.deletes], [0, 0, 1]);
    assert.deepEqual(await load("Ann", "Bobby"), ["Bobby"]);
    await assert.rejects(perform(target, { kind: "erase", ...task, key: new Map([["line", "1"]]) }), {
      code: "QT4038",
      message: /The key of dataset d-bordereau-premium is policy_reference, line_number\. Name each/,
    });
    assert.deepEqual((await perform(target, { kind: "lift", ...task })).values, {
      dataset: keyed,
      lifted: true,
    });
    assert.deepEqual(await load("Ann", "Bobby"), ["Ann", "Bobby"]);
    await assert.rejects(perform(target, { kind: "release", table }), { code: "QT4009" });
  });
});

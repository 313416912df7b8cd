import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createLog } from "../functions/src/log";
import {
  emptiedCellsQuery,
  expiringWebhooksQuery,
  functionErrorsQuery,
  missingLoadsQuery,
  silentFunctionQuery,
  unannouncedChangesQuery,
  WEBHOOK_ACTIVITY,
} from "./alert-queries";
import { readQuery } from "./testing/log-query";

const root = join(__dirname, "..");
const procedure = readFileSync(join(root, "database/tsql/repeatable/load-result.sql"), "utf8");
/** The activities of a pipeline, those within others too. */
function activitiesOf(pipeline: string) {
  const text = readFileSync(join(root, `adf-definitions/pipeline/${pipeline}.json`), "utf8");
  const found: { name: string; type: string; [member: string]: unknown }[] = [];
  JSON.parse(text, (_, value) => {
    if (typeof value?.name === "string" && typeof value.type === "string") found.push(value);
    return value;
  });
  return found;
}

const loads = missingLoadsQuery(["d-1", 'd-"2"'], "QT_fetch_data");
const unannounced = unannouncedChangesQuery("QT_fetch_data", "QT_reconcile");
const expiring = expiringWebhooksQuery("QT_reconcile");
const emptied = emptiedCellsQuery("QT_fetch_data");
const errors = functionErrorsQuery("func-1");
const silent = silentFunctionQuery("func-1");
const queries = { loads, unannounced, expiring, emptied, errors, silent };

describe("the alerts' queries", () => {
  for (const [name, query] of Object.entries(queries)) {
    it(`are right to Kusto's own binder, read one table, and have no operator that rules do not support: ${name}`, () => {
      const { problems, tables, operators, columns } = readQuery(query);
      assert.deepEqual(problems, []);
      assert.equal(tables.length, 1);
      for (const operator of ["UnionOperator", "SearchOperator", "FindOperator", "TakeOperator"])
        assert.ok(!operators.includes(operator), operator);
      // Rows are counted by the time that they have.
      assert.ok(columns.includes("TimeGenerated"));
    });

    it(`look no further back than a rule may: ${name}`, () => {
      for (const [, count = "", unit] of query.matchAll(/ago\((\d+)([dh])\)/g))
        assert.ok(Number(count) * (unit === "d" ? 24 : 1) <= 48, query);
    });
  }

  it("are read as strictly as a workspace does", () => {
    assert.match(String(readQuery("AppTraces | where Nothing == 1").problems), /^Nothing: /);
    assert.match(String(readQuery("AppTraces | wher true").problems), /wher/);
    assert.deepEqual(readQuery("union AppTraces, ADFPipelineRun").operators, ["UnionOperator"]);
  });

  it("return a row for every configured dataset without a load, even if nothing runs any more", () => {
    assert.match(loads, /^let expected = datatable\(DatasetID: string\) \["d-1", "d-\\"2\\""\];/);
    // An outer join keeps the datasets without a load.
    assert.match(
      loads,
      /expected\n\| join kind=leftouter loads on DatasetID\n\| where isnull\(LastLoad\) or /,
    );
  });

  it("return no dataset until the tenant's first load is as long ago as a load may be", () => {
    const [, longest] = /LastLoad < ago\((\w+)\)/.exec(loads) ?? [];
    assert.ok(loads.includes(`toscalar(loads | summarize min(FirstLoad)) < ago(${longest})`), longest);
  });

  it("look at the lines that the function itself writes, and not at those of its host", () => {
    const lines: string[] = [];
    const keep = (line: string) => lines.push(line);
    const log = createLog({ info: keep, warn: keep, error: keep }, { sync_id: "s" });
    log.error("error", { errorType: "QT5008" });
    log.info("page", { rows: 1 });
    const [error = "", page = ""] = lines;
    for (const [query, line] of [
      [errors, error],
      [silent, page],
    ] as const) {
      const [, start = ""] =
        /AppRoleName =~ "func-1" and Message startswith ("(?:[^"\\]|\\.)*")/.exec(query) ?? [];
      assert.ok(line.startsWith(JSON.parse(start)), `${line} does not start with ${start}`);
    }
  });

  it("report a function that is silent for two syncs, and none that never sent a page", () => {
    assert.match(silent, /summarize LastPage = max\(TimeGenerated\)\n\| where LastPage < ago\(13h\)/);
  });

  it("find nightly loads by the activity that starts them, whose output names the run", () => {
    const starts = activitiesOf("QT_reconcile").filter(({ type }) => type === "ExecutePipeline");
    assert.deepEqual(
      starts.map(({ name }) => name),
      ["LoadDataset"],
    );
    assert.match(
      unannounced,
      /ActivityName == "LoadDataset"\n\| project RunId = tostring\(parse_json\(Output\)\.pipelineRunId\)/,
    );
    assert.match(unannounced, /where Changed > 0 and ByEvent == 0/);
  });

  it("ask for what a load did by the activity of the pipeline that says so, in its procedure's columns", () => {
    const reading = activitiesOf("QT_fetch_data").find(({ name }) => name === "ReadResult");
    const { typeProperties, policy } = reading as unknown as {
      typeProperties: { source: { sqlReaderStoredProcedureName: string }; firstRowOnly: boolean };
      policy: { secureOutput: boolean };
    };
    assert.equal(typeProperties.source.sqlReaderStoredProcedureName, "qt.load_result");
    assert.deepEqual([typeProperties.firstRowOnly, policy.secureOutput], [true, false]);
    for (const query of [emptied, unannounced]) {
      assert.match(
        query,
        /PipelineName == "QT_fetch_data" and ActivityName == "ReadResult" and Status == "Succeeded"/,
      );
      for (const [, column] of query.matchAll(/Result\.(\w+)/g))
        assert.match(procedure, new RegExp(`[dl]\\.${column}\\b`));
    }
  });

  it("read a webhook's expiry as Resource Manager answers it", () => {
    assert.ok(expiring.includes(`ActivityName startswith "${WEBHOOK_ACTIVITY}"`));
    assert.match(expiring, /todatetime\(Webhook\.properties\.expiryTime\) < now\(\) \+ 60d/);
  });
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { emptiedCellsQuery, functionErrorsQuery, missingLoadsQuery } from "./alerts";

const pipeline = join(__dirname, "../adf-definitions/pipeline/QT_fetch_data.json");
const procedure = join(__dirname, "../database/tsql/repeatable/load-result.sql");

describe("the alerts' queries", () => {
  it("return a row for every configured dataset without a load, even if nothing ran at all", () => {
    const query = missingLoadsQuery(["d-1", "d-2"], "QT_fetch_data");
    assert.match(query, /^let expected = datatable\(DatasetID: string\) \["d-1", "d-2"\];/);
    // An anti join keeps the rows without a match: with no runs, it keeps every dataset.
    assert.match(query, /expected\n\| join kind=leftanti loaded on DatasetID/);
    assert.match(query, /Status == "Succeeded"/);
  });

  it("look at the function's own traces", () => {
    assert.match(functionErrorsQuery("func-1"), /AppRoleName =~ "func-1" and SeverityLevel >= 3$/);
  });

  it("ask for the loads that emptied cells, by the activity of the pipeline that says so", () => {
    const query = emptiedCellsQuery("QT_fetch_data");
    const { properties } = JSON.parse(readFileSync(pipeline, "utf8"));
    const reading = properties.activities.find(({ name }: { name: string }) => name === "ReadResult");
    assert.equal(reading.typeProperties.source.sqlReaderStoredProcedureName, "qt.load_result");
    assert.deepEqual([reading.typeProperties.firstRowOnly, reading.policy.secureOutput], [true, false]);
    assert.match(
      query,
      /PipelineName == "QT_fetch_data" and ActivityName == "ReadResult" and Status == "Succeeded"/,
    );
    const columns = readFileSync(procedure, "utf8");
    for (const [, column] of query.matchAll(/Result\.(\w+)/g))
      assert.match(columns, new RegExp(`[dl]\\.${column}\\b`));
  });
});

import assert from "node:assert/strict";
import { functionErrorsQuery, missingLoadsQuery } from "./alerts";

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
});

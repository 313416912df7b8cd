import assert from "node:assert/strict";
import { functionErrorsQuery, missingLoadsQuery } from "./alerts";

describe("the alerts' queries", () => {
  it("have a row for every configured dataset without a load, also where nothing ran at all", () => {
    const query = missingLoadsQuery(["d-1", "d-2"], "QT_fetch_data");
    assert.match(query, /^let expected = datatable\(DatasetID: string\) \["d-1", "d-2"\];/);
    // An anti join keeps what has no counterpart: an empty table of runs keeps every dataset.
    assert.match(query, /expected\n\| join kind=leftanti loaded on DatasetID/);
    assert.match(query, /Status == "Succeeded"/);
  });

  it("look at the function's own traces", () => {
    assert.match(functionErrorsQuery("func-1"), /AppRoleName =~ "func-1" and SeverityLevel >= 3$/);
  });
});

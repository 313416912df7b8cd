import assert from "node:assert/strict";
import { SqlFailure } from "../sql/sql-session";
import { activity, createTestRunner, type TestRunner } from "../testing/test-runner";

const linkedServiceName = {
  referenceName: "sql",
  type: "LinkedServiceReference",
  parameters: { server: "@pipeline().globalParameters.env", database: "d" },
};
const dataset = { referenceName: "db", type: "DatasetReference" };
const procedure = (typeProperties: unknown) => ({
  ...activity("a", "SqlServerStoredProcedure", typeProperties),
  linkedServiceName,
});

describe("SQL activities", () => {
  let test: TestRunner;
  beforeEach(() => {
    test = createTestRunner();
    test.deploy("linkedservices", "sql", {
      type: "AzureSqlDatabase",
      parameters: { server: { type: "string" }, database: { type: "string", defaultValue: "d" } },
      typeProperties: {
        server: "@{linkedService().server},1500",
        database: "@{linkedService().database}",
        authenticationType: "SystemAssignedManagedIdentity",
      },
    });
    test.deploy("datasets", "db", {
      type: "AzureSqlTable",
      // Datasets cannot read the pipeline, so the server is a fixed value.
      linkedServiceName: { ...linkedServiceName, parameters: { server: "h" } },
      typeProperties: {},
    });
  });
  afterEach(() => test.close());

  it("passes typed parameters to a procedure, which has no output", async () => {
    const parameters = {
      text: { value: "@concat('a', 'b')", type: "String" },
      count: { value: "12", type: "Int32" },
      large: { value: "9007199254740993", type: "Int64" },
      flag: { value: { value: "@equals(1, 1)", type: "Expression" }, type: "Boolean" },
      nothing: { value: null, type: "String" },
    };
    test.sql.answers.set("shop.p", () => [{ ignored: 1 }]);
    const { activities } = await test.run([
      procedure({ storedProcedureName: "shop.p", storedProcedureParameters: parameters }),
    ]);
    assert.deepEqual(test.sql.calls[0]?.parameters, {
      text: "ab",
      count: 12,
      large: "9007199254740993",
      flag: true,
      nothing: null,
    });
    assert.deepEqual(activities.a?.output, {});
  });

  it("reports a server's error with its number and message", async () => {
    test.sql.answers.set("shop.p", () => {
      throw new SqlFailure("SHOP4002: guard", 54002);
    });
    const { activities } = await test.run([procedure({ storedProcedureName: "shop.p" })]);
    assert.equal(activities.a?.error.errorCode, "2402");
    assert.match(
      activities.a?.error.message ?? "",
      /Sql error number: 54002\. Error Message: SHOP4002: guard/,
    );
  });

  it("refuses a value of another type before the call", async () => {
    const parameters = { count: { value: "many", type: "Int32" } };
    const { run } = await test.run([
      procedure({ storedProcedureName: "shop.p", storedProcedureParameters: parameters }),
    ]);
    assert.match(run.message, /'count' must be an integer/);
    assert.equal(test.sql.calls.length, 0);
  });

  it("returns the first row or all rows of a lookup", async () => {
    const rows = [{ id: 1 }, { id: 2 }];
    test.sql.answers.set("shop.list", () => rows);
    const source = { type: "AzureSqlSource", sqlReaderStoredProcedureName: "shop.list" };
    const one = await test.run([activity("a", "Lookup", { source, dataset: { ...dataset } })]);
    const runtime = { effectiveIntegrationRuntime: "AutoResolveIntegrationRuntime (local)" };
    assert.deepEqual(one.activities.a?.output, { firstRow: { id: 1 }, ...runtime });
    const all = await test.run([activity("a", "Lookup", { source, dataset, firstRowOnly: false })]);
    assert.deepEqual(all.activities.a?.output, { count: 2, value: rows, ...runtime });
  });

  it("cuts a lookup at 5,000 rows", async () => {
    test.sql.answers.set("q", () => Array.from({ length: 5001 }, (_, id) => ({ id })));
    const source = { type: "AzureSqlSource", sqlReaderQuery: "q" };
    const { run, activities } = await test.run([
      activity("a", "Lookup", { source, dataset, firstRowOnly: false }),
    ]);
    assert.equal(run.message, "");
    const { count, value } = Object(activities.a?.output);
    assert.deepEqual([count, value.length, value.at(-1)], [5000, 5000, { id: 4999 }]);
  });

  it("refuses a lookup with two result sets", async () => {
    test.sql.session.query = async () => ({ recordsets: [[{ a: 1 }], [{ b: 2 }]], rowsAffected: [1, 1] });
    const source = { type: "AzureSqlSource", sqlReaderQuery: "q" };
    const { run } = await test.run([activity("a", "Lookup", { source, dataset })]);
    assert.match(run.message, /one result set; there are 2/);
  });

  it("returns the result sets of a script's queries and the number of affected rows", async () => {
    test.sql.answers.set("select", () => [{ n: 1 }, { n: 2 }]);
    const script = {
      ...activity("a", "Script", {
        scripts: [
          { type: "NonQuery", text: "change" },
          {
            type: "Query",
            text: "@concat('sel', 'ect')",
            parameters: [{ name: "p", type: "String", value: "x" }],
          },
        ],
      }),
      linkedServiceName,
    };
    const { activities } = await test.run([script]);
    assert.deepEqual(activities.a?.output, {
      resultSetCount: 1,
      resultSets: [{ rowCount: 2, rows: [{ n: 1 }, { n: 2 }] }],
      recordsAffected: 2,
      outputParameters: {},
    });
    assert.deepEqual(
      test.sql.calls.map(({ what }) => what),
      ["change", "select"],
    );
  });
});

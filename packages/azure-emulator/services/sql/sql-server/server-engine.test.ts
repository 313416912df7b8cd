import assert from "node:assert/strict";
import { describeEngine } from "./server-engine";
import { dropDatabase } from "./statements";

describe("the engine of a SQL Server", () => {
  it("decides whether identities can have separate logins", () => {
    const kinds = [
      { babelfish: null, edition: 3, version: "16.0.4165.4" },
      { babelfish: null, edition: 5, version: "12.0.2000.8" },
      { babelfish: "4.4.0", edition: 0, version: "12.0.2000.8" },
    ].map(describeEngine);
    assert.deepEqual(
      kinds.map(({ title, hasUsers, hasOwnLogins }) => [title, hasUsers, hasOwnLogins]),
      [
        ["SQL Server 16.0.4165.4", true, true],
        ["Azure SQL Database", true, false],
        ["Babelfish 4.4.0", false, false],
      ],
    );
  });

  it("is asked to end other sessions of a database only if it can", () => {
    assert.match(
      dropDatabase("shop_local_x", "sql-server"),
      /single_user with rollback immediate;\s+drop database \[shop_local_x\]/,
    );
    assert.doesNotMatch(dropDatabase("shop_local_x", "babelfish"), /single_user/);
  });
});

import assert from "node:assert/strict";
import { chainedGrants } from "./grant-rules";

const schemas = (staging: string) => [
  "exec(N'create schema data authorization dbo'); create schema staging authorization dbo;",
  `alter authorization on schema::data to keeper; alter authorization on schema::staging to ${staging};`,
];

describe("the lint of grants", () => {
  it("finds ALTER, CONTROL and TAKE OWNERSHIP on a schema whose owner owns another", () => {
    for (const right of ["alter", "control", "select, alter", "take ownership"])
      assert.equal(
        chainedGrants([...schemas("keeper"), `grant ${right} on schema::staging to loader;`]).length,
        1,
      );
    assert.deepEqual(chainedGrants([...schemas("keeper"), "grant alter on schema::staging to loader"]), [
      "alter on schema staging to loader: its owner keeper owns data too",
    ]);
  });

  it("uses the owner after all files, even if the grant comes earlier", () => {
    const [create = "", own = ""] = schemas("porter");
    assert.deepEqual(chainedGrants([create, "grant alter on schema::staging to loader;", own]), []);
    assert.equal(chainedGrants([create, "grant alter on schema::staging to loader;"]).length, 1);
  });

  it("accepts other rights, and ALTER on a schema whose owner owns nothing else", () => {
    assert.deepEqual(
      chainedGrants([
        ...schemas("keeper"),
        "grant insert on schema::staging to loader; grant create table to loader;",
      ]),
      [],
    );
    assert.deepEqual(
      chainedGrants([...schemas("porter"), "grant control on schema::staging to keeper;"]),
      [],
    );
  });
});

import assert from "node:assert/strict";
import { statementSize } from "./statement-size";

describe("the size of a statement", () => {
  const names = (sql: string) => statementSize(sql).names;

  it("counts the identifiers and constants of its largest expression, in which a list is one expression", () => {
    assert.equal(names("select a.[x] + N'y' + @z as [n], 1 from data.[t] a"), 5);
    assert.equal(
      names("select case when left(s.[a], 1) in (N'+', N'-') then try_convert(int, s.[a]) end from t s"),
      5,
    );
    assert.equal(names("update l set a = d.[a], b = d.[b] + 1 + 2 from t l where l._k8 = 1"), 4);
  });

  it("counts a query in brackets separately", () => {
    assert.equal(names("select v.[a] from (select s.[a] + s.[b] + 1 as [c] from t s) v"), 4);
    assert.equal(names("select v.[a] from t s cross apply (values (1, s.[b]), (2, s.[c])) v"), 4);
  });

  it("counts the elements of its longest list", () => {
    assert.equal(statementSize("insert into t (a, b, c) select f(1, 2, 3, 4), 5 from t").elements, 4);
    assert.equal(statementSize("select 1 from (select a, b, c, d, e from t) t").elements, 5);
  });
});

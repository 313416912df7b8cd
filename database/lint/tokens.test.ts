import assert from "node:assert/strict";
import fc from "fast-check";
import { calls, generatedTexts, tokensOf } from "./tokens";

const texts = (sql: string) => tokensOf(sql).map(({ text }) => text);

describe("the tokens of T-SQL", () => {
  it("leave out comments and blanks, and keep strings whole", () => {
    assert.deepEqual(texts("select N'it''s -- no' /* ' */ , [a]]b].\"c\" -- '"), [
      ...["select", "it's -- no", ",", "a]b", ".", "c"],
    ]);
    assert.deepEqual(texts("@@rowcount<>0x1F+1.5e-3"), ["@@rowcount", "<>", "0x1f", "+", "1.5e-3"]);
  });

  it("cover every text, however it ends", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("'", "N'", "[", "]", "--", "/*", "*/", "\n", "a", "@", " ")),
        (list) => {
          const sql = list.join("");
          const lines = tokensOf(sql).map(({ line }) => line);
          assert.deepEqual(
            lines,
            lines.toSorted((a, b) => a - b),
          );
          assert.ok(tokensOf(sql).every(({ raw }) => raw !== "" && sql.includes(raw)));
        },
      ),
    );
  });

  it("include the arguments of a call, but not of a method with that name", () => {
    const found = calls(tokensOf("left(f(a, b), 3), x.left(1)"), "left");
    assert.deepEqual(
      found.map(({ args }) => args.map((one) => one.map(({ text }) => text).join(""))),
      [["f(a,b)", "3"]],
    );
  });

  it("join generated SQL, with a mark for each part that is not a literal", () => {
    const found = generatedTexts(
      tokensOf(
        "set @a = N'x ' + quotename(@b + N'_k') + case when @c = N'' then N'''y''' else @d end + N' z'",
      ),
    );
    assert.deepEqual(found.map(({ text }) => text).sort(), ["", "'y'", "x …… z", "…_k"]);
  });
});

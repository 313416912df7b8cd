import assert from "node:assert/strict";
import { cellCode, code, fenced, html, plain } from "./markdown-escape";

describe("Text in Markdown", () => {
  it("cannot end a table cell", () => {
    assert.equal(cellCode("a|b"), "`a\\|b`");
    assert.equal(code("a|b"), "`a|b`");
  });

  it("cannot close a code span or a fence", () => {
    assert.equal(code("a`b"), "``a`b``");
    assert.equal(code("`"), "`` ` ``");
    assert.equal(fenced("```", ""), "````\n```\n````");
  });

  it("is on one line, and says so if it is empty", () => {
    assert.equal(code("a\nb\tc"), "`a\\nb\\tc`");
    assert.equal(code(""), "(empty)");
    assert.equal(code(" a"), "`  a `");
    assert.equal(plain("a \n\t b"), "a b");
    assert.equal(html("a \n\t b"), "a b");
    assert.equal(fenced("a", "sql"), "```sql\na\n```");
  });

  it("contains no mention and no markup if it is plain", () => {
    assert.equal(plain("@team **b** <i>\n[x](y)"), "@\u200bteam \\*\\*b\\*\\* \\<i\\> \\[x\\](y)");
  });

  it("contains no element and no mention in HTML", () => {
    assert.equal(
      html(`<b title="x">&</b> @team`),
      "&lt;b title=&quot;x&quot;&gt;&amp;&lt;/b&gt; @\u200bteam",
    );
  });

  it("shows characters that would change its direction or move the cursor", () => {
    assert.equal(plain("\u202e\u001b"), "\\\\u\\{202e\\}\\\\u\\{1b\\}");
  });
});

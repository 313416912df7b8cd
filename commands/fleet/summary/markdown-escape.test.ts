import assert from "node:assert/strict";
import { cellCode, code, fenced, html, plain } from "./markdown-escape";

describe("Text in Markdown", () => {
  it("ends no cell of a table", () => {
    assert.equal(cellCode("a|b"), "`a\\|b`");
    assert.equal(code("a|b"), "`a|b`");
  });

  it("closes neither a span nor a fence", () => {
    assert.equal(code("a`b"), "``a`b``");
    assert.equal(code("`"), "`` ` ``");
    assert.equal(fenced("```", ""), "````\n```\n````");
  });

  it("mentions nobody and marks nothing up where it is plain", () => {
    assert.equal(plain("@team **b** <i>\n[x](y)"), "@\u200bteam \\*\\*b\\*\\* \\<i\\> \\[x\\](y)");
  });

  it("is no element and mentions nobody in HTML", () => {
    assert.equal(
      html(`<b title="x">&</b> @team`),
      "&lt;b title=&quot;x&quot;&gt;&amp;&lt;/b&gt; @\u200bteam",
    );
  });

  it("shows what would turn its direction or move the cursor", () => {
    assert.equal(plain("\u202e\u001b"), "\\\\u\\{202e\\}\\\\u\\{1b\\}");
  });
});

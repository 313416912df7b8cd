import assert from "node:assert/strict";
import { array, assert as check, constantFrom, integer, property, string } from "fast-check";

describe("text from outside in a comment", () => {
  it("is never longer than it may be, and stays as it is where it fits", async () => {
    const { shortened } = await import("../scripts/ci/github-api.mts");
    const line = string({ unit: constantFrom("a", "é", "😀", "`", "~", " ", "\u0007", "\r", "\ud800") });
    check(
      property(array(line), integer({ min: 60, max: 300 }), (lines, limit) => {
        const text = lines.join("\n");
        const result = shortened(text, limit, "_Cut here._");
        assert.ok(result.length <= limit);
        assert.doesNotMatch(result, /\p{Cs}/u);
        assert.doesNotMatch(result, /[^\P{Cc}\n]/u);
        if (text === text.trimEnd() && text.length <= limit && !/\p{Cs}|[^\P{Cc}\n]/u.test(text))
          assert.equal(result, text);
      }),
    );
  });

  it("leaves no code block open where it is cut", async () => {
    const { shortened } = await import("../scripts/ci/github-api.mts");
    const text = `a\n\`\`\`\`json\n${"{}\n".repeat(100)}\`\`\`\`\nend`;
    assert.match(shortened(text, 200, "_Cut._"), /^a\n````json\n(\{\}\n)+````\n\n_Cut\._$/);
    assert.match(shortened(`${text}\n${text}`, 400, "_Cut._"), /end\na\n````json[\s\S]*\n````\n\n_Cut\._$/);
  });
});

import assert from "node:assert/strict";
import { array, assert as check, constantFrom, integer, property, stringMatching } from "fast-check";
import MarkdownIt from "markdown-it";
import { tenantName } from "../tenants/tenant-files";

const markdown = new MarkdownIt("default", { html: true, linkify: false });

/** How a Markdown reader parses the text, with a paragraph below it. */
function shown(text: string) {
  const tokens = markdown.parse(`${text}\n\nbelow`, {});
  const inline = tokens.flatMap(({ children }) => children ?? []);
  const html = tokens.filter(({ type }) => type === "html_block").map(({ content }) => content.trim());
  return {
    end: tokens.slice(-3).map(({ type, level, content }) => `${level} ${type} ${content}`.trim()),
    html,
    kinds: new Set(inline.map(({ type }) => type)),
    words: inline
      .filter(({ type }) => type.startsWith("text"))
      .map(({ content }) => content)
      .join("\n"),
    languages: tokens.flatMap(({ type, info }) => (type === "fence" ? [info] : [])),
  };
}

describe("untrusted text in a comment", () => {
  const nasty = constantFrom(
    ...[
      "```",
      "````",
      "```mermaid",
      "~~~",
      "   ```",
      "> ```",
      "- ~~~",
      "```diff",
      "`",
      "a",
      "@@ -1 +1 @@",
      "",
    ],
    ...[
      "<!--",
      "-->",
      "<details>",
      "<details><summary>2 values</summary>",
      "</details>",
      "<b",
      "<img src=x>",
    ],
    ...[
      "<https://x.example>",
      "![a](b)",
      "![a][b]",
      "@team/all",
      "&#64;all",
      "&commat;all",
      "\\@all",
      "    x",
    ],
    ...[
      "<?php",
      "<![CDATA[",
      "<pre>",
      "[a]: <b",
      "- a",
      "| a | b |\n|---|---|",
      "\u202e@x",
      "@\u200ball",
      "\r",
    ],
  );

  it("does not affect the text below it, and keeps to the limit", async () => {
    const { contained } = await import("../scripts/ci/untrusted-markdown.mts");
    check(
      property(array(nasty, { maxLength: 12 }), integer({ min: 30, max: 300 }), (lines, limit) => {
        const text = contained(lines.join("\n"), limit, "_Cut here._");
        assert.ok(text.length <= limit);
        const { end, html, kinds, words, languages } = shown(text);
        assert.deepEqual(end, ["0 paragraph_open", "1 inline below", "0 paragraph_close"], text);
        let depth = 0;
        for (const block of html) {
          assert.match(block, /^(<details><summary>[^<>]*<\/summary>|<\/details>)$/, text);
          depth += block === "</details>" ? -1 : 1;
          assert.ok(depth >= 0, text);
        }
        assert.equal(depth, 0, text);
        assert.ok(!kinds.has("image") && !kinds.has("html_inline"), text);
        assert.doesNotMatch(words, /@[A-Za-z0-9]/, text);
        for (const language of languages) assert.ok(language === "" || language === "diff", text);
        assert.doesNotMatch(text, /[\u202a-\u202e\u2066-\u2069\r]/);
      }),
      { numRuns: 2000 },
    );
  });

  it("stays as it is if the fleet's summary wrote it", async () => {
    const { contained } = await import("../scripts/ci/untrusted-markdown.mts");
    const diff = "````diff\n@@ -1,2 +1,2 @@\n-<b>@a ![x](y)</b>\n+```\n````";
    const text = `## 2 changes\n\n| Tenants | update |\n|---|--:|\n| \`a\`, \`b\` | 1 |\n\n> \u26a0\ufe0f **Drops \\*all\\* of you@\u200bme**\n\n${diff}`;
    assert.equal(contained(text, 1000, ""), text);
    const folded = contained(
      `<details><summary>3 values</summary>\n\n${diff}\n\n</details>\n\nend`,
      1000,
      "",
    );
    assert.deepEqual(shown(folded).html, ["<details><summary>3 values</summary>", "</details>"]);
    assert.match(folded, /\n\nend$/);
  });

  it("is cut at the end of a line, with its blocks closed", async () => {
    const { contained } = await import("../scripts/ci/untrusted-markdown.mts");
    const text = `a\n\`\`\`\`json\n${"{}\n".repeat(100)}\`\`\`\`\nend`;
    assert.match(contained(text, 200, "_Cut._"), /^a\n````\n(\{\}\n)+````\n\n_Cut\._$/);
    assert.ok(contained(text, 200, "_Cut._").length > 190);
    assert.match(
      contained(`<details><summary>x</summary>\n\n${text}`, 200, "_Cut._"),
      /\{\}\n````\n\n<\/details>\n\n_Cut\._$/,
    );
  });
});

describe("a changed file", () => {
  it("is recognised as a tenant's file by the same rule as everywhere else", async () => {
    const { selectTenants } = await import("../scripts/ci/changed-tenants.mts");
    check(
      property(stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.,-]{0,110}$|^[\w.-]{0,4}$/), (name) => {
        const { tenants } = selectTenants([{ status: "M", path: `Pulumi.${name}.yaml` }]);
        assert.deepEqual(tenants, tenantName.test(name) ? [name] : "all", name);
      }),
    );
    for (const length of [100, 101]) {
      const name = "a".repeat(length);
      const { tenants } = selectTenants([{ status: "M", path: `Pulumi.${name}.yaml` }]);
      assert.deepEqual(tenants, tenantName.test(name) ? [name] : "all", String(length));
    }
  });
});

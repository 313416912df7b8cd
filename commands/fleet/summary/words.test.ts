import assert from "node:assert/strict";
import { count } from "./count";
import type { PropertyChange } from "./model";
import type { SharedChange, StackTotals, Summary } from "./summarise";
import {
  headline,
  kindOf,
  manyNew,
  oneLine,
  sectionTitle,
  unchanged,
  visibleText,
  whichTenants,
} from "./words";

describe("The words of a summary", () => {
  it("count in English", () => {
    assert.deepEqual(
      [0, 1, 2, 1234].map((number) => count(number, "tenant")),
      ["0 tenants", "1 tenant", "2 tenants", "1,234 tenants"],
    );
  });

  it("name some tenants, and say both or all if they are", () => {
    const which = (stacks: string, total: number) => whichTenants(stacks.split(""), total, stacks);
    assert.equal(which("a", 1), "a");
    assert.equal(which("ab", 2), "both tenants");
    assert.equal(which("abc", 3), "all 3 tenants");
    assert.equal(which("ab", 3), "ab");
    const title = (stacks: string, total: number) => sectionTitle(stacks.split(""), total, stacks);
    assert.equal(title("a", 1), "Only in a");
    assert.equal(title("ab", 2), "The same in both tenants");
    assert.equal(title("abc", 3), "The same in all 3 tenants");
    assert.equal(title("ab", 3), "The same in 2 tenants: ab");
  });

  /** `c`: changed, `s`: the same, `f`: incomplete. */
  const summary = (kinds: string): Summary => {
    const none = { delete: 0, replace: 0, update: 0, create: 0, import: 0 };
    const stacks = kinds.split("").map(
      (kind, index): StackTotals => ({
        stack: `${kind}${index}`,
        totals: { ...none, import: kind === "c" ? 1 : 0 },
        problems: kind === "f" ? ["why"] : [],
        uncertain: 0,
        notes: [],
      }),
    );
    return { stacks, sections: [], problems: [], notes: [] };
  };

  it("begin with how many tenants change", () => {
    const headlines: Record<string, string> = {
      s: "No changes in 1 tenant",
      ss: "No changes in 2 tenants",
      c: "Changes in 1 tenant",
      cc: "Changes in both tenants",
      ccc: "Changes in all 3 tenants",
      cs: "Changes in 1 of 2 tenants",
      f: "1 tenant incomplete",
      ff: "2 tenants incomplete",
      sf: "No changes in 1 tenant, 1 incomplete",
      cff: "Changes in 1 of 3 tenants, 2 incomplete",
    };
    for (const [kinds, text] of Object.entries(headlines)) assert.equal(headline(summary(kinds)), text);
    assert.deepEqual(unchanged(summary("scfs")), ["s0", "s3"]);
  });

  it("name a type without its provider, unless the resource's name says the same", () => {
    const kinds: Record<string, string> = {
      "azure-native:sql:Database": "sql Database ",
      "azure-native:sql/v20230801:Database": "sql Database ",
      "random:index/randomString:RandomString": "RandomString ",
      "pulumi-nodejs:dynamic/quantemplate:function-key": "function-key ",
      "pulumi-nodejs": "pulumi-nodejs ",
    };
    for (const [type, kind] of Object.entries(kinds)) {
      assert.equal(kindOf({ type, name: "n" }), kind);
      assert.equal(kindOf({ type, name: kind.trim() }), "");
    }
  });

  const change = (more: Partial<PropertyChange>): PropertyChange => ({
    ...{ path: "a.b", kind: "update", form: "value", secret: false, replaces: false },
    ...more,
  });
  const quoted = (text: string) => `<${text}>`;
  const hash = "0123456789ab".padEnd(64, "c");

  it("show a change on one line", () => {
    const line = (more: Partial<PropertyChange>) => oneLine(change(more), quoted);
    assert.equal(line({ before: "1", after: "2" }), "<a.b>: <1> → <2>");
    assert.equal(line({ after: "2", replaces: true }), "<a.b>: (none) → <2> (forces the replacement)");
    assert.equal(line({ before: `"${hash}"` }), '<a.b>: <"0123456789ab…"> → (none)');
    for (const other of [`"${hash}c"`, `x"${hash}"`, `"${hash}"x`, `"${hash.toUpperCase()}"`])
      assert.equal(line({ before: other }), `<a.b>: <${other}> → (none)`);
    const names = (["add", "update", "delete"] as const).map((kind) => line({ form: "name", kind }));
    assert.deepEqual(names, ["<a.b>: new", "<a.b>: changed", "<a.b>: gone"]);
    assert.equal(
      line({ form: "name", secret: true, replaces: true }),
      "a.b: changed (forces the replacement)",
    );
  });

  it("make every character visible that could hide another, except tabs and line ends", () => {
    assert.equal(
      visibleText("a\u0000\u001b\u0085\u200b\u2028\u2029\u{e0001}\tb\nc"),
      "a\\u{0}\\u{1b}\\u{85}\\u{200b}\\u{2028}\\u{2029}\\u{e0001}\tb\nc",
    );
  });

  it("shorten the new resources of a section if there are more than five", () => {
    const changes = (ops: string) =>
      ops
        .split("")
        .map((op) => ({ step: { op: { c: "create", i: "import", u: "update" }[op] } }) as SharedChange);
    assert.deepEqual(manyNew(changes("cicicu")), []);
    const many = changes("cuicici");
    assert.deepEqual(
      manyNew(many),
      many.filter(({ step }) => step.op !== "update"),
    );
  });
});

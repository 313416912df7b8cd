import assert from "node:assert/strict";
import type { Operation, PropertyChange } from "./model";
import type { SharedChange, Summary } from "./summarise";
import { renderTerminal } from "./terminal";

const change = (more: Partial<PropertyChange>): PropertyChange => ({
  ...{ path: "a.b", kind: "update", form: "value", before: "1", after: "2", secret: false, replaces: false },
  ...more,
});
const shared = (
  op: Operation,
  more: Partial<SharedChange["step"]> = {},
  meaning?: SharedChange["meaning"],
): SharedChange => ({
  step: {
    op,
    type: "azure-native:sql:Database",
    name: "db",
    protect: false,
    retainOnDelete: false,
    changes: [],
    ...more,
  },
  ...(meaning && { meaning }),
});
const none = { delete: 0, replace: 0, update: 0, create: 0, import: 0 };
const summary = (changes: readonly SharedChange[], more: Partial<Summary> = {}): Summary => ({
  stacks: [
    { stack: "acme", totals: { ...none, delete: 1, update: 2 }, problems: [], uncertain: 0, notes: [] },
  ],
  sections: changes.length === 0 ? [] : [{ stacks: ["acme"], changes }],
  problems: [],
  notes: [],
  ...more,
});
const lines = (of: Summary, colour = false) => renderTerminal(of, { colour }).split("\n");

describe("A summary in a terminal", () => {
  it("lists the changes with their meaning, values and diffs", () => {
    const text = change({ path: "a.sql", form: "text", before: "a\n", after: "b\n" });
    const step = { file: "a.sql", changes: [change({}), text, change({ path: "c", before: "x\u001b" })] };
    assert.deepEqual(lines(summary([shared("update", step, { text: "It is changed.", severe: false })])), [
      "Changes in 1 tenant",
      "  acme: 1 delete, 2 updates",
      "",
      "Only in acme",
      "  ~ update sql Database db (a.sql)",
      "      It is changed.",
      "      a.b: 1 → 2",
      "      c: x\\u{1b} → 2",
      "      --- a/a.sql",
      "      +++ b/a.sql",
      "      @@ -1,1 +1,1 @@",
      "      -a",
      "      +b",
      "",
    ]);
  });

  it("counts the values of a new resource", () => {
    const changes = [change({}), change({ path: "c" })];
    for (const [op, sign] of [
      ["create", "+"],
      ["import", "="],
    ] as const) {
      assert.deepEqual(lines(summary([shared(op, { changes })])).slice(4, 6), [
        `  ${sign} ${op} sql Database db`,
        "      2 values",
      ]);
      assert.deepEqual(lines(summary([shared(op)])).slice(4), [`  ${sign} ${op} sql Database db`, ""]);
    }
    assert.deepEqual(lines(summary([shared("replace", { changes })])).slice(4, 6), [
      "  ± replace sql Database db",
      "      a.b: 1 → 2",
    ]);
    const many = Array.from({ length: 6 }, () => shared("create", { changes }));
    assert.ok(!renderTerminal(summary(many)).includes("values"));
  });

  it("has problems and notes with their tenants, line by line, then the tenants without changes", () => {
    const stacks = ["acme", "beta", "zeta"].map((stack) => ({
      ...{ stack, totals: none, problems: stack === "beta" ? ["x"] : [], uncertain: 0, notes: [] },
    }));
    const problems = [{ stacks: ["beta"], texts: ["One.\nMore\u001b.", "Two."] }];
    const notes = [{ stacks: ["acme", "beta", "zeta"], texts: ["A note."] }];
    assert.deepEqual(lines(summary([], { stacks, problems, notes })), [
      "No changes in 2 tenants, 1 incomplete",
      "  beta: One.",
      "  More\\u{1b}.",
      "  beta: Two.",
      "  all 3 tenants: A note.",
      "  no changes: acme, zeta",
      "",
    ]);
    // If it is true of all tenants, the headline has said it.
    assert.deepEqual(lines(summary([], { stacks: stacks.slice(0, 1) })), ["No changes in 1 tenant", ""]);
  });

  it("has the colour of what happens, and bold red for what is lost", () => {
    const coloured = (op: Operation) => lines(summary([shared(op)]), true)[4];
    const codes = { delete: 31, replace: 35, update: 33, create: 32, import: 36 };
    for (const op of ["delete", "replace", "update", "create", "import"] as const)
      assert.match(coloured(op) ?? "", new RegExp(`^ {2}\\u001b\\[${codes[op]}m. ${op} .*db\\u001b\\[39m$`));
    const text = change({ path: "a.sql", form: "text", before: "a\n=\n", after: "b\n=\n" });
    const effects = [
      { text: "Lost.", severe: true },
      { text: "Kept.", severe: false },
    ];
    const all = lines(
      summary([shared("update", { changes: [text] }, { text: "It.", severe: true, effects })]),
      true,
    );
    const [bold, red, green, cyan, dim] = [1, 31, 32, 36, 2].map((code) => `\u001b[${code}m`);
    const end = { weight: "\u001b[22m", colour: "\u001b[39m" };
    assert.deepEqual(all.slice(0, 4), [
      `${bold}Changes in 1 tenant${end.weight}`,
      `  acme: ${red}1 delete${end.colour}, \u001b[33m2 updates${end.colour}`,
      "",
      `${bold}Only in acme${end.weight}`,
    ]);
    assert.deepEqual(all.slice(5), [
      `      ${dim}It.${end.weight}`,
      `      ${bold}${red}Lost.${end.colour}${end.weight}`,
      `      ${dim}Kept.${end.weight}`,
      `      ${bold}--- db: a.sql${end.weight}`,
      `      ${bold}+++ db: a.sql${end.weight}`,
      `      ${cyan}@@ -1,2 +1,2 @@${end.colour}`,
      `      ${red}-a${end.colour}`,
      `      ${green}+b${end.colour}`,
      "       =",
      "",
    ]);
    const stated = summary([], {
      problems: [{ stacks: ["acme"], texts: ["P."] }],
      notes: [{ stacks: ["acme"], texts: ["N."] }],
    });
    assert.deepEqual(lines(stated, true).slice(2, 4), [
      `  ${red}acme: P.${end.colour}`,
      `  ${dim}acme: N.${end.weight}`,
    ]);
  });
});

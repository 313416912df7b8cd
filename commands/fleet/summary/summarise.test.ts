import assert from "node:assert/strict";
import fc from "fast-check";
import { toJson } from "./json";
import { COMMENT_LIMIT, renderMarkdown } from "./markdown";
import { readPreviewJson } from "./read";
import { failedPreview } from "./stack-changes";
import { summarise } from "./summarise";
import { renderTerminal } from "./terminal";
import {
  databaseStep,
  digest,
  migrationStep,
  namesOf,
  pipelineStep,
  planted,
  runbookStep,
  secret,
  type TestStep,
} from "./testing/preview";
import { headline } from "./words";

const fleet = Array.from({ length: 50 }, (_, index) => `tenant-${String(index + 1).padStart(2, "0")}`);
const read = (stack: string, ...steps: readonly TestStep[]) => readPreviewJson(digest(stack, steps));
const common = (stack: string) => read(stack, pipelineStep(stack), migrationStep(stack), runbookStep());

/** A server named after its tenant; `suffix` makes it differ. */
const server = (stack: string, suffix = ""): TestStep => ({
  op: "update",
  type: "azure-native:sql:Server",
  name: "sql",
  before: { inputs: { serverName: namesOf(stack).sqlServer, login: "a" } },
  after: {
    inputs: { serverName: namesOf(stack).sqlServer, login: `${namesOf(stack).functionIdentity}${suffix}` },
  },
  diff: { login: "update" },
});

const asNew = ({ before: _, ...step }: TestStep): TestStep => ({ ...step, op: "create" });

/** The text outside fences and code spans; fails if a fence or a fold stays open. */
function outside(markdown: string): string {
  let open: string | undefined;
  const lines: string[] = [];
  for (const line of markdown.split("\n")) {
    const [fence] = /^`{3,}/.exec(line) ?? [];
    if (open === undefined && fence !== undefined) open = fence;
    else if (open !== undefined && isClosing(line, open)) open = undefined;
    else if (open === undefined) lines.push(line.replace(/(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/g, ""));
  }
  assert.equal(open, undefined, "a fence is open");
  const text = lines.join("\n");
  assert.equal(text.split("<details>").length, text.split("</details>").length, "a fold is open");
  return text;
}

/** A fence may be closed by a longer one, and by one that is indented: a context line of a diff is. */
function isClosing(line: string, open: string): boolean {
  const [, fence = ""] = /^ {0,3}(`+)\s*$/.exec(line) ?? [];
  return fence.length >= open.length;
}

const hasControls = (text: string) => text.includes("\u001b") || text.includes("\u202e");

describe("A summary", () => {
  it("shows a change that is common to 50 tenants once, and fits a comment", () => {
    const summary = summarise(fleet.map(common));
    assert.deepEqual(
      summary.sections.map(({ stacks, changes }) => [stacks.length, changes.length]),
      [[50, 3]],
    );
    const markdown = renderMarkdown(summary, { limit: COMMENT_LIMIT });
    assert.ok(markdown.length < 6000, String(markdown.length));
    assert.equal(markdown, renderMarkdown(summary, { limit: COMMENT_LIMIT }));
    assert.match(markdown, /The same in all 50 tenants/);
    assert.match(markdown, /^@@ .* @@ "BeginLoad"$/m);
    assert.match(markdown, /^\+ .*"timeout": "0\.00:42:00"/m);
    assert.match(markdown, /`database\/tsql\/migrations\/0002-b\.sql`: new/);
    assert.match(markdown, /-\$seconds = 5\n\+\$seconds = 9/);
    assert.equal(markdown.split("0.00:42:00").length, 2);
    outside(markdown);
  });

  it("shows a new tenant by titles if room is short, otherwise with its values", () => {
    const steps = (stack: string) => [
      ...["a", "b", "c", "d"].map((name) => ({ ...asNew(databaseStep(stack, "update")), name })),
      ...[pipelineStep(stack), migrationStep(stack), runbookStep()].map(asNew),
    ];
    const summary = summarise([read("acme", ...steps("acme"))]);
    const short = renderMarkdown(summary, { limit: COMMENT_LIMIT });
    assert.match(short, /^\*\*7 new resources\*\*; their values are in the artifact\.$/m);
    assert.match(short, /^- sql Database: `a`, `b`, `c`, `d`$/m);
    assert.match(short, /^- datafactory Pipeline: `QT\\?_fetch\\?_data`$/m);
    assert.match(short, /^> Sets up the database of tenant acme: 3 SQL files, 1 dataset\.$/m);
    assert.doesNotMatch(short, /timeout|seconds/);
    assert.match(renderMarkdown(summary), /timeout/);
    assert.match(renderTerminal(summary), /\+ create datafactory Pipeline QT_fetch_data .*\n {2}\S/);
    assert.doesNotMatch(renderTerminal(summary), /timeout|seconds/);
    outside(short);
    const tight = renderMarkdown(summary, { limit: 400 });
    assert.match(tight, /7 new resources[\s\S]*Shown without details: 7;/);
    const few = summarise([read("acme", ...steps("acme").slice(4))]);
    assert.match(renderMarkdown(few, { limit: COMMENT_LIMIT }), /timeout/);
  });

  it('uses singular and plural, and "both" for two', () => {
    const alike = (stack: string) => read(stack, runbookStep(), server(stack));
    const text = renderTerminal(summarise([alike("acme"), alike("beta")]));
    assert.match(text, /^Changes in both tenants\n {2}acme: 2 updates\n/);
    assert.match(text, /^The same in both tenants$/m);
  });

  it("groups changes that differ only in the tenants' own names", () => {
    const { sections } = summarise([read("acme", server("acme")), read("zeta", server("zeta"))]);
    assert.deepEqual(
      sections.map(({ stacks }) => stacks),
      [["acme", "zeta"]],
    );
    assert.equal(sections[0]?.changes[0]?.step.changes[0]?.after, '"‹functionIdentity›"');
  });

  it("groups resources with the tenant in their logical name, even if a tenant is named like part of a type", () => {
    const alert = (stack: string): TestStep => ({ ...runbookStep(), name: `alert-${stack}` });
    const stacks = ["acme", "beta", "dynamic"];
    const { sections } = summarise(stacks.map((stack) => read(stack, alert(stack))));
    assert.deepEqual(
      sections.map((section) => [section.stacks, section.changes.map(({ step }) => step.name)]),
      [[stacks, ["alert-‹tenant›"]]],
    );
  });

  it("takes ids only from identities and role assignments, not from other properties with those names", () => {
    const id = (digit: string) => `${digit.repeat(8)}-0000-4000-8000-000000000000`;
    const settings = (a: string, b: string): TestStep => ({
      op: "update",
      type: "a:b:Settings",
      name: "f",
      before: { inputs: { clientId: id(a) }, outputs: { clientId: id(a) } },
      after: { inputs: { clientId: id(b) } },
    });
    for (const [was, is] of [
      ["3", "2"],
      ["1", "4"],
    ] as const)
      assert.equal(
        summarise([read("acme", settings("1", "2")), read("beta", settings(was, is))]).sections.length,
        2,
      );
    const own: Record<string, (digit: string) => TestStep> = {
      "a user-assigned identity": (digit) => ({
        op: "same",
        type: "azure-native:managedidentity/v20230131:UserAssignedIdentity",
        name: "i",
        before: { outputs: { clientId: id(digit) } },
      }),
      "a system-assigned identity": (digit) => ({
        op: "same",
        type: "azure-native:datafactory:Factory",
        name: "i",
        before: { outputs: { identity: { principalId: id(digit) } } },
      }),
      "a role assignment": (digit) => ({
        op: "same",
        type: "azure-native:authorization:RoleAssignment",
        name: "i",
        before: { inputs: { principalId: id(digit) } },
      }),
    };
    for (const [what, step] of Object.entries(own)) {
      const user = (stack: string, digit: string) =>
        read(stack, step(digit), {
          op: "create",
          type: "a:b:User",
          name: "u",
          after: { inputs: { id: id(digit) } },
        });
      assert.equal(summarise([user("acme", "1"), user("beta", "3")]).sections.length, 1, what);
    }
  });

  it("never groups different changes", () => {
    const base = summarise([read("acme", server("acme")), read("zeta", server("zeta", "x"))]);
    assert.equal(base.sections.length, 2);
    // Another tenant's name does not count as a tenant's own.
    const crossed: TestStep = { ...server("acme"), before: { inputs: {} } };
    assert.equal(summarise([read("acme", server("acme")), read("zeta", crossed)]).sections.length, 2);
    const protectedOne = databaseStep("acme", "update");
    const open = { ...databaseStep("zeta", "update"), before: { inputs: protectedOne.before?.inputs ?? {} } };
    assert.equal(summarise([read("acme", protectedOne), read("zeta", open)]).sections.length, 2);
  });

  it("shows a single tenant's real names", () => {
    const [section] = summarise([read("acme", server("acme"))]).sections;
    assert.equal(
      section?.changes[0]?.step.changes[0]?.after,
      JSON.stringify(namesOf("acme").functionIdentity),
    );
  });

  it("shows a change of one tenant only for that tenant", () => {
    const all = fleet.map((stack) =>
      stack === "tenant-07" ? read(stack, databaseStep(stack, "update")) : read(stack),
    );
    const markdown = renderMarkdown(summarise(all));
    assert.match(markdown, /^## Changes in 1 of 50 tenants\n/);
    assert.match(markdown, /### Only in `tenant-07`/);
    assert.match(markdown, /`sku\.capacity`: `2` → `4`/);
    assert.match(renderTerminal(summarise(all)), /no changes: tenant-01, tenant-02/);
  });

  it("says that there are no changes", () => {
    const summary = summarise(fleet.map((stack) => read(stack)));
    assert.equal(renderMarkdown(summary), "## No changes in 50 tenants\n");
    assert.equal(renderTerminal(summary), "No changes in 50 tenants\n");
  });

  it("first says in words what a replacement means for the data", () => {
    const summary = summarise([common("acme"), read("zeta", databaseStep("zeta", "replace"))]);
    assert.deepEqual(
      summary.sections.map(({ stacks }) => stacks),
      [["zeta"], ["acme"]],
    );
    const meaning = summary.sections[0]?.changes[0]?.meaning;
    assert.ok(meaning?.severe);
    assert.match(meaning.text, /^Drops the database of tenant zeta .*protected/);
    const both = ["a-1", "b-2"].map((stack) => read(stack, databaseStep(stack, "replace")));
    assert.match(summarise(both).sections[0]?.changes[0]?.meaning?.text ?? "", /each of these 2 tenants/);
    assert.ok(renderTerminal(summary, { colour: true }).includes("\u001b[31m"));
    assert.ok(!hasControls(renderTerminal(summary)));
  });

  it("never hides a tenant whose preview is incomplete", () => {
    const failed = failedPreview("zeta", "no ``` access\nfor @everyone with ?sig=planted-token");
    const summary = summarise([common("acme"), failed]);
    for (const text of [renderMarkdown(summary), renderTerminal(summary), toJson(summary)]) {
      assert.match(text, /zeta/);
      assert.match(text, /access/);
      assert.doesNotMatch(text, /planted/);
    }
    outside(renderMarkdown(summary));
    assert.match(renderMarkdown(summarise([failed])), /^## 1 tenant incomplete\n/);
  });

  it("shows a shared problem once, with the tenants that have it", () => {
    const failing = (stack: string, ...more: string[]) => ({
      ...failedPreview(stack, `The stack ${stack} has no program.`),
      problems: [`The stack ${stack} has no program.`, ...more],
    });
    const summary = summarise([failing("acme"), failing("beta"), failing("zeta", "No more.")]);
    assert.deepEqual(summary.problems, [
      { stacks: ["acme", "beta", "zeta"], texts: ["The stack ‹tenant› has no program."] },
      { stacks: ["zeta"], texts: ["No more."] },
    ]);
    assert.deepEqual(
      summary.stacks.map(({ problems }) => problems.length),
      [1, 1, 2],
    );
    for (const text of [renderMarkdown(summary), renderTerminal(summary)]) {
      assert.equal(text.split("has no program").length, 2);
      assert.match(text, /all 3 tenants.*\n*`*\n*.*The stack ‹tenant› has no program\./i);
    }
    const json = JSON.parse(toJson(summary)) as { stacks: { problems: string[] }[] };
    assert.deepEqual(json.stacks[0]?.problems, ["The stack acme has no program."]);
  });

  it("shows notes next to the totals, without secrets, and does not call a preview incomplete for them", () => {
    const noted = (stack: string) => ({
      ...read(stack),
      notes: [`Its file is gone; see https://x?sig=planted-token and the stack ${stack}.`],
    });
    const summary = summarise([noted("acme"), noted("beta"), read("zeta")]);
    assert.match(
      renderMarkdown(summary),
      /^## No changes in 3 tenants\n\n- `acme`, `beta`: Its file is gone;/,
    );
    assert.match(renderTerminal(summary), /^No changes in 3 tenants\n {2}acme, beta: Its file is gone;/);
    for (const text of [renderMarkdown(summary), renderTerminal(summary), toJson(summary)]) {
      assert.match(text, /Its file is gone/);
      assert.doesNotMatch(text, /planted|incomplete/);
    }
    outside(renderMarkdown(summary));
  });

  it("lets no text escape from its block", () => {
    const nasty = "` `` ```` </details><script>x</script> @team | **b** \u001b[31m \u202e";
    const step: TestStep = {
      op: "update",
      type: "azure-native:automation:Variable",
      name: `v${nasty}`,
      before: { inputs: { value: nasty, long: `a\n\`\`\`\n</details> @team` } },
      after: { inputs: { value: `${nasty}2`, long: `b\n\`\`\`\n</details> @team` } },
    };
    const markdown = renderMarkdown(summarise([read("acme", step), read("zeta")]));
    assert.doesNotMatch(outside(markdown), /<script>|@team|\*\*b\*\*/);
    assert.ok(!hasControls(markdown) && !hasControls(renderTerminal(summarise([read("acme", step)]))));
  });

  it("contains no secret in any form", () => {
    const step: TestStep = {
      op: "replace",
      type: "azure-native:automation:Webhook",
      name: "webhook",
      before: {
        inputs: {
          uri: "https://w/planted-token",
          password: planted[2],
          a: secret(planted[0]),
        },
      },
      after: {
        inputs: {
          uri: "https://w/planted-token2",
          password: "planted-password2",
          a: planted[0],
        },
      },
      diff: { uri: "update-replace", password: "update", a: "update" },
    };
    const summary = summarise([read("acme", step), read("zeta", { ...step, op: "create" })]);
    for (const text of [renderMarkdown(summary), renderTerminal(summary), toJson(summary)]) {
      assert.doesNotMatch(text, /planted/);
      assert.match(text, /\[secret\]/);
    }
  });

  it("has the documented JSON form", () => {
    const json = JSON.parse(toJson(summarise([read("acme", databaseStep("acme", "replace"))]))) as unknown;
    assert.deepEqual(json, {
      version: 1,
      stacks: [
        {
          stack: "acme",
          totals: { delete: 0, replace: 1, update: 0, create: 0, import: 0 },
          uncertain: 0,
          problems: [],
          notes: [],
        },
      ],
      sections: [
        {
          stacks: ["acme"],
          changes: [
            {
              op: "replace",
              type: "azure-native:sql:Database",
              name: "sql-database",
              protect: true,
              retainOnDelete: false,
              meaning: {
                text: "Drops the database of tenant acme and makes an empty one: every dataset has to be loaded again, and Fivetran is sent everything again. It is protected: Pulumi refuses this until the tenant sets quantemplate:protect to false.",
                grave: true,
              },
              changes: [
                {
                  path: "databaseName",
                  kind: "update",
                  form: "value",
                  before: '"quantemplate"',
                  after: '"other"',
                  secret: false,
                  replaces: true,
                },
              ],
            },
          ],
        },
      ],
    });
  });
});

describe("A summary of anything", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 30 }),
    fc.constantFrom("```", "````\n", "\n", "<details>", "@me", "|", "\r\n", "‹tenant›"),
  );
  const long = fc.array(text, { maxLength: 40 }).map((parts) => parts.join("\n"));
  const op = fc.constantFrom("create", "update", "replace", "delete");
  const type = fc.constantFrom("azure-native:sql:Database", "azure-native:datafactory:Pipeline", "a:b:C");
  const step: fc.Arbitrary<TestStep> = fc.record({
    op,
    type,
    name: fc.string({ minLength: 1, maxLength: 20 }).map((name) => `n${name}`),
    before: fc.record({ inputs: fc.record({ value: text, long }) }),
    after: fc.record({ inputs: fc.record({ value: text, long }) }),
  });
  const content = fc.record({
    steps: fc.oneof(
      fc.array(step, { maxLength: 4 }),
      fc.array(step.map(asNew), { minLength: 4, maxLength: 9 }),
    ),
    notes: fc.array(text, { maxLength: 2 }),
    problems: fc.array(fc.oneof(text, fc.constant("It failed.")), { maxLength: 2 }),
  });
  const list = fc
    .uniqueArray(fc.stringMatching(/^[a-z]{3,8}$/), { minLength: 1, maxLength: 8 })
    .chain((stacks) => fc.tuple(...stacks.map((stack) => fc.tuple(fc.constant(stack), content))))
    .map((all) =>
      all.map(([stack, { steps, notes, problems }]) => ({ ...read(stack, ...steps), notes, problems })),
    );

  it("is never longer than its limit, and always balanced", () => {
    fc.assert(
      fc.property(list, fc.integer({ min: 0, max: 6000 }), (stacks, limit) => {
        const markdown = renderMarkdown(summarise(stacks), { limit });
        assert.ok(markdown.length <= limit, `${markdown.length} > ${limit}`);
        outside(markdown);
        // The first line is whole, and so is the last.
        const title = `## ${headline(summarise(stacks))}\n`;
        assert.ok(markdown === "" || markdown.startsWith(title) || markdown === "_See the artifact._\n");
        assert.ok(markdown === "" || markdown.endsWith("\n"));
      }),
      { numRuns: 60 },
    );
  });

  it("reports how much is left out", () => {
    const stacks = fleet.map((stack, index) => read(stack, { ...server(stack, `-${index}`) }));
    const markdown = renderMarkdown(summarise(stacks), { limit: 3000, artifact: "the artifact preview" });
    const shown = markdown.split("### Only in").length - 1;
    const [, left] = /(\d+) more changes are in the artifact preview only/.exec(markdown) ?? [];
    assert.ok(shown > 0 && shown < 50);
    assert.equal(shown + Number(left), 50);
    outside(markdown);
  });

  it("is cut at line ends if little fits, even in its head", () => {
    const summary = summarise([read("acme", databaseStep("acme", "update"))]);
    const limited = (limit: number) => renderMarkdown(summary, { limit });
    assert.equal(limited(19), "");
    assert.equal(limited(20), "_See the artifact._\n");
    assert.equal(limited(25), "## Changes in 1 tenant\n");
    assert.equal(limited(60), "## Changes in 1 tenant\n\n_See the artifact._\n");
    const many = summarise(
      fleet.map((stack, index) => ({
        ...read(stack, ...Array.from({ length: index }, (_, n) => ({ ...runbookStep(), name: `r${n}` }))),
        problems: [`Problem ${index}.\nMore of it.`],
      })),
    );
    const full = renderMarkdown(many, { limit: COMMENT_LIMIT }).split("\n");
    const rows = (markdown: string) => markdown.split("\n").filter((line) => line.startsWith("| `tenant"));
    assert.equal(rows(full.join("\n")).length, 20);
    const tight = renderMarkdown(many, { limit: 900 });
    assert.ok(rows(tight).length > 0 && rows(tight).length < 20);
    assert.match(tight, /^\| \d+ more tenants \|/m);
    assert.match(tight, /_\d+ more tenants incomplete; see the artifact\._/);
    for (const row of rows(tight)) assert.ok(full.includes(row), row);
    outside(tight);
  });

  it("cuts a problem after a line, a line after a word, and reports how much is left", () => {
    const line = `${"word ".repeat(60)}end`;
    const shownFor = (text: string) =>
      renderMarkdown(summarise([failedPreview("acme", text)]), { limit: COMMENT_LIMIT });
    const lines = shownFor(Array.from({ length: 9 }, () => line).join("\n")).split("\n");
    assert.equal(lines.filter((one) => one === line).length, 3);
    assert.ok(lines.includes("… 6 more lines in the artifact"));
    assert.match(shownFor(`${"word ".repeat(300)}\nlast`), /word …\n… 1 more line in the artifact\n```/);
    assert.match(shownFor("x".repeat(2000)), /\n…\n```/);
  });

  it("has each tenant's names in the artifact and in the JSON if a group has placeholders", () => {
    const list = [read("acme", server("acme")), read("zeta", server("zeta"))];
    const summary = summarise(list);
    const [acme, zeta] = [namesOf("acme").functionIdentity, namesOf("zeta").functionIdentity];
    const markdown = renderMarkdown(summary);
    assert.match(markdown, /^\| Tenant \| `‹functionIdentity›` \|$/m);
    assert.ok(markdown.includes(`| \`zeta\` | \`${zeta}\` |`), markdown);
    outside(markdown);
    assert.doesNotMatch(renderMarkdown(summary, { limit: COMMENT_LIMIT }), /\| Tenant \|/);
    const json = JSON.parse(toJson(summary)) as { sections: { names: unknown }[] };
    assert.deepEqual(json.sections[0]?.names, { functionIdentity: { acme, zeta } });
    const [alone] = summarise(list.slice(1)).sections;
    assert.equal(alone?.names, undefined);
    const named = (stack: string) => ({ ...runbookStep(), name: `r-${stack}` });
    const both = summarise(["acme", "zeta"].map((stack) => read(stack, named(stack))));
    assert.equal(both.sections[0]?.names, undefined);
  });

  it("does not depend on the order of tenants and steps", () => {
    const shuffled = list.chain((stacks) =>
      fc.tuple(
        fc.constant(stacks),
        fc.shuffledSubarray(stacks, { minLength: stacks.length, maxLength: stacks.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([stacks, others]) => {
        const turned = others.map((one) => ({ ...one, steps: [...one.steps].reverse() }));
        const [a, b] = [summarise(stacks), summarise(turned)];
        assert.equal(toJson(a), toJson(b));
        assert.equal(renderMarkdown(a, { limit: 4000 }), renderMarkdown(b, { limit: 4000 }));
        assert.equal(renderTerminal(a), renderTerminal(b));
      }),
      { numRuns: 60 },
    );
  });
});

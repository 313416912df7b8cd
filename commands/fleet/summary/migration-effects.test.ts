import assert from "node:assert/strict";
import { renderMarkdown } from "./markdown";
import { migrationEffects } from "./migration-effects";
import type { Effect } from "./model";
import { changesFromEvents, readEventLog, readPreviewJson } from "./read";
import { summarise } from "./summarise";
import { renderTerminal } from "./terminal";
import { digest, events, migrationStep } from "./testing/preview";

type Inputs = Readonly<Record<string, unknown>>;

const premium = {
  id: "d-premium",
  table: "premium",
  keyColumns: ["Policy"],
  types: { Gross: { type: "decimal(18,2)", onError: "fail" } },
  guards: { maxShrinkPercent: 50, allowEmpty: false },
};
const notes = { id: "d-notes", table: "notes", keyColumns: [], types: {}, guards: {} };
const user = { name: "df-acme", clientId: "c-1", role: "loader" };
const base: Inputs = {
  files: { "migrations/0001-a.sql": "a", "repeatable/p.sql": "b" },
  datasets: [premium, notes],
  unknownDatasets: "ignore",
  users: [user],
};

function effects(after: Inputs, before: Inputs = {}): Effect[] {
  return migrationEffects({ inputs: { ...base, ...before } }, { inputs: { ...base, ...before, ...after } });
}

/** The only sentence. */
function effect(after: Inputs, before: Inputs = {}): Effect {
  const [first, ...others] = effects(after, before);
  assert.ok(first !== undefined && others.length === 0, JSON.stringify([first, ...others]));
  return first;
}

const withPremium = (more: Inputs) => ({ datasets: [{ ...premium, ...more }, notes] });

describe("What a migration does to a tenant's datasets", () => {
  it("says that a table with another name begins empty, and what happens to the old one and at Fivetran", () => {
    const found = effects(withPremium({ table: "premium_new" }));
    assert.deepEqual(
      found.map(({ severe }) => severe),
      [true, true],
    );
    const [table = "", fivetran = ""] = found.map(({ text }) => text);
    assert.match(table, /^d-premium moves to another table: premium is retired/);
    assert.match(table, /premium_new is empty until the next load/);
    assert.match(
      fivetran,
      /everything of d-premium again, into its table premium_new; .* premium stays and is no longer updated/,
    );
  });

  it("says what another key requires of the rows in a new table, and that the old table refuses it", () => {
    const inNewTable = (keyColumns: string[]) =>
      effects(withPremium({ table: "premium_new", keyColumns })).at(-1);
    assert.match(inNewTable(["Policy", "Line"])?.text ?? "", /same key \(Policy, Line\).*QT4012, QT4013/);
    assert.match(inNewTable([])?.text ?? "", /Without a key, its rows are identified by their content/);
    const alone = effect(withPremium({ keyColumns: ["Line"] }));
    assert.match(alone.text, /cannot change in its table premium: the deployment is refused \(QT4021\)/);
    assert.deepEqual(effects(withPremium({ keyColumns: ["policy"] })), [], "another spelling");
  });

  it("says that a removed dataset is retired, and what an event then does", () => {
    const { text, severe } = effect({ datasets: [premium] });
    assert.ok(severe);
    assert.match(text, /^d-notes is retired: its table notes stays.*Fivetran gets no more of it/);
    assert.doesNotMatch(text, /lands/);
    const landing = effect({ datasets: [premium] }, { unknownDatasets: "land" });
    assert.match(landing.text, /Its next event lands it in a table named after its id/);
  });

  it("says when a new dataset arrives", () => {
    const more = { datasets: [premium, notes, { id: "d-new", table: "new" }] };
    const { text, severe } = effect(more);
    assert.ok(!severe);
    assert.match(text, /^d-new is new: its table new is created.*npm run load -- d-new/);
    assert.match(effect(more, { unknownDatasets: "land" }).text, /landed before .* that table is retired/);
  });

  it("says what is converted if types change", () => {
    const types = { Gross: { type: "float", onError: "fail" }, Line: { type: "int", onError: "fail" } };
    const { text, severe } = effect(withPremium({ types }));
    assert.ok(!severe);
    assert.match(text, /"Gross" decimal\(18,2\) → float, "Line" text → int\. .*QT4024/);
    assert.match(effect(withPremium({ types: {} })).text, /"Gross" decimal\(18,2\) → text/);
    assert.match(
      effect(withPremium({ types: { ...premium.types, policy: { type: "int" } } })).text,
      /QT4021/,
    );
    assert.deepEqual(effects(withPremium({ types: { gross: premium.types.Gross } })), [], "another spelling");
    const lenient = withPremium({ types: { Gross: { type: "decimal(18,2)", onError: "null" } } });
    assert.match(effect(lenient).text, /does not convert becomes NULL/);
    assert.match(effect(base, lenient).text, /makes the load fail \(QT4015\)/);
  });

  it("says what a guard lets through", () => {
    const shrink = effect(withPremium({ guards: { maxShrinkPercent: 90 } }));
    assert.match(shrink.text, /more than 90 % of the rows \(QT4011\); so far 50 %/);
    assert.match(
      effect(withPremium({ guards: { allowEmpty: true } })).text,
      /deletes every row, also at Fivetran/,
    );
    assert.deepEqual(effects(withPremium({ guards: {} })), [], "the defaults");
  });

  it("says what happens to datasets that are not configured", () => {
    assert.match(effect({ unknownDatasets: "land" }).text, /land from now on/);
    const ignored = effect({ unknownDatasets: "ignore" }, { unknownDatasets: "land" });
    assert.match(ignored.text, /retired: their tables stay/);
    assert.ok(ignored.severe);
  });

  it("mentions users only if they change", () => {
    const users = (...list: object[]) => effect({ users: list }).text;
    assert.match(users({ ...user, clientId: "c-2" }), /df-acme is created again for another identity/);
    assert.match(users({ ...user, role: "reader" }), /df-acme becomes reader/);
    assert.match(users(), /df-acme stays: nothing removes it/);
    assert.match(
      users(user, { name: "id-acme", clientId: "c", role: "reader" }),
      /id-acme is created, as reader/,
    );
    assert.match(
      effect({ files: { "migrations/0001-a.sql": "a" } }).text,
      /removed files .* stays in the database/,
    );
    assert.deepEqual(effects({}), []);
    assert.deepEqual(effects({ datasets: [notes, premium] }), [], "another order");
  });

  it("puts the severest first", () => {
    const all = effects({ datasets: [{ ...premium, guards: { maxShrinkPercent: 1 } }], users: [] });
    assert.deepEqual(
      all.map(({ severe }) => severe),
      [true, false, false],
    );
  });
});

describe("A preview in which datasets change", () => {
  const step = (stack: string, after: Inputs, before: Inputs = {}) => ({
    ...migrationStep(stack),
    before: { inputs: { step: "database-migration", inputs: { ...base, ...before } } },
    after: { inputs: { step: "database-migration", inputs: { ...base, ...before, ...after } } },
  });
  const moved = { datasets: [{ ...premium, table: "premium_new", keyColumns: ["Policy", "Line"] }, notes] };
  const read = (stack: string, after: Inputs) => readPreviewJson(digest(stack, [step(stack, after)]));
  const paths = (after: Inputs) =>
    read("acme", after).steps[0]?.changes.map(({ path, kind, form, before, after: now }) => [
      path,
      kind,
      form,
      before,
      now,
    ]);

  it("lists them by dataset and property, from every source", () => {
    assert.deepEqual(paths(moved), [
      ["datasets.d-premium.keyColumns", "update", "value", '["Policy"]', '["Policy","Line"]'],
      ["datasets.d-premium.table", "update", "value", '"premium"', '"premium_new"'],
    ]);
    assert.deepEqual(
      paths({ datasets: [premium, { id: "d.new", table: "new" }] })?.map(([path, kind, form]) => [
        path,
        kind,
        form,
      ]),
      [
        ["datasets.d-notes", "delete", "text"],
        ['datasets["d.new"]', "add", "text"],
      ],
    );
    assert.deepEqual(paths({ datasets: [notes, premium] }), [
      ["datasets", "update", "value", '["d-premium","d-notes"]', '["d-notes","d-premium"]'],
    ]);
    assert.deepEqual(paths({ users: [{ ...user, role: "reader" }] }), [
      ["users.df-acme.role", "update", "value", '"loader"', '"reader"'],
    ]);
    const found = events("acme", [step("acme", moved)]);
    const log = found.map((event) => JSON.stringify(event)).join("\n");
    assert.deepEqual(readEventLog(log).steps, read("acme", moved).steps);
    assert.deepEqual(changesFromEvents(found).steps, read("acme", moved).steps);
  });

  it("first says in words what is lost", () => {
    const summary = summarise([read("acme", moved), readPreviewJson(digest("beta", []))]);
    const [change] = summary.sections[0]?.changes ?? [];
    assert.equal(change?.meaning?.text, "Migrates the database of tenant acme: 1 dataset.");
    assert.ok(change?.meaning?.severe);
    assert.match(renderTerminal(summary), /^ {6}d-premium moves to another table/m);
    assert.match(renderMarkdown(summary, { limit: 3000 }), /^> ⚠️ \*\*d-premium moves to another table/m);
    assert.doesNotMatch(renderMarkdown(summary), /users/);
  });

  it("groups tenants with the same move, even if the tables have the tenants' names", () => {
    const own = (stack: string) =>
      read(stack, {
        datasets: [
          { ...premium, table: `${stack}_new` },
          { ...notes, table: `notes` },
        ],
      });
    const { sections } = summarise([own("acme"), own("beta")]);
    assert.equal(sections.length, 1);
    assert.match(sections[0]?.changes[0]?.meaning?.effects?.[0]?.text ?? "", /‹tenant›_new is empty/);
  });

  it("does not show a list with a secret in it, and says so", () => {
    const secret = { datasets: [{ ...premium, password: "planted-password" }] };
    const text = renderMarkdown(summarise([read("acme", secret)]));
    assert.match(text, /⚠️ \*\*Something in the datasets looks like a secret/);
    assert.doesNotMatch(text, /planted/);
  });
});

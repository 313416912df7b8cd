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
    assert.match(text, /"Gross" decimal\(18,2\) → float, "Line" text → int\. .*QT4024\), or becomes NULL/);
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

  it("says in which format a column is read, and only then", () => {
    const gross = (declared: object) =>
      withPremium({ types: { Gross: { type: "decimal(18,2)", ...declared } } });
    const { text, severe } = effect(gross({ thousands: ".", decimal: "," }));
    assert.ok(!severe);
    assert.match(
      text,
      /^From its next load on, column "Gross" of d-premium is read as 1\.234,5; so far plain\. /,
    );
    assert.match(
      effect(gross({ percent: true }), gross({ decimal: "," })).text,
      /read as 1234\.5%; so far as 1234,5\./,
    );
    assert.deepEqual(effects(gross({ decimal: "." })), [], "the default");
    const day = (format: string) =>
      withPremium({ types: { ...premium.types, Day: { type: "date", format } } });
    const [converts, reads] = effects(day("dd/MM/yyyy"));
    assert.match(converts?.text ?? "", /"Day" text → date/);
    assert.match(
      reads?.text ?? "",
      /column "Day" of d-premium is read as dd\/MM\/yyyy\. What is written in another way does not convert\./,
    );
    assert.match(
      effect(withPremium({ types: { ...premium.types, Day: { type: "date" } } }), day("d.M.yyyy")).text,
      /read in ISO form; so far as d\.M\.yyyy/,
    );
  });

  it("says which column a header gets, and what becomes of the former one", () => {
    const { text, severe } = effect(
      withPremium({ columns: { "Premium (£)": "gbp", "Premium ($)": "premium_", A: "b" } }),
    );
    assert.ok(severe);
    assert.match(
      text,
      /headers of d-premium land in other columns: "A" a → b, "Premium \(£\)" premium_ → gbp\. /,
    );
    assert.match(text, /stays in its table and at Fivetran, and becomes NULL/);
    const back = effect(base, withPremium({ columns: { "Premium (£)": "gbp" } }));
    assert.match(back.text, /"Premium \(£\)" gbp → premium_\. /);
    assert.deepEqual(effects(withPremium({ columns: { Line: "line" } })), [], "the name that it has already");
  });

  it("says what an excluded column leaves, and that one lands again", () => {
    const columns = { Tax: "tax_no" };
    const named = withPremium({ columns });
    const out = effect(withPremium({ columns: {}, exclude: ["SSN", "Tax"] }), named);
    assert.ok(out.severe);
    assert.match(
      out.text,
      /columns of d-premium are left out: "SSN" \(ssn\), "Tax" \(tax_no\)\. .*becomes NULL in its table/,
    );
    assert.match(out.text, /those rows are sent, at Fivetran\. Versions that were sent before have it still/);
    const again = effect(named, withPremium({ columns: {}, exclude: ["Tax"] }));
    assert.ok(again.severe);
    assert.match(again.text, /that were left out land and are sent to Fivetran: "Tax" \(tax_no\)\.$/);
    assert.deepEqual(effects(withPremium({ exclude: [] })), []);
  });

  it("says nothing of the columns of a new table", () => {
    const found = effects(withPremium({ table: "premium_new", columns: { A: "b" }, exclude: ["C"] }));
    assert.deepEqual(
      found.map(({ text }) => /land in|left out/.test(text)),
      [false, false],
    );
  });

  it("compares keys and types by the names of their columns", () => {
    const header = "Gross (£)";
    const before = { types: { [header]: { type: "int" } }, keyColumns: [header] };
    const named = (name: string) => withPremium({ ...before, columns: { [header]: name } });
    assert.deepEqual(effects(named("gross_"), withPremium(before)), []);
    const texts = effects(named("gross"), withPremium(before)).map(({ text }) => text);
    assert.equal(texts.length, 3);
    assert.match(
      texts.join(),
      /The key of d-premium cannot change.*"Gross \(£\)" \(gross\) text → int, "Gross \(£\)" \(gross_\) int → text\./,
    );
  });

  it("says what a guard lets through", () => {
    const shrink = effect(withPremium({ guards: { maxShrinkPercent: 90 } }));
    assert.match(shrink.text, /more than 90 % of the rows \(QT4011\); so far 50 %/);
    const columns = effect(withPremium({ guards: { maxColumnChangePercent: 10 } }));
    assert.match(columns.text, /more than 10 % of the columns went or are new \(QT4019\); so far 50 %/);
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

  it("says what a change of the retention removes, and when that is severe", () => {
    const rows = effect({ retention: { deletedRowsDays: 30 } });
    assert.match(
      rows.text,
      /purged after 30 days instead of 90; .* paused for longer reads the datasets from their start/,
    );
    assert.equal(rows.severe, false);
    assert.deepEqual(effects({ retention: { deletedRowsDays: 90 } }), [], "the default");
    const tables = (before: number | undefined, after: number | undefined) => {
      const { text, severe } = effect(
        { retention: { deletedRowsDays: 90, retiredTablesDays: after } },
        { retention: { deletedRowsDays: 90, retiredTablesDays: before } },
      );
      return [/retired for (\d+) days are dropped/.exec(text)?.[1], severe];
    };
    assert.deepEqual(tables(undefined, 365), ["365", true]);
    assert.deepEqual(tables(365, 30), ["30", true]);
    assert.deepEqual(tables(30, 365), ["365", false]);
    assert.deepEqual(tables(30, undefined), [undefined, false]);
    assert.match(
      effect({ retention: undefined }, { retention: { retiredTablesDays: 30 } }).text,
      /are kept from now on/,
    );
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

  it("says everything else exactly", () => {
    const more = { datasets: [premium, notes, { id: "d-new", table: "new" }] };
    assert.equal(
      effect(more).text,
      "d-new is new: its table new is created, or continues where it was if d-new had it before. The next load fills it (an event, the daily reconciliation, or npm run load -- d-new), then Fivetran gets it.",
    );
    assert.match(effect(more, { unknownDatasets: "land" }).text, /gets it\. If it landed before/);
    assert.match(
      effect({ datasets: [premium] }, { unknownDatasets: "land" }).text,
      /fails \(QT5004\)\. Its next event/,
    );
    const strict = effect(withPremium({ guards: { maxShrinkPercent: 50, allowEmpty: false } }), {
      datasets: [{ ...premium, guards: { maxShrinkPercent: 50, allowEmpty: true } }, notes],
    });
    assert.deepEqual(strict, {
      text: "From its next load on, an empty snapshot of d-premium is refused (QT4010).",
      severe: false,
    });
    const loader = effect({ files: {} });
    assert.deepEqual(loader, {
      text: "What the removed files created stays in the database.",
      severe: false,
    });
    assert.equal(effect({ unknownDatasets: "land" }).severe, false);
    assert.match(effect(withPremium({ types: {} })).text, /in which a value then reads differently\.$/);
    assert.deepEqual(effects({ unknownDatasets: "refuse" }), [], "nothing landed before either");
  });

  it("says that a new key is refused in the same table only", () => {
    const alone = effect(withPremium({ keyColumns: ["Line"] }));
    assert.equal(alone.severe, true);
    const moving = effects(withPremium({ table: "premium_new", keyColumns: ["Policy", "Line"] })).find(
      ({ text }) => text.includes("another key"),
    );
    assert.deepEqual([moving?.severe, moving?.text.includes("QT4021")], [false, false]);
    const two = { datasets: [{ ...premium, keyColumns: ["Policy", "Line"] }, notes] };
    assert.deepEqual(effects(withPremium({ keyColumns: ["line", "policy"] }), two), [], "another order");
  });

  it("says nothing of types in a new table, and mentions a key column among others", () => {
    const types = { Gross: { type: "float" }, Policy: { type: "int" } };
    assert.ok(
      effects(withPremium({ table: "premium_new", types })).every(({ text }) => !text.includes("Types of")),
    );
    assert.match(
      effect(withPremium({ types })).text,
      /"Gross" .*, "Policy" text → int.*One of them is a key/,
    );
    // Every value is text, so that it may fail or become NULL means nothing.
    assert.deepEqual(
      effects(withPremium({ types: { ...premium.types, Line: { type: "text", onError: "null" } } })),
      [],
    );
    const lenient = effect(withPremium({ types: { Gross: { type: "decimal(18,2)", onError: "null" } } }));
    assert.equal(lenient.severe, false);
  });

  it("is in the order of names, whatever the order of the lists", () => {
    const datasets = [
      { id: "d-b", table: "b" },
      { id: "d-a", table: "a" },
    ];
    const users = ["u-b", "u-a"].map((name) => ({ name, clientId: "c", role: "reader" }));
    const found = effects({ datasets: [premium, notes, ...datasets], users: [user, ...users] });
    assert.deepEqual(
      found.map(({ text }) => /\b[du]-[ab]\b/.exec(text)?.[0]),
      ["d-a", "d-b", "u-a", "u-b"],
    );
    const types = { b: { type: "int" }, a: { type: "int" }, ...premium.types };
    assert.match(effect(withPremium({ types })).text, /"a" text → int, "b" text → int/);
  });

  it("is not derived from lists of another form", () => {
    for (const broken of [
      "none",
      [1],
      [{ id: 1, name: 1 }],
      [premium, premium, { name: "x" }, { name: "x" }],
    ]) {
      assert.deepEqual(effects({ datasets: broken }), []);
      assert.deepEqual(effects({}, { datasets: broken }), []);
      assert.deepEqual(effects({ datasets: [premium] }, { datasets: broken }), []);
      assert.deepEqual(effects({ users: broken }), []);
      assert.deepEqual(effects({ users: [user] }, { users: broken }), []);
    }
    assert.deepEqual(
      migrationEffects({}, { inputs: { users: [user] } }).map(({ text }) => text),
      ["The database user df-acme is created, as loader."],
    );
  });

  it("says of a masked list, before or after, only that it is hidden", () => {
    const [hidden, ...others] = effects({ datasets: "[secret]" });
    assert.match(hidden?.text ?? "", /looks like a secret/);
    assert.deepEqual([hidden?.severe, others], [true, []]);
    assert.deepEqual(effects({ datasets: [notes] }, { datasets: "[secret]" }), [hidden]);
  });

  it("puts the severest first", () => {
    const moved = effects({
      datasets: [
        { ...premium, guards: { maxShrinkPercent: 1 } },
        { ...notes, table: "z" },
      ],
      users: [],
    });
    assert.deepEqual(
      moved.map(({ severe }) => severe),
      [true, true, false, false],
    );
    const lost = effects(
      { users: [], unknownDatasets: "ignore", datasets: [premium, notes, { id: "d-a", table: "a" }] },
      { unknownDatasets: "land" },
    );
    assert.deepEqual(
      lost.map(({ severe }) => severe),
      [true, false, false],
    );
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

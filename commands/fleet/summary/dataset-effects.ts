import { writtenAs } from "../../../infra/column-format";
import { columnName } from "../../../infra/column-names";
import {
  type DatasetSettings,
  type DeclaredType,
  datasetSchema,
  undeclared,
} from "../../../infra/dataset-schema";
import { withDefaults } from "../../../infra/schema-walk";
import { itemsByName } from "./item-changes";
import type { JsonObject } from "./json-value";
import { byText, type Effect, MASK } from "./model";
import { equal } from "./value-change";

/** A header such as "Password" makes the list look like one that holds secrets. */
const hidden: Effect = {
  text: "Something in the datasets looks like a secret, so neither they nor their changes are shown.",
  severe: true,
};

/**
 * The effects of changed datasets on tables, loads and Fivetran's copies: what qt.configure does, as database/conformance/
 * configure.itest.ts and types.itest.ts test it, and what the function does (functions/src/position.ts).
 */
export function datasetEffects(before: JsonObject, after: JsonObject): Effect[] {
  if (before.datasets === MASK || after.datasets === MASK) return [hidden];
  const [old, now] = [itemsByName(before.datasets, "id"), itemsByName(after.datasets, "id")];
  if (old === undefined || now === undefined) return [];
  const landing = { before: before.unknownDatasets === "land", after: after.unknownDatasets === "land" };
  return [...new Set([...old.keys(), ...now.keys()])].sort(byText).flatMap((id) => {
    if (equal(old.get(id), now.get(id))) return [];
    const [was, is] = [settingsOf(old.get(id)), settingsOf(now.get(id))];
    if (!now.has(id)) return [removed(id, was.table, landing.after)];
    if (!old.has(id)) return [added(id, is.table, landing.before)];
    return Object.values(bySetting).flatMap((effects) => effects({ id, was, is }));
  });
}

interface DatasetChange {
  readonly id: string;
  readonly was: DatasetSettings;
  readonly is: DatasetSettings;
}

/** The effects of a change of each setting; none if it is equal. A missing setting does not compile. */
const bySetting: {
  readonly [Setting in Exclude<keyof DatasetSettings, "id">]: (change: DatasetChange) => Effect[];
} = {
  table: moved,
  keyColumns: rekeyed,
  types: retyped,
  columns: renamed,
  exclude: excluded,
  guards: guarded,
};

/** A step of an earlier version lacks settings that did not exist then. */
function settingsOf(dataset: JsonObject | undefined): DatasetSettings {
  return withDefaults(datasetSchema, dataset);
}

function removed(id: string, table: string, isLanding: boolean): Effect {
  const sentences = [
    `${id} is retired: its table ${table} stays as it is but is no longer loaded, and Fivetran gets no more of it. What Fivetran has stays, and a connection that names ${id} fails (QT5004).`,
  ];
  if (isLanding) {
    sentences.push("Its next event lands it in a table named after its id, without a key, all columns text.");
  }
  return { text: sentences.join(" "), severe: true };
}

function added(id: string, table: string, wasLanding: boolean): Effect {
  const sentences = [
    `${id} is new: its table ${table} is created, or continues where it was if ${id} had it before. The next load fills it (an event, the daily reconciliation, or npm run load -- ${id}), then Fivetran gets it.`,
  ];
  if (wasLanding) {
    sentences.push(
      `If it landed before in a table named after its id, other than ${table}, that table is retired: it stays and gets no more loads.`,
    );
  }
  return { text: sentences.join(" "), severe: false };
}

function moved({ id, was, is }: DatasetChange): Effect[] {
  const [from, to] = [was.table, is.table];
  if (from === to) return [];
  return [
    {
      text: `${id} moves to another table: ${from} is retired, stays as it is and is no longer loaded. ${to} is empty until the next load (if ${id} had it before, it continues where it was).`,
      severe: true,
    },
    {
      text: `Fivetran is sent everything of ${id} again, into its table ${to}; what it has in ${from} stays and is no longer updated.`,
      severe: true,
    },
  ];
}

function rekeyed({ id, was, is }: DatasetChange): Effect[] {
  const keys = is.keyColumns.map(String);
  if (equal(keyNames(was), keyNames(is))) return [];
  if (was.table !== is.table) return [{ text: `${id} has another key. ${keyNeeds(keys)}`, severe: false }];
  const text = `The key of ${id} cannot change in its table ${is.table}: the deployment is refused (QT4021). With a new table name it can. ${keyNeeds(keys)}`;
  return [{ text, severe: true }];
}

/** What the rows must fulfil under a key. */
function keyNeeds(keys: readonly string[]): string {
  if (keys.length === 0) return "Without a key, its rows are identified by their content.";
  return `A load fails if two rows have the same key (${keys.join(", ")}) or a row has no value in it (QT4012, QT4013).`;
}

/** A column whose declaration changed. */
interface ColumnChange {
  /** The header in quotes, with the column's name if the header gets another one. */
  readonly label: string;
  readonly isKey: boolean;
  readonly was: DeclaredType;
  readonly is: DeclaredType;
}

/** The effects of a change of each part of a declaration. A missing part does not compile. */
const byDeclaration: {
  readonly [Part in keyof DeclaredType]-?: (id: string, columns: readonly ColumnChange[]) => Effect[];
} = {
  type: converted,
  onError: tolerated,
  format: read,
  // Parts of how a number is written, which `read` names as a whole.
  thousands: () => [],
  decimal: () => [],
  percent: () => [],
};

/** A new table has nothing to convert. */
function retyped({ id, was, is }: DatasetChange): Effect[] {
  if (was.table !== is.table) return [];
  const [old, now] = [declarations(was), declarations(is)];
  const keys = new Set(keyNames(is));
  const columns = [...new Set([...old.keys(), ...now.keys()])].sort(byText).map((name) => {
    const [from, to] = [old.get(name), now.get(name)];
    const header = to?.header ?? from?.header ?? name;
    const moves = columnName(header, was.columns) !== columnName(header, is.columns);
    return {
      label: moves ? `"${header}" (${name})` : `"${header}"`,
      isKey: keys.has(name),
      was: from?.declared ?? undeclared,
      is: to?.declared ?? undeclared,
    };
  });
  return Object.values(byDeclaration).flatMap((effects) => effects(id, columns));
}

function converted(id: string, columns: readonly ColumnChange[]): Effect[] {
  const other = columns.filter(({ was, is }) => was.type !== is.type);
  if (other.length === 0) return [];
  const list = other.map(({ label, was, is }) => `${label} ${was.type} → ${is.type}`).join(", ");
  const key = other.some(({ isKey }) => isKey)
    ? " One of them is a key column: once it is loaded, the deployment is refused (QT4021)."
    : "";
  const text = `Types of ${id} change: ${list}. The values in its table are converted; one that does not convert fails the deployment (QT4024), or becomes NULL if its column has onError null. Fivetran gets the rows in which a value then reads differently.${key}`;
  return [{ text, severe: false }];
}

function tolerated(id: string, columns: readonly ColumnChange[]): Effect[] {
  // Every value is text.
  const other = columns.filter(({ was, is }) => was.onError !== is.onError && is.type !== undeclared.type);
  return other.map(({ label, is }) => {
    const text =
      is.onError === "null"
        ? `From its next load on, a value of ${label} in ${id} that does not convert becomes NULL; so far the load failed.`
        : `From its next load on, a value of ${label} in ${id} that does not convert makes the load fail (QT4015).`;
    return { text, severe: false };
  });
}

/** Columns whose texts are read in another way from the next load on. */
function read(id: string, columns: readonly ColumnChange[]): Effect[] {
  const plain = (type: string) => (type.startsWith("date") ? "in ISO form" : "plain");
  return columns.flatMap(({ label, was, is }) => {
    const [from, to] = [writtenAs(was), writtenAs(is)];
    if (from === to || is.type === undeclared.type) return [];
    const how = (written: string | undefined) => (written === undefined ? plain(is.type) : `as ${written}`);
    const before = was.type === undeclared.type ? "" : `; so far ${how(from)}`;
    const text = `From its next load on, column ${label} of ${id} is read ${how(to)}${before}. What is written in another way does not convert.`;
    return [{ text, severe: false }];
  });
}

type Guards = DatasetSettings["guards"];

/** The effect of a new value of each guard. A missing guard does not compile. */
const byGuard: {
  readonly [Guard in keyof Guards]: (id: string, is: Guards[Guard], was: Guards[Guard]) => string;
} = {
  maxShrinkPercent: (id, is, was) =>
    `From its next load on, a snapshot of ${id} is refused if it lost more than ${is} % of the rows (QT4011); so far ${was} %.`,
  maxColumnChangePercent: (id, is, was) =>
    `From its next load on, a snapshot of ${id} is refused if more than ${is} % of the columns went or are new (QT4019); so far ${was} %.`,
  allowEmpty: (id, is) =>
    is
      ? `From its next load on, an empty snapshot of ${id} is published: it deletes every row, also at Fivetran.`
      : `From its next load on, an empty snapshot of ${id} is refused (QT4010).`,
};

function guarded({ id, was, is }: DatasetChange): Effect[] {
  const effectsOf = <Guard extends keyof Guards>(guard: Guard): Effect[] => {
    if (equal(was.guards[guard], is.guards[guard])) return [];
    return [{ text: byGuard[guard](id, is.guards[guard], was.guards[guard]), severe: false }];
  };
  return (Object.keys(byGuard) as (keyof Guards)[]).flatMap((guard) => effectsOf(guard));
}

/** Headers that get another column from the next load on. A new table has no columns yet. */
function renamed({ id, was, is }: DatasetChange): Effect[] {
  if (was.table !== is.table) return [];
  const landing = [...new Set([...Object.keys(was.columns), ...Object.keys(is.columns)])].filter(
    (header) => !was.exclude.includes(header) && !is.exclude.includes(header),
  );
  const moves = landing
    .map((header) => ({ header, from: columnName(header, was.columns), to: columnName(header, is.columns) }))
    .filter(({ from, to }) => from !== to)
    .sort((a, b) => byText(a.header, b.header));
  if (moves.length === 0) return [];
  const list = moves.map(({ header, from, to }) => `"${header}" ${from} → ${to}`).join(", ");
  const text = `From its next load on, headers of ${id} land in other columns: ${list}. A column that no header has any more stays in its table and at Fivetran, and becomes NULL; every row with a value in it, or in a new column, is sent. Both count for its guard on columns (QT4019).`;
  return [{ text, severe: true }];
}

/** Headers that are left out from the next load on, or land again. A new table has nothing of them. */
function excluded({ id, was, is }: DatasetChange): Effect[] {
  if (was.table !== is.table) return [];
  const effects: Effect[] = [];
  const out = is.exclude.map(String).filter((header) => !was.exclude.includes(header));
  if (out.length > 0) {
    const list = out.map((header) => `"${header}" (${columnName(header, was.columns)})`).join(", ");
    const text = `From its next load on, columns of ${id} are left out: ${list}. What is in them becomes NULL in its table and, because those rows are sent, at Fivetran. Versions that were sent before have it still, at Fivetran and wherever they were copied. They count for its guard on columns (QT4019).`;
    effects.push({ text, severe: true });
  }
  const back = was.exclude.map(String).filter((header) => !is.exclude.includes(header));
  if (back.length > 0) {
    const list = back.map((header) => `"${header}" (${columnName(header, is.columns)})`).join(", ");
    const text = `From its next load on, columns of ${id} that were left out land and are sent to Fivetran: ${list}.`;
    effects.push({ text, severe: true });
  }
  return effects;
}

/** Declarations by the name of the column: two spellings of a header are the same column. */
function declarations({ types, columns }: DatasetSettings) {
  return new Map(
    Object.entries(types).map(([header, declared]) => [
      columnName(header, columns),
      { header, declared: { ...undeclared, ...declared } },
    ]),
  );
}

function keyNames({ keyColumns, columns }: DatasetSettings): string[] {
  return keyColumns.map((header) => columnName(String(header), columns)).sort();
}

import { normaliseName } from "../../../functions/src/names";
import { itemsByName } from "./item-changes";
import { isObject, type JsonObject } from "./json-value";
import { byText, type Effect, MASK } from "./model";
import { equal } from "./value-change";

/** What the database does where the guard is not set (database/tsql/repeatable/configure.sql). */
const SHRINK = 50;

/** A header such as "Password" makes the list look like one that holds secrets. */
const hidden: Effect = {
  text: "Something among the datasets reads like a secret, so neither they nor what changes of them is told.",
  grave: true,
};

/**
 * What becomes of tables, loads and Fivetran's copies where datasets change: qt.configure in words, as
 * database/conformance/configure.itest.ts and types.itest.ts hold it, and the function's (functions/src/position.ts).
 */
export function datasetEffects(before: JsonObject, after: JsonObject): Effect[] {
  if (before.datasets === MASK || after.datasets === MASK) return [hidden];
  const [old, now] = [itemsByName(before.datasets, "id"), itemsByName(after.datasets, "id")];
  if (old === undefined || now === undefined) return [];
  const landing = { before: before.unknownDatasets === "land", after: after.unknownDatasets === "land" };
  return [...new Set([...old.keys(), ...now.keys()])].sort(byText).flatMap((id) => {
    const [was, is] = [old.get(id), now.get(id)];
    if (equal(was, is)) return [];
    if (is === undefined) return [removed(id, tableOf(was), landing.after)];
    if (was === undefined) return [added(id, tableOf(is), landing.before)];
    const moves = tableOf(was) !== tableOf(is);
    return [
      ...(moves ? moved(id, was, is) : [...rekeyed(id, was, is), ...retyped(id, was, is)]),
      ...guarded(id, was, is),
    ];
  });
}

function removed(id: string, table: string, isLanding: boolean): Effect {
  const sentences = [
    `${id} is retired: its table ${table} stays as it is, nothing is loaded into it any more, and Fivetran is sent no more of it. What it has stays, and a connection that asks for ${id} by name fails (QT5004).`,
  ];
  if (isLanding) {
    sentences.push("Its next event lands it in a table named after its id, without a key, all columns text.");
  }
  return { text: sentences.join(" "), grave: true };
}

function added(id: string, table: string, wasLanding: boolean): Effect {
  const sentences = [
    `${id} is new: its table ${table} is made, or goes on where it was if ${id} had it before. The next load fills it (an event, the daily reconciliation, or npm run load -- ${id}), then Fivetran gets it.`,
  ];
  if (wasLanding) {
    sentences.push(
      `Where it landed before in a table named after its id, other than ${table}, that one is retired: it stays and gets no more loads.`,
    );
  }
  return { text: sentences.join(" "), grave: false };
}

function moved(id: string, was: JsonObject, is: JsonObject): Effect[] {
  const [from, to] = [tableOf(was), tableOf(is)];
  const keys = keysOf(is);
  return [
    {
      text: `${id} moves to another table: ${from} is retired, it stays as it is and nothing is loaded into it any more. ${to} is empty until the next load (where ${id} had it before, it goes on where it was).`,
      grave: true,
    },
    {
      text: `Fivetran is sent everything of ${id} anew, into its table ${to}; what it has in ${from} stays and is fed no more.`,
      grave: true,
    },
    ...(sameNames(keysOf(was), keys)
      ? []
      : [{ text: `${id} has another key. ${keyNeeds(keys)}`, grave: false }]),
  ];
}

function rekeyed(id: string, was: JsonObject, is: JsonObject): Effect[] {
  const keys = keysOf(is);
  if (sameNames(keysOf(was), keys)) return [];
  const text = `The key of ${id} cannot change in its table ${tableOf(is)}: the deployment is refused (QT4021). With a new table name it can. ${keyNeeds(keys)}`;
  return [{ text, grave: true }];
}

/** What a load fails for under a key. */
function keyNeeds(keys: readonly string[]): string {
  if (keys.length === 0) return "Without a key its rows are told apart by their content.";
  return `A load fails where two rows have the same key (${keys.join(", ")}) or one has no value in it (QT4012, QT4013).`;
}

function retyped(id: string, was: JsonObject, is: JsonObject): Effect[] {
  const [old, now] = [typesOf(was), typesOf(is)];
  const keys = new Set(keysOf(is).map(normaliseName));
  const columns = [...new Set([...old.keys(), ...now.keys()])].sort(byText).map((name) => {
    const [from, to] = [old.get(name), now.get(name)];
    return {
      header: to?.header ?? from?.header ?? name,
      isKey: keys.has(name),
      types: [from?.type ?? "text", to?.type ?? "text"],
      onError: [from?.onError ?? "fail", to?.onError ?? "fail"],
    };
  });
  const other = columns.filter(({ types: [from, to] }) => from !== to);
  const told = other.map(({ header, types: [from, to] }) => `"${header}" ${from} → ${to}`).join(", ");
  const effects: Effect[] = [];
  if (other.length > 0) {
    const key = other.some(({ isKey }) => isKey)
      ? " One of them is a key column: once it is loaded, the deployment is refused (QT4021)."
      : "";
    const text = `Types of ${id} change: ${told}. What its table holds of these columns is converted; the deployment fails where a value does not convert (QT4024). Fivetran is sent the rows in which a value then reads differently.${key}`;
    effects.push({ text, grave: false });
  }
  for (const { header, types, onError } of columns) {
    if (onError[0] === onError[1] || types[1] === "text") continue;
    const text =
      onError[1] === "null"
        ? `From its next load on, a value of "${header}" in ${id} that does not convert becomes NULL; so far the load failed.`
        : `From its next load on, a value of "${header}" in ${id} that does not convert makes the load fail (QT4015).`;
    effects.push({ text, grave: false });
  }
  return effects;
}

function guarded(id: string, was: JsonObject, is: JsonObject): Effect[] {
  const effects: Effect[] = [];
  const [old, now] = [guardsOf(was), guardsOf(is)];
  if (old.shrink !== now.shrink) {
    const text = `From its next load on, a snapshot of ${id} is refused where it lost more than ${now.shrink} % of the rows (QT4011); so far ${old.shrink} %.`;
    effects.push({ text, grave: false });
  }
  if (old.empty !== now.empty) {
    const text = now.empty
      ? `From its next load on, an empty snapshot of ${id} is published: it deletes every row, also at Fivetran.`
      : `From its next load on, an empty snapshot of ${id} is refused (QT4010).`;
    effects.push({ text, grave: false });
  }
  return effects;
}

function tableOf(dataset: JsonObject | undefined): string {
  return String(dataset?.table);
}

function keysOf({ keyColumns }: JsonObject): string[] {
  return Array.isArray(keyColumns) ? keyColumns.map(String) : [];
}

/** By the name that the header becomes: two spellings of one are the same column. */
function typesOf({ types }: JsonObject) {
  const found = new Map<
    string,
    { readonly header: string; readonly type: string; readonly onError: string }
  >();
  for (const [header, declared] of Object.entries(isObject(types) ? types : {})) {
    const { type = "text", onError = "fail" } = isObject(declared) ? declared : {};
    found.set(normaliseName(header), { header, type: String(type), onError: String(onError) });
  }
  return found;
}

function guardsOf({ guards }: JsonObject): { readonly shrink: number; readonly empty: boolean } {
  const { maxShrinkPercent = SHRINK, allowEmpty = false } = isObject(guards) ? guards : {};
  return { shrink: Number(maxShrinkPercent), empty: allowEmpty === true };
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return equal(a.map(normaliseName).sort(), b.map(normaliseName).sort());
}

import { valueAt } from "../../../packages/kit/property-path";
import { datasetEffects } from "./dataset-effects";
import { itemsByName } from "./item-changes";
import { isObject, type JsonObject } from "./json-value";
import { byText, type Effect } from "./model";
import { equal } from "./value-change";

/**
 * The effects of a changed migration step on a tenant's data, apart from its SQL files: what qt.configure and qt.ensure_user do with
 * the other inputs (database/tsql/repeatable/).
 * @param before The step's properties before the change; `after`: after it.
 */
export function migrationEffects(before: JsonObject, after: JsonObject): Effect[] {
  const [old, now] = [inputsOf(before), inputsOf(after)];
  const effects = [
    ...datasetEffects(old, now),
    ...unknownDatasets(old, now),
    ...retention(old, now),
    ...users(old, now),
    ...files(old, now),
  ];
  return effects.sort((a, b) => Number(b.severe) - Number(a.severe));
}

function inputsOf(state: JsonObject): JsonObject {
  const inputs = valueAt(state, ["inputs"]);
  return isObject(inputs) ? inputs : {};
}

function unknownDatasets(before: JsonObject, after: JsonObject): Effect[] {
  if (before.unknownDatasets === after.unknownDatasets) return [];
  if (after.unknownDatasets === "land") {
    const text =
      "Datasets that are not configured land from now on: each in a table named after its id, without a key, all columns text, and so at Fivetran.";
    return [{ text, severe: false }];
  }
  if (before.unknownDatasets !== "land") return [];
  const text =
    "Datasets that landed without being configured are retired: their tables stay as they are but are no longer loaded, and Fivetran gets no more of them.";
  return [{ text, severe: true }];
}

/** qt.set_retention: a shorter time removes more with the next purge. */
function retention(before: JsonObject, after: JsonObject): Effect[] {
  const days = (inputs: JsonObject, name: string) => {
    const value = valueAt(inputs, ["retention", name]);
    return typeof value === "number" ? value : undefined;
  };
  const [oldRows = 90, rows = 90] = [days(before, "deletedRowsDays"), days(after, "deletedRowsDays")];
  const [oldTables, tables] = [days(before, "retiredTablesDays"), days(after, "retiredTablesDays")];
  const effects: Effect[] = [];
  if (oldRows !== rows) {
    const text = `Deleted rows are purged after ${rows} days instead of ${oldRows}; a Fivetran connection that is paused for longer reads the datasets from their start.`;
    effects.push({ text, severe: false });
  }
  if (oldTables !== tables) {
    const text =
      tables === undefined
        ? "Tables of retired datasets are kept from now on."
        : `Tables of datasets that have been retired for ${tables} days are dropped, with all their rows.`;
    effects.push({ text, severe: tables !== undefined && tables < (oldTables ?? Number.POSITIVE_INFINITY) });
  }
  return effects;
}

function users(before: JsonObject, after: JsonObject): Effect[] {
  const [old, now] = [itemsByName(before.users, "name"), itemsByName(after.users, "name")];
  if (old === undefined || now === undefined) return [];
  return [...new Set([...old.keys(), ...now.keys()])].sort(byText).flatMap((name) => {
    const [was, is] = [old.get(name), now.get(name)];
    if (equal(was, is)) return [];
    const text =
      is === undefined
        ? `The database user ${name} stays: nothing removes it.`
        : was === undefined
          ? `The database user ${name} is created, as ${String(is.role)}.`
          : equal(was.clientId, is.clientId)
            ? `The database user ${name} becomes ${String(is.role)}.`
            : `The database user ${name} is created again for another identity.`;
    return [{ text, severe: false }];
  });
}

/** Repeatable files that were removed. For numbered ones, the step's own check reports more. */
function files(before: JsonObject, after: JsonObject): Effect[] {
  const names = (inputs: JsonObject) => Object.keys(isObject(inputs.files) ? inputs.files : {});
  const now = new Set(names(after));
  const gone = names(before).filter((name) => !now.has(name));
  if (gone.length === 0) return [];
  return [{ text: "What the removed files created stays in the database.", severe: false }];
}

import { OWN } from "./schema";
import { isSamePlace, type Place, type Shape } from "./shape";

/** A sentence or more of what a move means. */
export interface MoveWords {
  readonly text: string;
  /** True if calls fail, an address ends, or data goes or is sent again. */
  readonly severe: boolean;
}

const LOAD_AGAIN =
  "run `npm run load -- --all --cloud` afterwards, or wait for the daily reconciliation: both load it";
const NEW_ADDRESS = "`pulumi stack output webhookUrl --show-secrets`";

/** What a change of the tenant's shape makes unreachable, for how long, and what a person must do; one of each part that changes. */
export function moveWords(before: Shape, now: Shape): readonly MoveWords[] {
  return [
    ...databaseWords(before.database, now.database),
    ...accountWords(before.automationAccount, now.automationAccount),
    ...networkWords(before.network, now.network),
  ];
}

const severe = (text: string): MoveWords[] => [{ text, severe: true }];
const mild = (text: string): MoveWords[] => [{ text, severe: false }];
const named = (at: string, what: string) => (at === OWN ? `the tenant's own ${what}` : at);

function databaseWords(before: Place, now: Place): MoveWords[] {
  const [from, to] = [named(before.at, "SQL server"), named(now.at, "SQL server")];
  if (now.generation < before.generation)
    return severe(
      `The database moves back from ${from} to ${to}, and the copy at ${from} is deleted. The function's app restarts: Fivetran's calls fail for seconds. What was loaded into the copy only is missing: ${LOAD_AGAIN}. Fivetran is sent every dataset once more.`,
    );
  if (now.generation > before.generation && now.from !== undefined)
    return severe(
      `The database moves from ${from} to ${to}, as a copy with its rows, versions and deleted keys. Factory and function change over within the deployment; the function's app restarts for it, so that Fivetran's calls fail for seconds, and Fivetran calls again by itself. Nothing else is unreachable. A load of that time may fail or reach only the database before: ${LOAD_AGAIN}. Fivetran is sent every dataset once more, because a copy is another database: each row counts as active in that month, and rows that have not come again yet are marked as deleted until the last page. Nobody outside has to be told. The database before stays, without protection, until move.database.from is removed.`,
    );
  if (!isSamePlace(now.at, before.at))
    return severe(
      `The database at ${from} is deleted, and an empty one is made at ${to}: the history of the versions and the deleted keys are lost. Loads and Fivetran's calls fail until it is migrated, some minutes; ${LOAD_AGAIN.replace("load it", "load every dataset")}. Fivetran is sent every dataset once more.`,
    );
  if (before.from !== undefined && now.from === undefined)
    return severe(
      `The database before, at ${named(before.from, "SQL server")}, is deleted${before.from === OWN ? " with its server" : ""}. The move is finished: nothing reads it.`,
    );
  return [];
}

function accountWords(before: Place, now: Place): MoveWords[] {
  const [from, to] = [named(before.at, "Automation account"), named(now.at, "Automation account")];
  if (now.generation < before.generation)
    return severe(
      `The webhook moves back to ${to}: its address there still works, and the one at ${from} ends with the deployment. Nothing else is unreachable. Quantemplate must have the former address again (${NEW_ADDRESS}); events sent to the other one are lost, and the daily reconciliation loads what they announced.`,
    );
  if (now.generation > before.generation && now.from !== undefined)
    return mild(
      `The webhook gets another address, at ${to}; the one at ${from} works too until move.automationAccount.from is removed. Nothing is unreachable. Give Quantemplate the new address after the deployment: ${NEW_ADDRESS}.`,
    );
  if (!isSamePlace(now.at, before.at))
    return severe(
      `The webhook's address at ${from} ends, and another one begins at ${to}: events are lost from this deployment until Quantemplate has the new address (${NEW_ADDRESS}). The daily reconciliation loads what they announced, within a day. With move.automationAccount both work for a while (docs/moving.md).`,
    );
  if (before.from !== undefined && now.from === undefined)
    return severe(
      `The webhook's former address, at ${named(before.from, "Automation account")}, ends${before.from === OWN ? " with its account" : ""}. Quantemplate must have the new one by now (${NEW_ADDRESS}): events sent to the former are lost, and the daily reconciliation loads what they announced.`,
    );
  return [];
}

const RESTART =
  "The function's app restarts when its network changes: Fivetran's calls fail for seconds, and Fivetran calls again by itself.";

function networkWords(before: Shape["network"], now: Shape["network"]): MoveWords[] {
  if (before === now) return [];
  if (before === "public" && now === "both")
    return mild(
      `Private ways are made beside the public ones, which stay open. ${RESTART} Nobody has to be told.`,
    );
  if (now === "public" && before === "both")
    return mild(`The private ways go; the public ones are open. ${RESTART} Nobody has to be told.`);
  if (before === "private" && now === "both")
    return mild(
      "The public ways of database, vault, storage and factory open again beside the private ones. Nothing is unreachable, and nobody has to be told.",
    );
  if (before === "both")
    return mild(
      "The public ways of database, vault, storage and factory close. Loads and Fivetran's calls already take the private ones: nothing of them is unreachable. Whoever connects from outside of the network is refused from now on, also a deployment: run it from inside (docs/private.md).",
    );
  const gap =
    now === "private"
      ? "The public ways of database, vault, storage and factory close before the private ones work"
      : "The private ways go while the public ones open";
  return severe(
    `${gap}: loads and Fivetran's calls fail in between, some minutes. Fivetran calls again by itself; loads do not: ${LOAD_AGAIN}. Nobody has to be told. With network {mode: private, keepPublic: true} deployed first, nothing is unreachable (docs/moving.md).`,
  );
}

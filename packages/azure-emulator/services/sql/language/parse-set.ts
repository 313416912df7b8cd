import type { IsolationLevel } from "./isolation-level";
import type { TokenReader } from "./token-reader";

/** What a SET changes; `nothing`: it asks for what is so anyway. */
export type SetOption =
  | { readonly option: "xact_abort" | "implicit_transactions" | "nocount"; readonly on: boolean }
  /** Milliseconds; -1: without end, 0: not at all. */
  | { readonly option: "lock_timeout"; readonly milliseconds: number }
  | { readonly option: "isolation"; readonly level: IsolationLevel }
  | { readonly option: "nothing" };

/** Options that are honoured. */
const switches = ["xact_abort", "implicit_transactions", "nocount"] as const;

/**
 * Options whose effect the endpoint cannot give: only the value that describes it is accepted, or both if there is nothing
 * that they could change (no cursors, no tables made by an ad-hoc text, no plans).
 * @see https://learn.microsoft.com/sql/t-sql/statements/set-statements-transact-sql
 */
const fixed: ReadonlyMap<string, "on" | "off" | "either"> = new Map([
  ["ansi_nulls", "on"],
  ["ansi_padding", "on"],
  ["ansi_warnings", "on"],
  ["ansi_null_dflt_on", "either"],
  ["ansi_null_dflt_off", "either"],
  ["ansi_defaults", "off"],
  ["arithabort", "either"],
  ["arithignore", "off"],
  ["concat_null_yields_null", "on"],
  ["cursor_close_on_commit", "either"],
  ["fmtonly", "off"],
  ["noexec", "off"],
  ["no_browsetable", "off"],
  ["numeric_roundabort", "off"],
  ["parseonly", "off"],
  ["quoted_identifier", "on"],
]);

/** Options with one accepted value: the default of Azure SQL Database. */
const defaults: ReadonlyMap<string, readonly string[]> = new Map([
  ["datefirst", ["7"]],
  ["dateformat", ["mdy"]],
  ["deadlock_priority", ["normal", "0"]],
  ["language", ["us_english", "english"]],
  ["rowcount", ["0"]],
  ["textsize", ["-1", "2147483647"]],
]);

const levels: Readonly<Record<string, IsolationLevel>> = {
  "read uncommitted": "read uncommitted",
  "read committed": "read committed",
  "repeatable read": "repeatable read",
  snapshot: "snapshot",
  serializable: "serializable",
};

/** The rest of a SET after its first word: a statement for each option. @throws NotUnderstood */
export function parseSet(reader: TokenReader): SetOption[] {
  const first = reader.word();
  if (first === "transaction") return [isolation(reader)];
  if (first === "lock_timeout") return [{ option: "lock_timeout", milliseconds: lockTimeout(reader) }];
  const accepted = defaults.get(first);
  if (accepted !== undefined) return accepted.includes(value(reader)) ? [nothing] : reader.fail();
  const names = [first];
  while (reader.symbol(",")) names.push(reader.word());
  const on = reader.expectWord("on", "off") === "on";
  return names.map((name) => onOrOff(reader, name, on));
}

const nothing: SetOption = { option: "nothing" };

function onOrOff(reader: TokenReader, name: string, on: boolean): SetOption {
  const option = switches.find((one) => one === name);
  if (option !== undefined) return { option, on };
  const possible = fixed.get(name);
  return possible === "either" || possible === (on ? "on" : "off") ? nothing : reader.fail();
}

function isolation(reader: TokenReader): SetOption {
  reader.expectWord("isolation");
  reader.expectWord("level");
  const first = reader.word();
  const level = levels[first === "read" || first === "repeatable" ? `${first} ${reader.word()}` : first];
  return level === undefined ? reader.fail() : { option: "isolation", level };
}

function lockTimeout(reader: TokenReader): number {
  const milliseconds = Number(signed(reader));
  return milliseconds >= -1 && milliseconds <= 0x7fff_ffff ? milliseconds : reader.fail();
}

/** A word, a whole number or a text: the value of an option that has one. */
function value(reader: TokenReader): string {
  const token = reader.peek();
  if (token?.kind !== "word" && token?.kind !== "string" && token?.kind !== "name") return signed(reader);
  reader.skip();
  return token.text.toLowerCase();
}

function signed(reader: TokenReader): string {
  const sign = reader.symbol("-") ? "-" : "";
  const digits = reader.number();
  return /^\d+$/.test(digits) ? sign + digits : reader.fail();
}

/** One entry of a catalogue of errors. Texts may contain placeholders: `{name}`, or `{name noun(s)}` for a number with its noun. */
export interface ErrorEntry {
  /** What happened, in one sentence, with the name of the thing concerned. */
  readonly what: string;
  /** What is unaffected. */
  readonly safe: string;
  /** The next command to run or the value to change. */
  readonly next: string;
}

/** Errors by code. Declare one `as const satisfies ErrorCatalogue`, so that the compiler knows the texts. */
export type ErrorCatalogue = Readonly<Record<string, ErrorEntry>>;

export type ErrorDetail = string | number | boolean;

/** Values that fill placeholders. Never pass a secret. */
export type ErrorDetails = Readonly<Record<string, ErrorDetail | undefined>>;

/** Names of the placeholders of an entry's texts. */
export type PlaceholderOf<Entry extends ErrorEntry> = PlaceholderIn<Entry["what" | "safe" | "next"]>;

/** Braces around several words, as in `{ type: "SystemAssigned" }`, are text and not a placeholder; {@link fill} agrees. */
type PlaceholderIn<Text extends string> = string extends Text
  ? "(the text is not a literal: declare the catalogue `as const`, each text in one piece)"
  : Text extends `${string}{${infer Inner}}${infer Rest}`
    ? NameIn<Inner> | PlaceholderIn<Rest>
    : never;

type NameIn<Inner extends string> = Inner extends `${infer Name} ${infer Noun}`
  ? Noun extends `${infer Word}(s)`
    ? Word extends `${string} ${string}`
      ? never
      : Name
    : never
  : Inner;

import { readFileSync } from "node:fs";
import { basename } from "node:path";
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  visit,
  type YAMLParseError,
} from "yaml";
import { plainValue } from "./plain-scalar";

/** A place in a file of the project, as editors count: from 1. */
export interface Place {
  /** Name of the file, without its folder. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A mistake at its place. */
export interface PlacedMistake extends Place {
  /** `quantemplate:datasets[0].table`; none where the file is no YAML. */
  readonly key?: string;
  /** Id of the dataset that it is in. */
  readonly dataset?: string;
  /** What is wrong, as part of a sentence after the key. Holds no value that may be secret. */
  readonly message: string;
  /** What to write or to run. */
  readonly fix: string;
  /** Whether the file may be as it is for now: a secret that is set later. */
  readonly isWarning?: true;
}

/** A key of a mapping with its pair of nodes. */
export interface KeyedPair {
  /** As Pulumi reads it. */
  readonly key: string;
  readonly pair: Pair;
}

/** A YAML file whose nodes know their places. */
export interface YamlSource {
  /** Node of the whole file. */
  readonly contents: unknown;
  /** What the reader of YAML itself found. */
  readonly errors: readonly PlacedMistake[];
  /** Whether the rest can be checked all the same: nothing was found, or duplicate keys, or a second document. */
  readonly isReadable: boolean;
  placeOf(node: unknown): Place;
  /** The node that an alias stands for; undefined where it stands within what it names. */
  resolve(node: unknown): unknown;
  /** The pairs of a mapping, those that `<<` merges into it too; nothing where the node is none. */
  pairs(node: unknown): KeyedPair[];
}

/** Reads a YAML file. Never throws for what is in it. */
export function readYaml(path: string): YamlSource {
  const lines = new LineCounter();
  const text = utf8(readFileSync(path));
  const document = parseDocument(text ?? "", { lineCounter: lines, prettyErrors: false });
  const file = basename(path);
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const placeOf = (node: unknown) => placeAt((node as Node | null | undefined)?.range?.[0] ?? 0);
  const resolve = (node: unknown) => (isAlias(node) ? aliased(document, node) : node);
  const pairs = (node: unknown) => pairsOf(node, resolve);
  const errors: PlacedMistake[] = firstBreaks(document.errors).map((error) => ({
    ...placeAt(error.pos[0]),
    ...(harmless[error.code] ?? { message: yamlProblem(error.message), fix: fixOfBreak(error) }),
  }));
  const { contents } = document;
  const isMapping = contents === null || isMap(contents) || (isScalar(contents) && contents.value === null);
  if (text === undefined) {
    errors.push({ ...placeAt(0), message: "the file is not UTF-8", fix: "Save it in that encoding." });
  } else if (!isMapping && document.errors.length === 0) {
    const message = "the file is no mapping, which is what holds settings";
    errors.push({ ...placeAt(0), message, fix: "Write config: and the settings below it." });
  }
  visit(document, {
    Alias(_, node) {
      if (resolve(node) !== undefined || node.resolve(document) === undefined) return;
      const message = "this alias stands within what it names";
      errors.push({ ...placeOf(node), message, fix: "Write the value itself." });
    },
    Pair(_, { key, value }) {
      if (!isMerge(key) || mergedMaps(value, resolve).every(isMap)) return;
      const message = "<< merges a mapping or a list of them, and here is something else";
      errors.push({ ...placeOf(key), message, fix: "Name a mapping, or put another key there." });
    },
  });
  return {
    contents,
    errors,
    isReadable: text !== undefined && isMapping && document.errors.every(({ code }) => code in harmless),
    placeOf,
    resolve,
    pairs,
  };
}

/** Text of a file; undefined where it is in another encoding. */
function utf8(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}

/** What the reader of YAML reports though the file can be read, in words of our own. */
const harmless: Readonly<Record<string, Pick<PlacedMistake, "message" | "fix">>> = {
  DUPLICATE_KEY: { message: "this key stands here twice", fix: "Keep one of the two." },
  MULTIPLE_DOCS: {
    message: "a second document begins here, which Pulumi does not read",
    fix: "Remove the line --- and what is behind it, or bring both together.",
  },
};

/** Behind the first break the reader may only be out of step; but a tab is one wherever it stands. */
function firstBreaks(errors: readonly YAMLParseError[]): YAMLParseError[] {
  const breaks = errors.filter(({ code }) => !(code in harmless));
  const isTab = ({ code }: YAMLParseError) => code === "TAB_AS_INDENT";
  const [first] = breaks;
  return errors.filter(
    (error) => error.code in harmless || error === first || (first && isTab(first) && isTab(error)),
  );
}

function fixOfBreak({ code }: YAMLParseError): string {
  return code === "TAB_AS_INDENT" ? "Write blanks for the tab." : "Correct the YAML; it breaks here.";
}

/** The reader's message without what it quotes from the file, after a colon or as an escape: that may be part of a secret. */
function yamlProblem(message: string): string {
  return `is no YAML: ${message.replace(/(?<=\w): .*$|(?<=escape sequence) .*$/s, "").trim()}`;
}

function aliased(document: Document.Parsed, alias: Alias): unknown {
  const node = alias.resolve(document);
  const [at = 0] = alias.range ?? [];
  const [start = 0, end = 0] = node?.range ?? [];
  return start <= at && at < end ? undefined : node;
}

type Resolve = (node: unknown) => unknown;

/** What stands in the mapping itself comes before what is merged, and the earlier before the later merged one. */
function pairsOf(node: unknown, resolve: Resolve): KeyedPair[] {
  const map = resolve(node);
  if (!isMap(map)) return [];
  const all = map.items as Pair[];
  const own = all.filter(({ key }) => !isMerge(key)).map((pair) => ({ key: keyText(pair.key), pair }));
  const merged = all
    .filter(({ key }) => isMerge(key))
    .flatMap(({ value }) => mergedMaps(value, resolve))
    .flatMap((other) => pairsOf(other, resolve));
  const known = new Set(own.map(({ key }) => key));
  const added = merged.filter(({ key }) => !known.has(key) && known.add(key));
  return [...own, ...added];
}

function mergedMaps(value: unknown, resolve: Resolve): unknown[] {
  const node = resolve(value);
  return isSeq(node) ? node.items.map(resolve) : [node];
}

/** Pulumi's reader takes it in quotes too. */
function isMerge(key: unknown): boolean {
  return isScalar(key) && key.value === "<<" && key.tag === undefined;
}

function keyText(key: unknown): string {
  return isScalar(key) ? String(isPlain(key) ? plainValue(key.source) : key.value) : String(key);
}

/** A value without quotes and without a type of its own. */
export function isPlain(node: Scalar): node is Scalar & { source: string } {
  return node.type === "PLAIN" && node.tag === undefined && node.source !== undefined;
}

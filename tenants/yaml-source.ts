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
  /** For example `quantemplate:datasets[0].table`; undefined if the file is not YAML. */
  readonly key?: string;
  /** Id of the dataset that has the mistake. */
  readonly dataset?: string;
  /** What is wrong, to be read after the key. Never holds a value that may be secret. */
  readonly message: string;
  /** What to write or run. */
  readonly fix: string;
  /** True if the file may stay as it is for now, such as a secret that is set later. */
  readonly isWarning?: true;
}

/** A mapping's key and its pair of nodes. */
export interface KeyedPair {
  /** The key as Pulumi reads it. */
  readonly key: string;
  readonly pair: Pair;
}

/** A YAML file whose nodes know their places. */
export interface YamlSource {
  /** The node of the whole file. */
  readonly contents: unknown;
  /** The errors of the YAML parser. */
  readonly errors: readonly PlacedMistake[];
  /** True if the rest can be checked: there are no errors except duplicate keys or a second document. */
  readonly isReadable: boolean;
  placeOf(node: unknown): Place;
  /** The node that an alias stands for; undefined if the alias is inside that node. */
  resolve(node: unknown): unknown;
  /** The pairs of a mapping, including those that `<<` merges; empty if the node is not a mapping. */
  pairs(node: unknown): KeyedPair[];
}

/** Reads a YAML file. Never throws because of its content. */
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
    const message = "the file is not a mapping, so it holds no settings";
    errors.push({ ...placeAt(0), message, fix: "Write config: and the settings below it." });
  }
  visit(document, {
    Alias(_, node) {
      if (resolve(node) !== undefined || node.resolve(document) === undefined) return;
      const message = "this alias is inside the value that it names";
      errors.push({ ...placeOf(node), message, fix: "Write the value itself." });
    },
    Pair(_, { key, value }) {
      if (!isMerge(key) || mergedMaps(value, resolve).every(isMap)) return;
      const message = "<< merges a mapping or a list of mappings, and this is neither";
      errors.push({ ...placeOf(key), message, fix: "Name a mapping, or use another key." });
    },
  });
  return {
    contents,
    errors,
    isReadable:
      text !== undefined && isMapping && document.errors.every(({ code }) => Object.hasOwn(harmless, code)),
    placeOf,
    resolve,
    pairs,
  };
}

/** The text of a file; undefined if it is not UTF-8. */
function utf8(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}

/** Errors of the parser that do not stop it, in our own words. */
const harmless: Readonly<Record<string, Pick<PlacedMistake, "message" | "fix">>> = {
  DUPLICATE_KEY: { message: "this key appears twice", fix: "Keep one of the two." },
  MULTIPLE_DOCS: {
    message: "a second document begins here, which Pulumi does not read",
    fix: "Remove the line --- and what follows it, or merge the two documents.",
  },
};

/** After the first break, other errors may only follow from it. A tab is an error wherever it is. */
function firstBreaks(errors: readonly YAMLParseError[]): YAMLParseError[] {
  const breaks = errors.filter(({ code }) => !Object.hasOwn(harmless, code));
  const isTab = ({ code }: YAMLParseError) => code === "TAB_AS_INDENT";
  const [first] = breaks;
  return errors.filter(
    (error) =>
      Object.hasOwn(harmless, error.code) || error === first || (first && isTab(first) && isTab(error)),
  );
}

function fixOfBreak({ code }: YAMLParseError): string {
  return code === "TAB_AS_INDENT" ? "Replace the tab with spaces." : "Correct the YAML; it breaks here.";
}

/** The parser's message without what it quotes from the file, after a colon or as an escape: that may be part of a secret. */
function yamlProblem(message: string): string {
  return `is not valid YAML: ${message.replace(/(?<=\w): .*$|(?<=escape sequence) .*$/s, "").trim()}`;
}

function aliased(document: Document.Parsed, alias: Alias): unknown {
  const node = alias.resolve(document);
  const [at = 0] = alias.range ?? [];
  const [start = 0, end = 0] = node?.range ?? [];
  return start <= at && at < end ? undefined : node;
}

type Resolve = (node: unknown) => unknown;

/** The mapping's own pairs win over merged ones, and an earlier merged mapping wins over a later one. */
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

/** Pulumi's parser takes `<<` in quotes too. */
function isMerge(key: unknown): boolean {
  return isScalar(key) && key.value === "<<" && key.tag === undefined;
}

function keyText(key: unknown): string {
  return isScalar(key) ? String(isPlain(key) ? plainValue(key.source) : key.value) : String(key);
}

/** True for a value without quotes and without an explicit tag. */
export function isPlain(node: Scalar): node is Scalar & { source: string } {
  return node.type === "PLAIN" && node.tag === undefined && node.source !== undefined;
}

import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { type Document, isMap, isScalar, LineCounter, type Node, type Pair, parseDocument } from "yaml";

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
  /** What is wrong, as part of a sentence after the key. Holds no value that may be secret. */
  readonly message: string;
  /** What to write or to run. */
  readonly fix: string;
  /** Whether the file may be as it is for now: a secret that is set later. */
  readonly isWarning?: true;
}

/** A YAML file whose nodes know their places. */
export interface YamlSource {
  readonly document: Document.Parsed;
  /** What the reader of YAML itself found. */
  readonly errors: readonly PlacedMistake[];
  /** Whether only duplicate keys were found: then the rest can be checked all the same. */
  readonly isReadable: boolean;
  placeOf(node: unknown): Place;
}

/** Reads a YAML file. Never throws for what is in it. */
export function readYaml(path: string): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(path, "utf8"), { lineCounter: lines, prettyErrors: false });
  const file = basename(path);
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const errors = document.errors.map(({ code, message, pos }) => ({
    ...placeAt(pos[0]),
    // The reader's message may quote the text; duplicates are told in words of our own.
    message: code === "DUPLICATE_KEY" ? "this key stands here twice" : yamlProblem(message),
    fix: code === "DUPLICATE_KEY" ? "Keep one of the two." : "Correct the YAML; it breaks here.",
  }));
  return {
    document,
    errors,
    isReadable: document.errors.every(({ code }) => code === "DUPLICATE_KEY"),
    placeOf: (node) => placeAt((node as Node | null | undefined)?.range?.[0] ?? 0),
  };
}

/** The reader's message without what it quotes from the file, after a colon or as an escape: that may be part of a secret. */
function yamlProblem(message: string): string {
  return `is no YAML: ${message.replace(/(?<=\w): .*$|(?<=escape sequence) .*$/s, "").trim()}`;
}

/** The pairs of a mapping with their keys as text; nothing where the node is none. */
export function pairsOf(node: unknown): { key: string; pair: Pair }[] {
  if (!isMap(node)) return [];
  return node.items.map((pair) => ({
    key: isScalar(pair.key) ? String(pair.key.value) : String(pair.key),
    pair: pair as Pair,
  }));
}

import { type Document, isAlias, isMap, isScalar, isSeq } from "yaml";
import { type ConfigPath, configKey } from "../infra/config-check";
import { type Place, type PlacedMistake, pairsOf, type YamlSource } from "./yaml-source";

/** Stands for a value that is encrypted: it is set, and nobody is shown it. */
export const HIDDEN = "[secret]";

interface KnownPlace extends Place {
  /** Text or number: what is within it, as JSON text, has no place of its own. */
  readonly isScalar: boolean;
}

/** Where each value of a tenant stands. */
export class ValuePlaces {
  private readonly places = new Map<string, KnownPlace>();
  private readonly secrets = new Set<string>();
  /** What Pulumi would read otherwise than it was meant. */
  readonly mistakes: PlacedMistake[] = [];

  /** Takes a node into the places and gives its plain value, with {@link HIDDEN} for what is encrypted. */
  take(source: YamlSource, path: ConfigPath, node: unknown, at: unknown): unknown {
    const value = resolve(source.document, node);
    this.places.set(id(path), { ...source.placeOf(at), isScalar: isScalar(value) });
    if (isEncrypted(value)) {
      this.secrets.add(id(path));
      return HIDDEN;
    }
    if (isMap(value)) {
      return Object.fromEntries(
        pairsOf(value).map(({ key, pair }) => [key, this.take(source, [...path, key], pair.value, pair.key)]),
      );
    }
    if (isSeq(value)) return value.items.map((item, i) => this.take(source, [...path, i], item, item));
    if (!isScalar(value)) return undefined;
    if (value.type === "PLAIN" && /^\d{4}-\d{1,2}-\d{1,2}([Tt ].*)?$/.test(String(value.value))) {
      this.mistakes.push({
        ...source.placeOf(value),
        key: configKey(path),
        message: "expects quotes, because Pulumi takes a bare date for a time and changes it",
        fix: `Write "${String(value.value)}", with the quotes.`,
      });
    }
    return value.value;
  }

  /** Whether the value at the path, or one that holds it, is encrypted. */
  isSecret(path: ConfigPath): boolean {
    return prefixes(path).some((prefix) => this.secrets.has(id(prefix)));
  }

  has(path: ConfigPath): boolean {
    return this.places.has(id(path));
  }

  /** The place of the value, or of the nearest that holds it. */
  nearest(path: ConfigPath): Place | undefined {
    return this.known(prefixes(path).find((prefix) => this.has(prefix)));
  }

  /** The place that gives the value; none where it is a default. */
  originOf(path: ConfigPath): Place | undefined {
    const holder = prefixes(path).find((prefix) => this.has(prefix));
    if (holder === undefined) return undefined;
    const isIts = holder.length === path.length || this.places.get(id(holder))?.isScalar === true;
    return isIts ? this.known(holder) : undefined;
  }

  private known(path: ConfigPath | undefined): Place | undefined {
    const place = path && this.places.get(id(path));
    return place && { file: place.file, line: place.line, column: place.column };
  }
}

/** `{secure: …}`, as Pulumi writes an encrypted value. */
function isEncrypted(node: unknown): boolean {
  const pairs = pairsOf(node);
  return pairs.length === 1 && pairs[0]?.key === "secure";
}

function resolve(document: Document.Parsed, node: unknown): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

/** The path itself, then what holds it, up to its key. */
function prefixes(path: ConfigPath): ConfigPath[] {
  return path.map((_, i) => path.slice(0, path.length - i) as unknown as ConfigPath);
}

function id(path: ConfigPath): string {
  return JSON.stringify(path);
}

import { isMap, isScalar, isSeq, type Scalar } from "yaml";
import { type ConfigPath, configKey } from "../infra/config-check";
import { isSecretName } from "../infra/secret-names";
import { plainValue } from "./plain-scalar";
import { isPlain, type Place, type PlacedMistake, type YamlSource } from "./yaml-source";

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
  private readonly misread = new Set<string>();
  /** What Pulumi would read otherwise than it was meant. */
  readonly mistakes: PlacedMistake[] = [];

  /** Takes a node into the places and gives its plain value, with {@link HIDDEN} for what is encrypted. */
  take(source: YamlSource, path: ConfigPath, node: unknown, at: unknown): unknown {
    const value = source.resolve(node);
    this.places.set(id(path), { ...source.placeOf(at), isScalar: isScalar(value) });
    if (isMap(value)) {
      const pairs = source.pairs(value);
      if (pairs.length === 1 && pairs[0]?.key === "secure") {
        // `{secure: …}`, as Pulumi writes an encrypted value.
        this.secrets.add(id(path));
        return HIDDEN;
      }
      const entries = pairs.map(({ key, pair }): [string, unknown] => {
        const below: ConfigPath = [...path, key];
        if (isScalar(pair.key)) this.expectAsWritten(source, below, pair.key, key);
        return [key, this.take(source, below, pair.value, pair.key)];
      });
      return Object.fromEntries(entries);
    }
    if (isSeq(value)) return value.items.map((item, i) => this.take(source, [...path, i], item, item));
    if (!isScalar(value)) return undefined;
    if (!isPlain(value)) return value.value;
    const read = plainValue(value.source);
    // A single value under a key of its own becomes text; elsewhere 1.50 is as good as 1.5.
    if (path.length === 1) this.expectAsWritten(source, path, value, read);
    else if (read !== value.value || isUnbounded(read)) this.expectQuotes(source, path, value, read);
    return read;
  }

  /** Text, and what becomes text, has to come out of Pulumi's reader as it was written. */
  private expectAsWritten(source: YamlSource, path: ConfigPath, node: Scalar, read: unknown): void {
    if (!isPlain(node) || typeof read === "boolean" || read === null) return;
    if (String(read) !== node.source) this.expectQuotes(source, path, node, read);
  }

  private expectQuotes(
    source: YamlSource,
    path: ConfigPath,
    node: Scalar & { source: string },
    read: unknown,
  ): void {
    // A secret in plain text is told elsewhere, and never repeated.
    if (isSecretName(String(path.findLast((part) => typeof part === "string")))) return;
    this.misread.add(id(path));
    const isNumber = typeof read === "number" && !isUnbounded(read);
    this.mistakes.push({
      ...source.placeOf(node),
      key: configKey(path),
      message: isUnbounded(read)
        ? "expects quotes, because Pulumi refuses the whole file for it"
        : String(read) === node.source
          ? "expects quotes, because such a number is not exact"
          : `expects quotes, because Pulumi reads it as ${String(read)}`,
      fix: `Write "${node.source}", with the quotes${isNumber ? `, or ${read}` : ""}.`,
    });
  }

  /** Whether Pulumi reads the value at the path otherwise than it was meant: then what is wrong with it says little. */
  isMisread(path: ConfigPath): boolean {
    return this.misread.has(id(path));
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

/** No JSON, in which Pulumi keeps its configuration. */
function isUnbounded(value: unknown): boolean {
  return typeof value === "number" && !Number.isFinite(value);
}

/** The path itself, then what holds it, up to its key. */
function prefixes(path: ConfigPath): ConfigPath[] {
  return path.map((_, i) => path.slice(0, path.length - i) as unknown as ConfigPath);
}

function id(path: ConfigPath): string {
  return JSON.stringify(path);
}

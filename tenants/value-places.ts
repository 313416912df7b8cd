import { isMap, isScalar, isSeq, type Scalar } from "yaml";
import { type ConfigPath, configKey } from "../infra/config-check";
import { isSecretName } from "../infra/secret-names";
import { plainValue } from "./plain-scalar";
import { isPlain, type Place, type PlacedMistake, type YamlSource } from "./yaml-source";

/** Replaces an encrypted value, which is never shown. */
export const HIDDEN = "[secret]";

interface KnownPlace extends Place {
  /** True for text or a number. If it is JSON text, the values inside it have no place of their own. */
  readonly isScalar: boolean;
}

/** The place of each of a tenant's values in its files. */
export class ValuePlaces {
  private readonly places = new Map<string, KnownPlace>();
  private readonly secrets = new Set<string>();
  private readonly misread = new Set<string>();
  /** Values that Pulumi would read differently than they were meant. */
  readonly mistakes: PlacedMistake[] = [];

  /** Records a node's places and returns its plain value, with {@link HIDDEN} for encrypted values. */
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
    // A single value at the top level becomes text; elsewhere 1.50 is as good as 1.5.
    if (path.length === 1) this.expectAsWritten(source, path, value, read);
    else if (read !== value.value || isUnbounded(read)) this.expectQuotes(source, path, value, read);
    return read;
  }

  /** Pulumi must read text, and what becomes text, exactly as it is written. */
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
    // A secret in plain text is reported elsewhere, and its value is never repeated.
    if (isSecretName(String(path.findLast((part) => typeof part === "string")))) return;
    this.misread.add(id(path));
    const isNumber = typeof read === "number" && !isUnbounded(read);
    this.mistakes.push({
      ...source.placeOf(node),
      key: configKey(path),
      message: isUnbounded(read)
        ? "expects quotes, because Pulumi refuses the whole file for it"
        : String(read) === node.source
          ? "expects quotes, because a number this large would lose digits"
          : `expects quotes, because Pulumi reads it as ${String(read)}`,
      fix: `Write "${node.source}", with the quotes${isNumber ? `, or ${read}` : ""}.`,
    });
  }

  /** True if Pulumi reads the value differently than it was meant; other mistakes in it then mean little. */
  isMisread(path: ConfigPath): boolean {
    return this.misread.has(id(path));
  }

  /** True if the value at the path, or one that holds it, is encrypted. */
  isSecret(path: ConfigPath): boolean {
    return prefixes(path).some((prefix) => this.secrets.has(id(prefix)));
  }

  has(path: ConfigPath): boolean {
    return this.places.has(id(path));
  }

  /** The place of the value, or of the nearest value that holds it. */
  nearest(path: ConfigPath): Place | undefined {
    return this.known(prefixes(path).find((prefix) => this.has(prefix)));
  }

  /** The place that sets the value; undefined for a default. */
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

/** Infinity and NaN are not JSON, the form in which Pulumi keeps its configuration. */
function isUnbounded(value: unknown): boolean {
  return typeof value === "number" && !Number.isFinite(value);
}

/** The path itself, then its ancestors up to the key. */
function prefixes(path: ConfigPath): ConfigPath[] {
  return path.map((_, i) => path.slice(0, path.length - i) as unknown as ConfigPath);
}

function id(path: ConfigPath): string {
  return JSON.stringify(path);
}

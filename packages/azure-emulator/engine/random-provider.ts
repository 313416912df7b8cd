import { randomBytes, randomInt, randomUUID } from "node:crypto";
import { version } from "@pulumi/random/package.json";
import { EmulatorError } from "../errors/emulator-error";
import { diffInputs } from "./input-diff";
import type { ResourceProvider } from "./resource-provider";
import { secret, type WireProperties } from "./wire-values";

/** Generates the id and outputs of one type from its inputs. */
type Generator = (inputs: WireProperties) => { readonly id: string; readonly outputs: WireProperties };

const generators: Readonly<Record<string, Generator>> = {
  "random:index/randomString:RandomString": (inputs) => {
    const result = randomText(inputs);
    return { id: result, outputs: { ...characterRules(inputs), result } };
  },
  "random:index/randomPassword:RandomPassword": (inputs) => ({
    id: "none",
    outputs: { ...characterRules(inputs), result: secret(randomText(inputs)) },
  }),
  "random:index/randomId:RandomId": (inputs) => {
    const bytes = randomBytes(wholeNumber(inputs.byteLength, "byteLength"));
    const prefix = typeof inputs.prefix === "string" ? inputs.prefix : "";
    const b64Url = bytes.toString("base64url");
    return {
      id: b64Url,
      outputs: {
        b64Url: prefix + b64Url,
        b64Std: prefix + bytes.toString("base64"),
        hex: prefix + bytes.toString("hex"),
        dec: prefix + BigInt(`0x${bytes.toString("hex") || "0"}`).toString(),
      },
    };
  },
  "random:index/randomUuid:RandomUuid": () => {
    const result = randomUUID();
    return { id: result, outputs: { result } };
  },
};

/** Replaces the random provider: a value is generated once, kept in the state, and regenerated only if an input changes. */
export function createRandomProvider(): ResourceProvider {
  return {
    name: "random",
    version,
    configure() {},
    async check(resource, _olds, news) {
      generatorOf(resource.type);
      return { inputs: news, failures: [] };
    },
    async diff(_resource, _id, oldInputs, _oldOutputs, news) {
      // The value depends on every input, so every change means a new value.
      const replaceOn = [...new Set([...Object.keys(oldInputs), ...Object.keys(news)])];
      return diffInputs(oldInputs, news, { replaceOn, locations: [], programNames: false });
    },
    async create(resource, inputs, preview) {
      const generate = generatorOf(resource.type);
      if (preview) return { id: "", outputs: inputs };
      const { id, outputs } = generate(inputs);
      return { id, outputs: { ...inputs, ...outputs } };
    },
    async read(_resource, id, inputs, outputs) {
      return { id, inputs, outputs };
    },
    async update(_resource, _id, oldOutputs, news) {
      return { ...oldOutputs, ...news };
    },
    async delete() {},
    async invoke(token) {
      throw new EmulatorError("QT7003", { token });
    },
  };
}

function generatorOf(type: string): Generator {
  const generator = generators[type];
  if (!generator) throw new EmulatorError("QT7001", { token: type });
  return generator;
}

const classes = {
  lower: "abcdefghijklmnopqrstuvwxyz",
  upper: "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  numeric: "0123456789",
  special: "!@#$%&*()-_=+[]{}<>:?",
} as const;

type CharacterClass = keyof typeof classes;

/** The inputs with the provider's defaults: every character class is on unless it is switched off. */
function characterRules(inputs: WireProperties): Record<string, unknown> {
  const numeric = inputs.numeric ?? inputs.number ?? true;
  return {
    length: inputs.length,
    lower: inputs.lower ?? true,
    upper: inputs.upper ?? true,
    numeric,
    number: numeric,
    special: inputs.special ?? true,
    minLower: inputs.minLower ?? 0,
    minUpper: inputs.minUpper ?? 0,
    minNumeric: inputs.minNumeric ?? 0,
    minSpecial: inputs.minSpecial ?? 0,
  };
}

/** A string of `length` characters of the allowed classes, with at least the required number of each, in random order. */
function randomText(inputs: WireProperties): string {
  const rules = characterRules(inputs);
  const alphabets = alphabetsOf(rules, inputs.overrideSpecial);
  const all = alphabets.map(({ characters }) => characters).join("");
  const length = wholeNumber(rules.length, "length");
  const picked = alphabets.flatMap(({ characters, least }) => pick(characters, least));
  if (all === "" || picked.length > length) {
    throw new EmulatorError("QT7004", { length, least: picked.length });
  }
  return shuffle([...picked, ...pick(all, length - picked.length)]).join("");
}

function alphabetsOf(
  rules: WireProperties,
  overrideSpecial: unknown,
): { readonly characters: string; readonly least: number }[] {
  const least = {
    lower: rules.minLower,
    upper: rules.minUpper,
    numeric: rules.minNumeric,
    special: rules.minSpecial,
  };
  const names = Object.keys(classes) as CharacterClass[];
  return names
    .filter((name) => rules[name] === true)
    .map((name) => ({
      characters:
        name === "special" && typeof overrideSpecial === "string" && overrideSpecial !== ""
          ? overrideSpecial
          : classes[name],
      least: wholeNumber(least[name], name),
    }));
}

function pick(characters: string, count: number): string[] {
  return Array.from({ length: count }, () => characters[randomInt(characters.length)] ?? "");
}

/** Fisher-Yates shuffle with a cryptographically secure generator. */
function shuffle(items: string[]): string[] {
  for (let last = items.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    [items[last], items[other]] = [items[other] ?? "", items[last] ?? ""];
  }
  return items;
}

function wholeNumber(value: unknown, name: string): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0) return value;
  throw new EmulatorError("QT7005", { name, value: String(value) });
}

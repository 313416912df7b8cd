import fc from "fast-check";
import { DECIMALS, formatMistake, THOUSANDS, type WrittenAs } from "../../infra/column-format";
import { exactText, isBetweenFloats } from "./exact-values";

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const tokens = /yyyy|MMM|MM|M|dd|d|HH|H|mm|ss|fff|./gsu;
const patterns: Readonly<Record<string, string>> = {
  ...{ yyyy: "(?<y>[0-9]{4})", MMM: "(?<N>[A-Za-z]{3})", MM: "(?<M>[0-9]{2})", M: "(?<M>[0-9]{1,2})" },
  ...{ dd: "(?<d>[0-9]{2})", d: "(?<d>[0-9]{1,2})", HH: "(?<H>[0-9]{2})", H: "(?<H>[0-9]{1,2})" },
  ...{ mm: "(?<m>[0-9]{2})", ss: "(?<s>[0-9]{2})", fff: "(?<f>[0-9]{1,9})" },
};

/** What a text is in a declared format, by means of its own. Null for a blank, undefined for what does not convert. */
export function readAs(declared: WrittenAs, raw: string): string | null | undefined {
  const text = raw.replace(/^ +| +$/g, "");
  if (text === "") return null;
  return declared.format === undefined ? readNumber(declared, text) : readMoment(declared, text);
}

function readMoment({ type, format = "" }: WrittenAs, text: string): string | null | undefined {
  const source = (format.match(tokens) ?? []).map(
    (token) => patterns[token] ?? token.replace(/[\\^$.*+?()[\]{}|]/, "\\$&"),
  );
  const { groups } = new RegExp(`^${source.join("")}$`, "su").exec(text) ?? {};
  if (groups === undefined) return undefined;
  const { y, N, d = "", H, m, s, f } = groups;
  const name = months.findIndex((month) => month.toLowerCase() === N?.toLowerCase());
  const M = groups.M ?? `${name + 1}`;
  const time = H === undefined ? "" : ` ${H.padStart(2, "0")}:${m}`;
  const rest = `${s === undefined ? "" : `:${s}`}${f === undefined ? "" : `.${f}`}`;
  return exactText(type, `${y}-${M.padStart(2, "0")}-${d.padStart(2, "0")}${time}${rest}`);
}

function readNumber({ type, thousands, decimal = ".", percent = false }: WrittenAs, text: string) {
  const isWhole = type === "int" || type === "bigint";
  const number = percent ? text.replace(/ *%$/, "") : text;
  if (percent && number === text) return undefined;
  const form = isWhole
    ? /^([+-]?)(.*)$/s
    : new RegExp(`^([+-]?)([^eE]*?)(?:([${decimal}])([0-9]*))?([eE].*)?$`, "s");
  const [, sign = "", whole, point, fraction = "", power = ""] = form.exec(number) ?? [];
  if (whole === undefined || (percent && power !== "")) return undefined;
  const groups = thousands === undefined ? [whole] : whole.split(thousands);
  if (groups.some((group) => !/^[0-9]*$/.test(group))) return undefined;
  if (groups.length > 1 && !/^[1-9][0-9]{0,2}(,[0-9]{3})+$/.test(groups.join(","))) return undefined;
  const digits = groups.join("");
  if (isWhole) return exactText(type, `${sign}${digits}`);
  if (!percent)
    return exactText(type, `${sign}${digits}${point === undefined ? "" : `.${fraction}`}${power}`);
  if (digits + fraction === "") return undefined;
  return exactText(type, `${sign}${`00${digits}`.slice(0, -2)}.${`00${digits}`.slice(-2)}${fraction}`);
}

const padded = (value: number, length: number) => `${value}`.padStart(length, "0");
const separator = fc.constantFrom("/", ".", "-", " ", "", ", ", "_", "%", "[", "]", "^", "'", "年", "T", ":");
const separated = (parts: readonly string[]) =>
  fc
    .array(separator, { minLength: parts.length, maxLength: parts.length })
    .map((between) => parts.map((part, index) => `${index === 0 ? "" : between[index]}${part}`).join(""));

/** A date or datetime2 in a format. */
export const dayFormats: fc.Arbitrary<WrittenAs> = fc
  .tuple(
    fc.shuffledSubarray([0, 1, 2], { minLength: 3 }),
    fc.tuple(fc.constant("yyyy"), fc.constantFrom("MM", "M", "MMM"), fc.constantFrom("dd", "d")),
    fc.constantFrom<string[]>(
      [],
      ["HH", "mm"],
      ["H", "mm"],
      ["HH", "mm", "ss"],
      ["H", "mm", "ss", "fff"],
      ["HH", "mm", "ss", "fff"],
    ),
    fc.boolean(),
  )
  .chain(([order, parts, time, timeFirst]) => {
    const day = order.map((index) => parts[index] ?? "");
    const type = time.length > 0 ? "datetime2" : "date";
    return separated(timeFirst && !time.includes("fff") ? [...time, ...day] : [...day, ...time]).map(
      (format) => ({ type, format }),
    );
  })
  .filter((declared) => formatMistake(declared) === undefined);

/** A moment as a format writes it; `wide` writes two digits where one would do. */
function written(format: string, at: Date, wide: boolean): string {
  const fraction = padded(at.getUTCMilliseconds(), 3);
  const one = (value: number) => padded(value, wide ? 2 : 1);
  const parts = new Map([
    ["yyyy", padded(at.getUTCFullYear(), 4)],
    ["MM", padded(at.getUTCMonth() + 1, 2)],
    ["M", one(at.getUTCMonth() + 1)],
    ["MMM", months[at.getUTCMonth()] ?? ""],
    ["dd", padded(at.getUTCDate(), 2)],
    ["d", one(at.getUTCDate())],
    ["HH", padded(at.getUTCHours(), 2)],
    ["H", one(at.getUTCHours())],
    ["mm", padded(at.getUTCMinutes(), 2)],
    ["ss", padded(at.getUTCSeconds(), 2)],
    ["fff", wide ? `${fraction}000000` : fraction.replace(/(?<=.)0+$/, "")],
  ]);
  return format.replace(tokens, (token) => parts.get(token) ?? token);
}

const moments = fc.date({
  min: new Date("0001-01-01"),
  max: new Date("9999-12-31T23:59:59.999Z"),
  noInvalidDate: true,
});

/** A moment that a format holds: the text in it, and the value that lands. */
export const writtenMoments = ({ type, format = "" }: WrittenAs) =>
  fc.tuple(moments, fc.boolean(), fc.boolean()).map(([moment, wide, upper]) => {
    const at = new Date(moment);
    if (!format.includes("mm")) at.setUTCHours(0, 0);
    if (!format.includes("ss")) at.setUTCSeconds(0);
    if (!format.includes("fff")) at.setUTCMilliseconds(0);
    const text = written(format, at, wide);
    const value = at.toISOString().slice(0, type === "date" ? 10 : 23);
    return { text: upper && !format.includes("T") ? text.toUpperCase() : text, value };
  });

const types = [
  "int",
  "bigint",
  "decimal(10,2)",
  "decimal(38,0)",
  "decimal(35,12)",
  "decimal(38,19)",
  "float",
];
/** A number with signs of its own. */
export const numberFormats: fc.Arbitrary<WrittenAs> = fc
  .record(
    {
      type: fc.constantFrom(...types),
      thousands: fc.constantFrom(...THOUSANDS),
      decimal: fc.constantFrom(...DECIMALS),
      percent: fc.boolean(),
    },
    { requiredKeys: ["type"] },
  )
  .filter((declared) => formatMistake(declared) === undefined);

/** The text of a number whose plain form has at most these digits before and after the point, in a format. */
export function writtenNumbers({ type, thousands, decimal = ".", percent = false }: WrittenAs) {
  const [, precision = "9", scale = type === "float" ? "6" : "0"] =
    /^decimal\((\d+),(\d+)\)$/.exec(type) ?? [];
  const shift = percent ? 2 : 0;
  const [before, after] = [
    Math.min(Number(precision) - Number(scale) + shift, 15),
    Math.min(Number(scale) - shift, 6),
  ];
  return fc
    .tuple(
      fc.stringMatching(new RegExp(`^[+-]?[0-9]{1,${before}}$`)),
      after < 1 ? fc.constant("") : fc.stringMatching(new RegExp(`^([0-9]{1,${after}})?$`)),
      fc.boolean(),
      fc.constantFrom("%", " %"),
    )
    .map(([whole, fraction, grouped, sign]) => {
      const digits =
        grouped && thousands !== undefined ? whole.replace(/\B(?=(\d{3})+$)/g, thousands) : whole;
      return `${digits}${fraction === "" ? "" : `${decimal}${fraction}`}${percent ? sign : ""}`;
    })
    .filter((text) => type !== "float" || !isBetweenFloats(text));
}

/** A text with one character replaced, left out or doubled. */
export const spoilt = (texts: fc.Arbitrary<string>) =>
  fc
    .tuple(
      texts,
      fc.nat(),
      fc.constantFrom("", "0", "9", ".", ",", " ", "-", "/", "%", "e", "'", "\u00a0", "x"),
      fc.boolean(),
    )
    .map(([text, place, other, keep]) => {
      const at = place % (text.length + 1);
      return `${text.slice(0, at)}${other}${text.slice(keep ? at : at + 1)}`;
    });

import { ExpressionError } from "../expression-error";
import { binary, contentOf, toText } from "../text";
import { isObject, type Value } from "../value";
import { stringAt } from "./arguments";
import { type ExpressionFunction, eager } from "./function";

const bytes = "application/octet-stream";

/** Base64, data URIs and URI components, with the aliases of some functions. */
export const encodingFunctions: readonly ExpressionFunction[] = [
  eager("base64", 1, 1, (args) => bytesOrText("base64", args).toString("base64")),
  eager("base64ToBinary", 1, 1, (args) => binary(bytes, decodeBase64("base64ToBinary", args))),
  eager("base64ToString", 1, 1, (args) => decodeBase64("base64ToString", args).toString("utf8")),
  eager("decodeBase64", 1, 1, (args) => decodeBase64("decodeBase64", args).toString("utf8")),
  eager("dataUri", 1, 1, ([value = null]) => dataUri(value)),
  eager("dataUriToBinary", 1, 1, (args) => {
    const { type, content } = parseDataUri("dataUriToBinary", args);
    return binary(type, content);
  }),
  eager("dataUriToString", 1, 1, (args) => dataUriText("dataUriToString", args)),
  eager("decodeDataUri", 1, 1, (args) => dataUriText("decodeDataUri", args)),
  eager("uriComponent", 1, 1, ([value = null]) => encodeUri(toText(value))),
  eager("encodeUriComponent", 1, 1, ([value = null]) => encodeUri(toText(value))),
  eager("uriComponentToString", 1, 1, (args) =>
    decodeUri(stringAt("uriComponentToString", args, 0)).toString("utf8"),
  ),
  eager("decodeUriComponent", 1, 1, (args) =>
    decodeUri(stringAt("decodeUriComponent", args, 0)).toString("utf8"),
  ),
  eager("uriComponentToBinary", 1, 1, (args) =>
    binary(bytes, decodeUri(stringAt("uriComponentToBinary", args, 0))),
  ),
];

function bytesOrText(name: string, args: readonly Value[]): Buffer {
  return contentOf(args[0] ?? null) ?? Buffer.from(stringAt(name, args, 0), "utf8");
}

function decodeBase64(name: string, args: readonly Value[]): Buffer {
  const text = stringAt(name, args, 0).replace(/\s/g, "");
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) {
    throw new ExpressionError(`the template function '${name}' expects base64 text.`);
  }
  return Buffer.from(text, "base64");
}

function dataUri(value: Value): string {
  const content = contentOf(value);
  if (content !== undefined && isObject(value)) {
    return `data:${toText(value.get("$content-type") ?? null)};base64,${content.toString("base64")}`;
  }
  if (value === null) throw new ExpressionError("the template function 'dataUri' expects a value, not null.");
  const type = typeof value === "string" ? "text/plain;charset=utf-8" : "application/json";
  return `data:${type};base64,${Buffer.from(toText(value), "utf8").toString("base64")}`;
}

function parseDataUri(name: string, args: readonly Value[]): { type: string; content: Buffer } {
  const match = /^data:([^,]*?)(;base64)?,([\s\S]*)$/i.exec(stringAt(name, args, 0));
  if (match === null) throw new ExpressionError(`the template function '${name}' expects a data URI.`);
  const [, type = "", base64, data = ""] = match;
  return {
    type: type === "" ? "text/plain" : type,
    content: base64 === undefined ? decodeUri(data) : decodeBase64(name, [data]),
  };
}

function dataUriText(name: string, args: readonly Value[]): string {
  const { type, content } = parseDataUri(name, args);
  const charset = /charset=([^;]+)/i.exec(type)?.[1];
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) {
    throw new ExpressionError(`the template function '${name}' reads only utf-8.`);
  }
  return content.toString("utf8");
}

/** Escapes everything except letters, digits and `-_.~`, as `Uri.EscapeDataString` does. */
function encodeUri(text: string): string {
  return encodeURIComponent(Buffer.from(text, "utf8").toString("utf8")).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** A plus becomes a space; an invalid escape stays as it is. */
function decodeUri(text: string): Buffer {
  const parts = text.replaceAll("+", " ").split(/((?:%[0-9a-fA-F]{2})+)/);
  return Buffer.concat(
    parts.map((part, index) =>
      index % 2 === 1 ? Buffer.from(part.replaceAll("%", ""), "hex") : Buffer.from(part, "utf8"),
    ),
  );
}

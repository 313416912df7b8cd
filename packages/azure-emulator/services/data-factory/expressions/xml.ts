import { DOMParser, type Document, type Element, type Node, XMLSerializer } from "@xmldom/xmldom";
import * as xpath from "xpath";
import { escapeXml } from "../../../../kit/escape-xml";
import { ExpressionError } from "./expression-error";
import { binary } from "./text";
import { isArray, isObject, type Value, type ValueObject } from "./value";

/** The content type of the engine's XML objects. */
export const xmlContentType = "application/xml;charset=utf-8";

/** Formats XML as the engine prints it: no white space between elements, a space before `/>`. */
export function normaliseXml(text: string): string {
  return print(parse(text));
}

/** Converts an object with one root property to XML: `@x` is an attribute, `#text` text, an array repeated elements. */
export function jsonToXml(object: ValueObject, scalar: (value: Value) => string): string {
  const [root, ...others] = [...object];
  if (root === undefined || others.length > 0) {
    throw new ExpressionError("the template function 'xml' expects an object with one root property.");
  }
  return print(parse(element(root[0], root[1])));

  function element(name: string, value: Value): string {
    if (isArray(value)) return value.map((item) => element(name, item)).join("");
    if (!isObject(value)) return `<${name}>${escapeXml(text(value))}</${name}>`;
    const attributes = [...value].filter(([key]) => key.startsWith("@"));
    const children = [...value].filter(([key]) => !key.startsWith("@"));
    const head = attributes.map(([key, item]) => ` ${key.slice(1)}="${escapeXml(text(item))}"`).join("");
    const body = children.map(([key, item]) =>
      key === "#text" ? escapeXml(text(item)) : element(key, item),
    );
    return `<${name}${head}>${body.join("")}</${name}>`;
  }

  function text(value: Value): string {
    return value === null ? "" : typeof value === "string" ? value : scalar(value);
  }
}

/** Converts XML to an object as Newtonsoft does: repeated elements become an array, a text-only element its text. */
export function xmlToJson(text: string): Value {
  const root = parse(text).documentElement;
  return root === null ? null : new Map([[root.nodeName, content(root)]]);
}

function content(element: Element): Value {
  const entries = new Map<string, Value>();
  for (const attribute of Array.from(element.attributes)) entries.set(`@${attribute.name}`, attribute.value);
  const children = Array.from(element.childNodes);
  const elements = children.filter((node): node is Element => node.nodeType === 1);
  for (const child of elements) {
    const value = content(child);
    const present = entries.get(child.nodeName);
    if (present === undefined) entries.set(child.nodeName, value);
    else entries.set(child.nodeName, isArray(present) ? [...present, value] : [present, value]);
  }
  const text = children
    .filter((node) => node.nodeType === 3 || node.nodeType === 4)
    .map((node) => node.nodeValue ?? "")
    .join("");
  if (entries.size === 0) return text;
  if (text !== "") entries.set("#text", text);
  return entries;
}

/** Evaluates an XPath 1.0 expression: a scalar, or the matching nodes (elements as XML objects, others as strings). */
export function evaluateXpath(text: string, expression: string): Value {
  const document = parse(text);
  let result: xpath.SelectReturnType;
  try {
    // The library's types are for browser nodes, but it works with any DOM.
    result = xpath.select(expression, document as unknown as Parameters<typeof xpath.select>[1]);
  } catch {
    throw new ExpressionError("the template function 'xpath' expects a valid XPath 1.0 expression.");
  }
  if (typeof result === "string" || typeof result === "boolean" || typeof result === "number") return result;
  const nodes = (Array.isArray(result) ? result : []) as unknown as Node[];
  return nodes.map(node);
}

function node(found: Node): Value {
  if (found.nodeType === 1) return binary(xmlContentType, Buffer.from(print(found), "utf8"));
  if (found.nodeType === 2) return `${found.nodeName}="${escapeXml(found.nodeValue ?? "")}"`;
  return found.nodeValue ?? "";
}

function parse(text: string): Document {
  const parser = new DOMParser({
    onError: (level, message) => {
      if (level !== "warning") throw new ExpressionError(`the text is not valid XML: ${message}`);
    },
  });
  let document: Document;
  try {
    document = parser.parseFromString(text, "text/xml");
  } catch (error) {
    if (error instanceof ExpressionError) throw error;
    throw new ExpressionError("the text is not valid XML.", { cause: error });
  }
  if (document.documentElement === null) throw new ExpressionError("the text is not valid XML.");
  dropWhiteSpace(document);
  return document;
}

function dropWhiteSpace(parent: Node): void {
  for (const child of Array.from(parent.childNodes)) {
    if (child.nodeType === 3 && (child.nodeValue ?? "").trim() === "") parent.removeChild(child);
    else dropWhiteSpace(child);
  }
}

function print(node: Node): string {
  return new XMLSerializer().serializeToString(node).replace(/(\S)\/>/g, "$1 />");
}

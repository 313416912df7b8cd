import type { FunctionInfo } from "../host-protocol";

/** The function for a path, with the values of its route's parameters. */
export interface RouteMatch {
  readonly info: FunctionInfo;
  readonly params: Readonly<Record<string, string>>;
}

/** Finds the function of a request. @returns undefined if no route and method matches: a 404. */
export function createRouter(functions: readonly FunctionInfo[], routePrefix: string) {
  const prefix = routePrefix.split("/").filter((segment) => segment !== "");
  const routes = functions
    .map((info) => ({
      info,
      pattern: [...prefix, ...info.route.split("/").filter((segment) => segment !== "")],
    }))
    // Text before parameters, parameters before a catch-all.
    .sort((a, b) => weight(a.pattern) - weight(b.pattern));
  return (method: string, path: string): RouteMatch | undefined => {
    const segments = path.split("/").filter((segment) => segment !== "");
    for (const { info, pattern } of routes) {
      if (!info.methods.includes(method.toUpperCase())) continue;
      const params = match(pattern, segments);
      if (params !== undefined) return { info, params };
    }
    return undefined;
  };
}

interface Parameter {
  readonly name: string;
  readonly constraint: string;
  readonly optional: boolean;
  readonly rest: boolean;
}

/** `{id}`, `{id:int}`, `{id?}`, `{id:int?}`, `{*rest}`: ASP.NET's route templates as the Functions host reads them. */
function parameterOf(segment: string): Parameter | undefined {
  const [, rest, name, constraint = "", optional] =
    /^\{(\*{0,2})(\w+)(?::([a-z]+)(?:\([^)]*\))?)?(\??)\}$/i.exec(segment) ?? [];
  if (name === undefined) return undefined;
  return { name, constraint, optional: optional === "?", rest: rest !== "" };
}

function weight(pattern: readonly string[]): number {
  return pattern.reduce((sum, segment) => {
    const parameter = parameterOf(segment);
    if (parameter === undefined) return sum;
    return sum + (parameter.rest ? 100 : 1);
  }, 0);
}

function match(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  const params = new Map<string, string>();
  let at = 0;
  for (const part of pattern) {
    const parameter = parameterOf(part);
    const segment = segments[at];
    if (parameter?.rest) {
      params.set(parameter.name, segments.slice(at).map(decodeURIComponent).join("/"));
      return Object.fromEntries(params);
    }
    if (segment === undefined) {
      if (parameter?.optional) continue;
      return undefined;
    }
    at++;
    if (parameter === undefined) {
      if (part.toLowerCase() !== decodeURIComponent(segment).toLowerCase()) return undefined;
    } else {
      const value = decodeURIComponent(segment);
      if (!satisfies(parameter.constraint, value)) return undefined;
      params.set(parameter.name, value);
    }
  }
  return at === segments.length ? Object.fromEntries(params) : undefined;
}

function satisfies(constraint: string, value: string): boolean {
  switch (constraint.toLowerCase()) {
    case "int":
    case "long":
      return /^-?\d+$/.test(value);
    case "alpha":
      return /^[a-z]+$/i.test(value);
    case "guid":
      return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);
    case "bool":
      return /^(true|false)$/i.test(value);
    default:
      return true;
  }
}

import type { ArmResource } from "./resource";
import { armRules, refusal } from "./rules/azure-rule";
import { etagOf } from "./system-data";

const SPEC =
  "https://github.com/Azure/azure-rest-api-specs/tree/main/specification/datafactory/resource-manager/Microsoft.DataFactory (`If-Match` of PUT, `If-None-Match` of GET)";
const RFC = "https://www.rfc-editor.org/rfc/rfc9110#section-13.1";
const test = (title: string) => ["control-plane/conditions.itest.ts", title] as const;

export const conditionRules = armRules("Entity tags", {
  changed: {
    what: "A change of a resource with an entity tag is refused if its `If-Match` names another version, or none is there.",
    source: `${SPEC}; ${RFC}`,
    answer: { status: 412, code: "PreconditionFailed" },
    test: test("refuses a change of another version than the current one"),
  },
  exists: {
    what: "`If-None-Match: *` makes a new resource with an entity tag, or none.",
    source: RFC,
    answer: { status: 412, code: "PreconditionFailed" },
    test: test("makes a new resource only, if asked so"),
  },
  notModified: {
    what: "A GET whose `If-None-Match` names the current version answers without a body.",
    source: `${SPEC}; ${RFC}`,
    answer: { status: 304, code: "NotModified" },
    test: test("answers a reader who has the current version without a body"),
  },
});

/** The conditional headers of a request. */
export interface Conditions {
  readonly ifMatch?: string;
  readonly ifNoneMatch?: string;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

export function conditionsOf(headers: Headers): Conditions {
  const { "if-match": ifMatch, "if-none-match": ifNoneMatch } = headers;
  return {
    ...(typeof ifMatch === "string" && { ifMatch }),
    ...(typeof ifNoneMatch === "string" && { ifNoneMatch }),
  };
}

/** @throws ArmError 412 if the resource is not in the state that the caller expects. */
export function requireConditions(
  { ifMatch, ifNoneMatch }: Conditions,
  id: string,
  now: ArmResource | undefined,
): void {
  if (ifMatch !== undefined && !names(ifMatch, now)) {
    const state = now === undefined ? "it does not exist" : `it is "${etagOf(now)}"`;
    throw refusal(
      conditionRules.rules.changed,
      `The resource '${id}' is not of the version ${ifMatch} of the header If-Match; ${state}.`,
    );
  }
  if (ifNoneMatch !== undefined && names(ifNoneMatch, now)) {
    throw refusal(
      conditionRules.rules.exists,
      `The resource '${id}' exists in the version of the header If-None-Match: ${ifNoneMatch}.`,
    );
  }
}

/** True if the caller has the resource as it is. */
export function notModified({ ifNoneMatch }: Conditions, now: ArmResource): boolean {
  return ifNoneMatch !== undefined && names(ifNoneMatch, now);
}

/** `*`, or a list of tags with or without quotes: Data Factory's own are without. */
function names(tags: string, resource: ArmResource | undefined): boolean {
  if (resource === undefined) return false;
  const known = etagOf(resource);
  return tags.split(",").some((tag) => {
    const bare = tag
      .trim()
      .replace(/^W\//, "")
      .replace(/^"(.*)"$/, "$1");
    return bare === "*" || bare.toLowerCase() === known;
  });
}

import { ArmError } from "../arm-error";
import type { AzureRule, RuleArea } from "../rules/azure-rule";
import type { BodyFault, FaultKind } from "./body-fault";
import { bodyCode } from "./resource-codes";

const TYPES = "https://github.com/Azure/bicep-types-az (the published types, MIT)";
const test = (title: string) => ["control-plane/body-check/check-shape.test.ts", title] as const;
const checks = (title: string) => ["control-plane/body-check/check-resource.test.ts", title] as const;
const CODE = "the provider's code, InvalidRequestContent beside `properties`";

const rules = {
  missing: {
    what: "A required property is there; a null counts as absent.",
    source: TYPES,
    answer: { status: 400, code: CODE },
    test: test("refuses a body without a required property"),
  },
  kind: {
    what: "Each value is of its type's kind: an object, a list, a text, a number, a Boolean.",
    source: TYPES,
    answer: { status: 400, code: CODE },
    test: test("refuses a value of another kind"),
  },
  enum: {
    what: "A property with known values has one of them, in any case. Others of an open enum are taken only in a request of another API version than the types'.",
    source: TYPES,
    answer: { status: 400, code: CODE },
    test: test("refuses a value that an enum does not have"),
  },
  length: {
    what: "Texts and lists are of the length that the type takes.",
    source: TYPES,
    answer: { status: 400, code: CODE },
    test: test("refuses a text or a list that is too long or too short"),
  },
  pattern: {
    what: "A text matches its pattern.",
    source: TYPES,
    answer: { status: 400, code: CODE },
    test: test("refuses a text that does not match its pattern"),
  },
  range: {
    what: "A number is in its range.",
    source: TYPES,
    answer: { status: 400, code: CODE },
    test: test("refuses a number out of its range"),
  },
  unknown: {
    what: "Properties that the type does not have are refused, except in a request of another API version than the types'.",
    source: TYPES,
    answer: { status: 400, code: CODE },
    test: test("refuses a property that the type does not have"),
  },
  location: {
    what: "A resource that takes a region has one.",
    source:
      "https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors (LocationRequired)",
    answer: { status: 400, code: "LocationRequired" },
    test: checks("asks for a location"),
  },
  readOnly: {
    what: "A read-only property that a client sends is ignored: neither stored nor answered.",
    source:
      'https://learn.microsoft.com/azure/templates/ ("ReadOnly"); https://github.com/Azure/bicep-types-az',
    answer: { code: "ignored" },
    test: test("leaves out what is read-only"),
  },
} satisfies Readonly<Record<string, AzureRule>>;

export const bodyRules: RuleArea<typeof rules> = { area: "Bodies of PUT and PATCH", rules };

/** What Azure answers to a fault. The message names the property. */
export function bodyError(type: string, { kind, path, expected }: BodyFault): ArmError {
  if (path === "location" && kind === "missing") {
    const { status, code } = rules.location.answer;
    return new ArmError(status, code, "The location property is required for this definition.");
  }
  const { status } = rules[kind].answer;
  const inside = /^properties[.[]/.test(path);
  const message = inside
    ? `The property '${path}' of '${type}' is invalid. ${problems[kind]}: ${expected}.`
    : `The request content was invalid and could not be deserialized: '${problems[kind]}: ${expected}. Path '${path}'.'`;
  return new ArmError(status, inside ? bodyCode(type) : "InvalidRequestContent", message);
}

const problems: Readonly<Record<FaultKind, string>> = {
  missing: "A required property is missing",
  kind: "The value is of the wrong type",
  enum: "The value is not allowed",
  length: "The length is not allowed",
  pattern: "The value is not allowed",
  range: "The value is out of range",
  unknown: "Could not find member",
};

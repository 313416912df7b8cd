import {
  apiVersionsOf,
  newestApiVersion,
  otherFormUntil,
  type ResourceTypeCatalogue,
  type ResourceTypeDescriptor,
  regions,
} from "../../../azure-resource-types";
import { EmulatorError } from "../../errors/emulator-error";
import { armRules, refusal } from "../rules/azure-rule";

const PAGE =
  "https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-register-resource-provider";
const test = (title: string) => ["control-plane/body-check/api-version.test.ts", title] as const;

export const apiVersionRules = armRules("API versions", {
  form: {
    what: "An `api-version` is a date, with a suffix such as `-preview` or without.",
    source: "https://learn.microsoft.com/rest/api/resources/ (Common parameters)",
    answer: { status: 400, code: "InvalidApiVersionParameter" },
    test: test("is a date"),
  },
  ofType: {
    what: "A request for a resource or a list names an API version that the type has. The refusal lists them. Versions that are newer than the emulator's list of the type, and not of the future, are taken if they are about as new as the whole list, or newer.",
    source: `${PAGE}; https://learn.microsoft.com/azure/templates/ (the versions of each type)`,
    answer: { status: 400, code: "NoRegisteredProviderFound" },
    test: test("is one of the type's"),
    moreTests: [test("may be newer than the list, but not of the future")],
  },
  ofOtherForm: {
    what: "A version whose bodies have another form than the type's checked-in one is refused by name, never judged by the wrong form (Azure has it): query rules before 2020-05-01-preview, storage accounts before 2016-01-01, databases before 2017-03-01-preview.",
    source:
      "https://github.com/Azure/azure-rest-api-specs (Microsoft.Insights/stable/2018-04-16/scheduledQueryRule_API.json, Microsoft.Storage/stable/2015-06-15/storage.json, Microsoft.Sql/stable/2014-04-01/databases.json)",
    answer: { status: 400, code: "QT6006" },
    test: test("of another form is refused by its name"),
  },
  ofOthers: {
    what: "An API version of an action, of a type that is not described and of Resource Manager's own paths is of 2014 or later, and not of the future.",
    source: `${PAGE}; https://learn.microsoft.com/rest/api/resources/`,
    answer: { status: 400, code: "InvalidApiVersionParameter" },
    test: test("of any other path is of Resource Manager's time"),
  },
});

/** @throws ArmError 400 for an API version that the path's type does not have. The message lists those that it has. */
export function checkApiVersion(
  types: Pick<ResourceTypeCatalogue, "byType">,
  path: string,
  version: string,
): void {
  const { rules } = apiVersionRules;
  const described = typeOf(types, path);
  const known = described === undefined ? [] : apiVersionsOf(described);
  if (!/^\d{4}-\d{2}-\d{2}(-[a-z]+)*$/i.test(version))
    throw refusal(rules.form, `The api-version '${version}' is invalid.${supported(known)}`);
  if (described === undefined) {
    const year = Number(version.split("-")[0]);
    if (year >= 2014 && year <= new Date().getFullYear()) return;
    throw refusal(rules.ofOthers, `The api-version '${version}' is invalid.`);
  }
  if (known.includes(version.toLowerCase())) {
    requireKnownForm(described, version);
    return;
  }
  if (isNewerThanListed(version, known)) return;
  if (GROUP.test(path))
    throw refusal(rules.ofOthers, `The api-version '${version}' is invalid.${supported(known)}`);
  const last = described.type.split("/").slice(1).join("/");
  throw refusal(
    rules.ofType,
    `No registered resource provider found for location 'westeurope' and API version '${version}' for type '${last}'.${supported(known)} The supported locations are '${[...regions.keys()].join(", ")}'.`,
  );
}

function requireKnownForm({ type, apiVersion }: ResourceTypeDescriptor, version: string): void {
  const since = otherFormUntil(type, version);
  if (since === undefined) return;
  const error = new EmulatorError("QT6006", { type, version, since, usual: apiVersion });
  throw refusal(apiVersionRules.rules.ofOtherForm, `${error.message} ${error.next}`);
}

const day = (time: number) => new Date(time).toISOString().slice(0, "2026-01-01".length);

/** azure-native, from which the list comes, has a version up to half a year after the provider. */
const LISTED_UNTIL = day(Date.parse(newestApiVersion) - 183 * 24 * 3600 * 1000);

/** Microsoft's clients name versions that are not listed yet: nobody here knows which types have them. */
function isNewerThanListed(version: string, known: readonly string[]): boolean {
  const date = version.slice(0, "2026-01-01".length);
  return known.every((listed) => date > listed) && date > LISTED_UNTIL && date <= day(Date.now());
}

function supported(versions: readonly string[]): string {
  return versions.length === 0 ? "" : ` The supported api-versions are '${versions.join(", ")}'.`;
}

/** The described type of which the path is a resource or a list; undefined for any other path. */
function typeOf(
  types: Pick<ResourceTypeCatalogue, "byType">,
  path: string,
): ResourceTypeDescriptor | undefined {
  if (GROUP.test(path)) return types.byType("Microsoft.Resources/resourceGroups");
  const provider = path.toLowerCase().lastIndexOf("/providers/");
  if (provider < 0) return undefined;
  const names = path.slice(provider + "/providers/".length).split("/");
  return types.byType([names[0], ...names.filter((_, index) => index % 2 === 1)].join("/"));
}

const GROUP = /^\/subscriptions\/[^/]+\/resourceGroups(\/[^/]+)?$/i;

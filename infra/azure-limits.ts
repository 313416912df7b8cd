import {
  FEWEST_INSTANCES,
  fewInstanceRegions,
  pairedRegion,
  TAG_VALUE_LENGTH,
  tagLimits,
  tagNameFault,
  takesFewInstances,
} from "../packages/azure-resource-types";
import { isJsonObject } from "../packages/kit/json-object";
import { type ConfigMistake, mistake, NAMESPACE } from "./config-mistake";

/** The tag of the client secret that says whose secret it is. The pipeline QT_fetch_data reads it there. */
export const CLIENT_TAG = "quantemplateClientId";
/** The tags that the program sets itself. */
export const OWN_TAGS = ["project", "tenant", CLIENT_TAG];

/** The types with a tag that have the tightest limits. */
const tagged = ["Microsoft.Automation/automationAccounts", "Microsoft.Storage/storageAccounts"].map(
  tagLimits,
);
const MOST_TAGS = Math.min(...tagged.map(({ count }) => count)) - OWN_TAGS.length;
const LONGEST_NAME = Math.min(...tagged.map(({ nameLength }) => nameLength));

/** What Azure would refuse of the tags, after some resources are made. Values that are not texts are the schema's to refuse. */
export function tagMistakes(tags: unknown): ConfigMistake[] {
  if (!isJsonObject(tags)) return [];
  const names = Object.keys(tags);
  const tooMany =
    names.length > MOST_TAGS
      ? [
          mistake(
            ["tags"],
            `expects at most ${MOST_TAGS} tags: some resources take 15, and the program sets ${OWN_TAGS.join(", ")}`,
          ),
        ]
      : [];
  const faults = names.flatMap((name, index) => {
    const expected = tagNameExpectation(name, names.slice(0, index)) ?? tagValueExpectation(tags[name]);
    return expected === undefined ? [] : [mistake(["tags", name], `expects ${expected}`)];
  });
  return [...tooMany, ...faults];
}

/** What cannot be left to a policy: tags that the tenant or the program sets, and names that no tag has. Case does not matter. */
export function policyTagMistakes(policyTags: unknown, tags: unknown): ConfigMistake[] {
  if (!Array.isArray(policyTags)) return [];
  const set = isJsonObject(tags) ? Object.keys(tags) : [];
  return policyTags.flatMap((name: unknown, index) => {
    if (typeof name !== "string") return [];
    const expected = tagNameExpectation(name, []) ?? notSet(name, set);
    return expected === undefined ? [] : [mistake(["policyTags", index], `expects ${expected}`)];
  });
}

function notSet(name: string, set: readonly string[]): string | undefined {
  const own = set.find((other) => other.toLowerCase() === name.toLowerCase());
  return own === undefined
    ? undefined
    : `a tag that the tenant does not set itself; ${NAMESPACE}:tags has "${own}"`;
}

function tagNameExpectation(name: string, before: readonly string[]): string | undefined {
  const lower = name.toLowerCase();
  // zod leaves this member out of a record without a word.
  if (name === "__proto__") return "another name; this one cannot be a tag's";
  const own = OWN_TAGS.find((tag) => tag.toLowerCase() === lower);
  if (own !== undefined)
    return `another name: the program sets the tag ${own} itself, and case does not matter`;
  if (name === "" || name.length > LONGEST_NAME) return `a name of 1 to ${LONGEST_NAME} characters`;
  const fault = tagNameFault(name);
  if (fault === "characters") return "a name without any of < > % & \\ ? / and control characters";
  if (fault === "prefix")
    return "a name that does not begin with microsoft, azure or windows, which Azure reserves";
  const twin = before.find((other) => other.toLowerCase() === lower);
  return twin === undefined ? undefined : `a unique name; "${twin}" and "${name}" differ by case only`;
}

function tagValueExpectation(value: unknown): string | undefined {
  const isTooLong = typeof value === "string" && value.length > TAG_VALUE_LENGTH;
  return isTooLong ? `a text of at most ${TAG_VALUE_LENGTH} characters` : undefined;
}

/** What cannot be in the region, after some resources are made. */
export function regionMistakes(
  { function: sizing, sql }: Readonly<Record<string, unknown>>,
  location: string,
): ConfigMistake[] {
  return [...instanceMistakes(sizing, location), ...redundancyMistakes(sql, location)];
}

/**
 * Backups that Azure would copy to the paired region of one that has none
 * (learn.microsoft.com/azure/azure-sql/database/automated-backups-overview, "Backup storage redundancy").
 */
function redundancyMistakes(sql: unknown, location: string): ConfigMistake[] {
  if (!isJsonObject(sql) || sql.backupRedundancy !== "Geo" || pairedRegion(location)) return [];
  const message = `expects Local or Zone in ${location}: Geo copies backups to the paired region, and it has none`;
  return [mistake(["sql", "backupRedundancy"], message)];
}

/** Fewer instances than Flex Consumption takes in the region. A number that is none is the schema's to refuse. */
function instanceMistakes(sizing: unknown, location: string): ConfigMistake[] {
  const instances = isJsonObject(sizing) ? sizing.maximumInstances : undefined;
  const isFew = Number.isInteger(instances) && Number(instances) >= 1 && Number(instances) < FEWEST_INSTANCES;
  if (!isFew || takesFewInstances(location)) return [];
  const message = `expects at least ${FEWEST_INSTANCES} in ${location}: Azure takes fewer in ${fewInstanceRegions.join(", ")} only, and there as a preview. Only instances that run are paid for`;
  return [mistake(["function", "maximumInstances"], message)];
}

/** A webhook of Automation lasts this long at most (learn.microsoft.com/azure/automation/automation-webhooks). */
const WEBHOOK_YEARS = 10;
/** A budget starts this far ahead at most (learn.microsoft.com/rest/api/consumption/budgets/create-or-update, timePeriod). */
const BUDGET_MONTHS = 12;

/** What Azure would refuse of the dates, on that day. Dates that are none are the schema's to refuse. */
export function dateMistakes(
  { webhookExpiry, budget }: Readonly<Record<string, unknown>>,
  now: Date,
): ConfigMistake[] {
  const mistakes: ConfigMistake[] = [];
  const expiry = timeOf(webhookExpiry);
  if (expiry !== undefined && (expiry <= now.getTime() || expiry > later(now, 12 * WEBHOOK_YEARS))) {
    const message = `expects a date from tomorrow on, at most ${WEBHOOK_YEARS} years ahead`;
    mistakes.push(mistake(["webhookExpiry"], message));
  }
  const start = timeOf(isJsonObject(budget) ? budget.startDate : undefined);
  if (start !== undefined && start > later(now, BUDGET_MONTHS))
    mistakes.push(
      mistake(
        ["budget", "startDate"],
        `expects the first day of a month, at most ${BUDGET_MONTHS} months ahead`,
      ),
    );
  return mistakes;
}

function timeOf(value: unknown): number | undefined {
  const time = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

function later(now: Date, months: number): number {
  return new Date(now).setUTCMonth(now.getUTCMonth() + months);
}

import { parsePath } from "../../../packages/kit/property-path";
import { unversioned } from "../../../packages/kit/urn";
import { count } from "./count";
import type { Effect, ResourceStep } from "./model";
import { SQL_FILES, stepType } from "./step-files";

/** What a change means for the data and for the parties outside, in words. */
export interface Meaning extends Effect {
  /** Further sentences, where there are any, the gravest first; the whole is grave where one is. */
  readonly effects?: readonly Effect[];
}

/** Sentence by sentence, each as grave as it is itself. */
export function sentencesOf({ text, grave, effects = [] }: Meaning): Effect[] {
  return effects.length === 0 ? [{ text, grave }] : [{ text, grave: false }, ...effects];
}

/** `{whose}` becomes "tenant acme" or "each of these 37 tenants". */
interface Words {
  /** Of deleting it, and of replacing it where nothing else is said. */
  readonly gone: string;
  readonly replaced?: string;
  /** Configuration only. */
  readonly light?: boolean;
}

/** The gravest first. */
const byType: Readonly<Record<string, Words>> = {
  "random:index/randomString:RandomString": {
    gone: "The suffix in every name of {whose} changes: every resource is replaced, the database included.",
  },
  "azure-native:resources:ResourceGroup": {
    gone: "Deletes the resource group of {whose} with everything in it, the database included.",
    replaced:
      "Makes another resource group for {whose} and deletes this one with everything in it, the database included.",
  },
  "azure-native:sql:Server": {
    gone: "Drops the SQL server of {whose} and with it the database: every table, load and version.",
    replaced:
      "Drops the SQL server of {whose} and with it the database. The new one is empty and has another address: every dataset has to be loaded again, and Fivetran is sent everything anew.",
  },
  "azure-native:sql:Database": {
    gone: "Drops the database of {whose}: every table, load and version. Azure keeps its backups for the retention time only.",
    replaced:
      "Drops the database of {whose} and makes an empty one: every dataset has to be loaded again, and Fivetran is sent everything anew.",
  },
  "azure-native:sql:FirewallRule": {
    gone: "Data Factory and the function of {whose} can no longer reach the database.",
    replaced: "Data Factory and the function of {whose} cannot reach the database until the new rule stands.",
  },
  "azure-native:keyvault:Vault": {
    gone: "Deletes the key vault of {whose}. Purge protection keeps it and its name for 90 days: until then no vault can take the name, only this one can be recovered.",
    replaced:
      "Replaces the key vault of {whose}. Purge protection keeps the old one and its name for 90 days: a new one under the same name fails, the old one has to be recovered instead.",
  },
  "azure-native:keyvault:Secret": {
    gone: "Quantemplate's client secret is gone from the vault of {whose}: no load can sign in. The vault keeps it recoverable for 90 days.",
    replaced: "Loads of {whose} cannot sign in to Quantemplate until the new secret stands.",
  },
  "azure-native:storage:StorageAccount": {
    gone: "Deletes the storage account of {whose}: the function's package, locks and keys. No dataset is in it; the function stands still until its code is deployed again.",
  },
  "azure-native:storage:BlobContainer": {
    gone: "Deletes the container with the function's package of {whose}: the function cannot start until its code is deployed again.",
  },
  "azure-native:web:WebApp": {
    gone: "Deletes the function app of {whose}: Fivetran gets no answer.",
    replaced:
      "Replaces the function app of {whose}: Fivetran gets no answer meanwhile, and address and key have to be given to Fivetran again. Its position in the change feed is kept by Fivetran.",
  },
  "azure-native:web:AppServicePlan": {
    gone: "Deletes the plan that the function app of {whose} runs on: Fivetran gets no answer meanwhile.",
  },
  [stepType.key]: {
    gone: "The function key of {whose} stops working: Fivetran is refused.",
    replaced: "The function key of {whose} changes: the new one has to be given to Fivetran.",
  },
  "azure-native:datafactory:Factory": {
    gone: "Deletes the data factory of {whose} with its pipelines and the history of their runs. Landed data stays.",
    replaced:
      "Replaces the data factory of {whose}: the history of its runs is lost, running loads end, and its identity needs its rights and its database user anew (made by the same deployment). Landed data stays.",
  },
  "azure-native:datafactory:Pipeline": {
    gone: "Nobody can start the pipeline any more for {whose}. Landed data stays.",
    light: true,
  },
  "azure-native:datafactory:Trigger": {
    gone: "The scheduled run of {whose} ends: what a lost event missed is not made up for.",
    replaced: "The scheduled run of {whose} pauses until the new trigger stands.",
  },
  "azure-native:automation:AutomationAccount": {
    gone: "Deletes the Automation account of {whose} with its webhook and the history of its jobs: events of Quantemplate are lost until a new URL is given to it.",
  },
  "azure-native:automation:Webhook": {
    gone: "The webhook of {whose} stops answering: events of Quantemplate are lost, only the daily reconciliation still loads.",
    replaced:
      "The webhook of {whose} gets a new URL: it has to be given to Quantemplate (stack output webhookUrl). Events sent to the old one after its deletion are lost; the daily reconciliation makes up for them.",
  },
  [stepType.webhookUri]: {
    gone: "The URL of the webhook of {whose} is forgotten: Azure never tells it again.",
    replaced:
      "A new webhook URL is minted for {whose}: it has to be given to Quantemplate (stack output webhookUrl).",
  },
  "azure-native:automation:Runbook": {
    gone: "Events of {whose} start no load.",
    replaced: "Events of {whose} start no load until the new runbook is published.",
  },
  "azure-native:authorization:RoleAssignment": {
    gone: "Takes a right away from an identity of {whose}: what it is used for fails.",
    replaced:
      "An identity of {whose} is without this right until the new assignment has spread, up to minutes.",
  },
  "azure-native:authorization:RoleDefinition": {
    gone: "The runbook of {whose} may no longer start pipelines.",
    replaced: "The runbook of {whose} may not start pipelines until the new role is assigned.",
  },
  "azure-native:managedidentity:UserAssignedIdentity": {
    gone: "The function of {whose} loses its identity: it reaches neither database nor storage.",
    replaced:
      "The function of {whose} gets another identity: it reaches neither database nor storage until its user and its rights are made anew by the same deployment.",
  },
  "azure-native:operationalinsights:Workspace": {
    gone: "Deletes the log workspace of {whose}: its logs can be recovered for 14 days.",
  },
  "azure-native:applicationinsights:Component": {
    gone: "Deletes the telemetry component of {whose}; what it recorded stays in the log workspace.",
    light: true,
  },
  "random:index/randomPassword:RandomPassword": {
    gone: "The function key of {whose} changes: the new one has to be given to Fivetran.",
  },
};

/** Where a type stands among those whose loss is told, the gravest first. */
export function rankOf(type: string): number {
  const rank = Object.keys(byType).indexOf(unversioned(type));
  return rank < 0 ? Number.MAX_SAFE_INTEGER : rank;
}

/** What a deletion, a replacement or an imperative step means. @param whose "tenant acme" or "each of these 37 tenants". */
export function meaningOf(step: ResourceStep, whose: string): Meaning | undefined {
  if (step.op === "update" || step.op === "create" || step.op === "import") {
    return together([...runs(step, whose), ...(step.effects ?? [])]);
  }
  const words = byType[unversioned(step.type)];
  const sentences: string[] = [];
  if (step.op === "delete" && step.retainOnDelete) {
    return { text: `Stays in Azure with ${whose}; Pulumi only forgets it.`, grave: false };
  }
  const grave = words !== undefined && words.light !== true;
  // Nothing protects it: protection is of the one that took its place.
  if (step.leftover !== undefined) {
    const which = step.leftover === 1 ? "old one" : `${step.leftover} old ones`;
    const text = `Deletes the ${which} of ${whose} that an interrupted run left, with all that is in ${step.leftover === 1 ? "it" : "them"}.`;
    return { text, grave };
  }
  if (words !== undefined) {
    const text = step.op === "replace" ? (words.replaced ?? words.gone) : words.gone;
    sentences.push(text.replaceAll("{whose}", whose));
  }
  if (step.protect)
    sentences.push(
      "It is protected: Pulumi refuses this until the tenant sets quantemplate:protect to false.",
    );
  if (sentences.length === 0) return undefined;
  return { text: sentences.join(" "), grave };
}

function together([first, ...effects]: readonly Effect[]): Meaning | undefined {
  if (first === undefined || effects.length === 0) return first;
  return { text: first.text, grave: first.grave || effects.some(({ grave }) => grave), effects };
}

/** What a step of infra/steps/ does when it runs. */
function runs({ op, type, changes }: ResourceStep, whose: string): Effect[] {
  const texts: Readonly<Record<string, string>> = {
    [stepType.migration]: `${op === "create" ? "Sets up" : "Migrates"} the database of ${whose}: ${migrated(changes)}.`,
    [stepType.code]: `Deploys the function's code of ${whose}.`,
    [stepType.key]: `Sets the function key of ${whose}${op === "create" ? "" : " again"}, once the code is deployed.`,
    [stepType.runbook]: `Publishes the runbook of ${whose}.`,
  };
  const text = texts[type];
  return text === undefined ? [] : [{ text, grave: false }];
}

/** `2 SQL files, 1 dataset`: what the migration brings up to date. */
function migrated(changes: ResourceStep["changes"]): string {
  const files = changes.filter(({ path, kind }) => path.startsWith(SQL_FILES) && kind !== "delete").length;
  const items = (property: string) => {
    const paths = changes.map(({ path }) => parsePath(path).map(String));
    return new Set(paths.flatMap(([first, item]) => (first === property && item !== undefined ? [item] : [])))
      .size;
  };
  const counted = [
    [files, "SQL file"],
    [items("datasets"), "dataset"],
    [items("users"), "user"],
  ] as const;
  const told = counted.filter(([number]) => number > 0).map(([number, noun]) => count(number, noun));
  return told.join(", ") || "no SQL file, dataset or user";
}

import { azureResourceTypes, type LossWords } from "../../../packages/azure-resource-types";
import { parsePath } from "../../../packages/kit/property-path";
import { unversioned } from "../../../packages/kit/urn";
import { count } from "./count";
import type { Effect, ResourceStep } from "./model";
import { SQL_FILES, stepType } from "./step-files";

/** What a change means for the data and for external parties, in words. */
export interface Meaning extends Effect {
  /** Further sentences, the severest first. The meaning is severe if one of them is. */
  readonly effects?: readonly Effect[];
}

/** The sentences one by one, each with its own severity. */
export function sentencesOf({ text, severe, effects = [] }: Meaning): Effect[] {
  return effects.length === 0 ? [{ text, severe }] : [{ text, severe: false }, ...effects];
}

/**
 * What the loss of a resource means for this product. `{what}` stands for the clause of the type's descriptor; `{whose}` becomes
 * "tenant acme" or "each of these 37 tenants". Without an entry, the descriptor's words stand alone.
 */
interface Consequence {
  /** The effect of deleting it, and of replacing it unless `replaced` is given. */
  readonly gone?: string;
  readonly replaced?: string;
}

/** The severest first. */
const consequences: Readonly<Record<string, Consequence>> = {
  "random:index/randomString:RandomString": {
    gone: "The suffix in every name of {whose} changes: every resource is replaced, the database included.",
  },
  "azure-native:resources:ResourceGroup": {
    gone: "{what}, the database included.",
    replaced: "{what}, the database included.",
  },
  "azure-native:sql:Server": {
    gone: "{what}: every table, load and version.",
    replaced: "{what}: every dataset has to be loaded again, and Fivetran is sent everything again.",
  },
  "azure-native:sql:Database": {
    gone: "{what}: every table, load and version.",
    replaced: "{what}: every dataset has to be loaded again, and Fivetran is sent everything again.",
  },
  "azure-native:sql:FirewallRule": {
    gone: "Data Factory and the function of {whose} can no longer reach the database.",
    replaced: "Data Factory and the function of {whose} cannot reach the database until the new rule exists.",
  },
  "azure-native:keyvault:Vault": {},
  "azure-native:keyvault:Secret": {
    gone: "Quantemplate's client secret is gone from the vault of {whose}: no load can sign in.",
    replaced: "Loads of {whose} cannot sign in to Quantemplate until the new secret exists.",
  },
  "azure-native:storage:StorageAccount": {
    gone: "{what}: the function's package, locks and keys. No dataset is in it; the function does not run until its code is deployed again.",
  },
  "azure-native:storage:BlobContainer": {
    gone: "Deletes the container with the function's package of {whose}: the function cannot start until its code is deployed again.",
  },
  "azure-native:web:WebApp": {
    gone: "{what}: Fivetran gets no answer.",
    replaced:
      "{what}: Fivetran gets no answer in the meantime, and its address and key have to be given to Fivetran again. Fivetran keeps its position in the change feed.",
  },
  "azure-native:web:AppServicePlan": { gone: "{what}: Fivetran gets no answer in the meantime." },
  [stepType.key]: {
    gone: "The function key of {whose} stops working: Fivetran is refused.",
    replaced: "The function key of {whose} changes: the new one has to be given to Fivetran.",
  },
  "azure-native:datafactory:Factory": {
    gone: "{what}. Landed data stays.",
    replaced:
      "{what}, and its identity needs its rights and its database user again (the same deployment creates them). Landed data stays.",
  },
  "azure-native:datafactory:Pipeline": { gone: "{what}. Landed data stays." },
  "azure-native:datafactory:Trigger": { gone: "{what}: what a lost event missed is not made up for." },
  "azure-native:automation:AutomationAccount": {
    gone: "{what}: events of Quantemplate are lost until a new URL is given to it.",
  },
  "azure-native:automation:Webhook": {
    gone: "{what}: events of Quantemplate are lost, only the daily reconciliation still loads.",
    replaced:
      "{what}: it has to be given to Quantemplate (stack output webhookUrl). Events sent to the old one after its deletion are lost; the daily reconciliation makes up for them.",
  },
  [stepType.webhookUri]: {
    gone: "The URL of the webhook of {whose} is forgotten: Azure never shows it again.",
    replaced:
      "A new webhook URL is minted for {whose}: it has to be given to Quantemplate (stack output webhookUrl).",
  },
  "azure-native:automation:Runbook": {
    gone: "Events of {whose} start no load.",
    replaced: "Events of {whose} start no load until the new runbook is published.",
  },
  "azure-native:authorization:RoleAssignment": {},
  "azure-native:authorization:RoleDefinition": {
    gone: "The runbook of {whose} may no longer start pipelines.",
    replaced: "The runbook of {whose} may not start pipelines until the new role is assigned.",
  },
  "azure-native:managedidentity:UserAssignedIdentity": {
    gone: "The function of {whose} loses its identity: it reaches neither database nor storage.",
    replaced:
      "The function of {whose} gets another identity: it reaches neither database nor storage until the same deployment has created its user and its rights again.",
  },
  "azure-native:operationalinsights:Workspace": {},
  "azure-native:applicationinsights:Component": {},
  "random:index/randomPassword:RandomPassword": {
    gone: "The function key of {whose} changes: the new one has to be given to Fivetran.",
  },
};

/** What the loss of a resource means: the descriptor's words, continued by the product's. */
interface Loss {
  readonly gone: string;
  readonly replaced: string;
  readonly configOnly: boolean;
}

function lossOf(type: string): Loss | undefined {
  const words: LossWords = azureResourceTypes.byToken(type)?.loss ?? {};
  const own = consequences[unversioned(type)] ?? {};
  const gone = [sentence(own.gone, words.gone), words.kept].filter(Boolean).join(" ");
  if (gone === "") return undefined;
  const replaced = sentence(own.replaced, words.replaced) ?? gone;
  return { gone, replaced, configOnly: words.configOnly === true };
}

function sentence(own: string | undefined, clause: string | undefined): string | undefined {
  return own?.replace("{what}", clause ?? "") ?? (clause && `${clause}.`);
}

/** A type's position among those whose loss is described, the severest first. */
export function rankOf(type: string): number {
  const rank = Object.keys(consequences).indexOf(unversioned(type));
  return rank < 0 ? Number.MAX_SAFE_INTEGER : rank;
}

/** What a deletion, a replacement or an imperative step means. @param whose "tenant acme" or "each of these 37 tenants". */
export function meaningOf(step: ResourceStep, whose: string): Meaning | undefined {
  if (step.op === "update" || step.op === "create" || step.op === "import") {
    return together([...runs(step, whose), ...(step.effects ?? [])]);
  }
  const loss = lossOf(step.type);
  const sentences: string[] = [];
  if (step.op === "delete" && step.retainOnDelete) {
    return { text: `Stays in Azure with ${whose}; Pulumi only forgets it.`, severe: false };
  }
  const severe = loss !== undefined && !loss.configOnly;
  if (step.awaits !== undefined) return possible(step, step.awaits, loss, severe, whose);
  // It is not protected: protection applies to the resource that took its place.
  if (step.leftover !== undefined) {
    const which = step.leftover === 1 ? "old copy" : `${step.leftover} old copies`;
    const text = `Deletes the ${which} of ${whose} that an interrupted run left, with all that is in ${step.leftover === 1 ? "it" : "them"}.`;
    return { text, severe };
  }
  if (loss !== undefined) {
    const text = step.op === "replace" ? loss.replaced : loss.gone;
    sentences.push(text.replaceAll("{whose}", whose));
  }
  if (step.protect) sentences.push(PROTECTED);
  if (sentences.length === 0) return undefined;
  return { text: sentences.join(" "), severe };
}

/** A replacement that is not certain, and what it would mean. */
function possible(
  { changes, protect }: ResourceStep,
  awaits: readonly string[],
  loss: Loss | undefined,
  severe: boolean,
  whose: string,
): Meaning {
  const causes = changes.filter(({ replaces }) => replaces).map(({ path }) => path);
  const what = causes.length === 0 ? "what forces it" : causes.join(", ");
  const of = awaits.length === 0 ? "the deployment" : `the deployment of ${awaits.join(", ")}`;
  const text = `It may be replaced: ${what} ${causes.length > 1 ? "are" : "is"} known after ${of}. If Azure gives the same again, it stays.`;
  const sentences = [
    ...(loss ? [`If not: ${loss.replaced.replaceAll("{whose}", whose)}`] : []),
    ...(protect ? [PROTECTED] : []),
  ];
  return (
    together([{ text, severe: false }, ...sentences.map((one) => ({ text: one, severe }))]) ?? {
      text,
      severe,
    }
  );
}

const PROTECTED = "It is protected: Pulumi refuses this until the tenant sets quantemplate:protect to false.";

function together([first, ...effects]: readonly Effect[]): Meaning | undefined {
  if (first === undefined || effects.length === 0) return first;
  return { text: first.text, severe: first.severe || effects.some(({ severe }) => severe), effects };
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
  return text === undefined ? [] : [{ text, severe: false }];
}

/** What the migration brings up to date: `2 SQL files, 1 dataset`. */
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
  const parts = counted.filter(([number]) => number > 0).map(([number, noun]) => count(number, noun));
  return parts.join(", ") || "no SQL file, dataset or user";
}

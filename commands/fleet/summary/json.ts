import type { Effect } from "./model";
import type { Section, Summary } from "./summarise";

/** Version of {@link toJson}'s format. Adding members does not change it; changing them does. */
export const JSON_VERSION = 1;

/**
 * The summary for machines: `{ version, stacks: [{ stack, totals, uncertain, problems, notes }], sections: [{ stacks, names?: { placeholder: { stack: name } }, changes: [{ op,
 * type, name, file?, protect, retainOnDelete, leftover?, awaits?, meaning?: { text, grave, effects?: [{ text, grave }] }, changes: [{ path, kind,
 * form, before?, after?, secret, replaces }] }] }] }`. The same previews give the same bytes.
 */
export function toJson({ stacks, sections }: Summary): string {
  const document = {
    version: JSON_VERSION,
    stacks: stacks.map(({ stack, totals, uncertain, problems, notes }) => ({
      stack,
      totals,
      uncertain,
      problems,
      notes,
    })),
    sections: sections.map((section) => ({
      stacks: section.stacks,
      names: namesByStack(section),
      changes: section.changes.map(({ step, meaning }) => ({
        op: step.op,
        type: step.type,
        name: step.name,
        file: step.file,
        protect: step.protect,
        retainOnDelete: step.retainOnDelete,
        leftover: step.leftover,
        awaits: step.awaits,
        meaning: meaning && { ...graveOf(meaning), effects: meaning.effects?.map(graveOf) },
        changes: step.changes.map(({ path, kind, form, before, after, secret, replaces }) => ({
          path,
          kind,
          form,
          before,
          after,
          secret,
          replaces,
        })),
      })),
    })),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** `grave` is the member's name in the JSON since its version 1. */
function graveOf({ text, severe }: Effect): { readonly text: string; readonly grave: boolean } {
  return { text, grave: severe };
}

function namesByStack({ stacks, names }: Section): unknown {
  if (names === undefined) return undefined;
  const byStack = (values: readonly string[]) =>
    Object.fromEntries(stacks.map((stack, index) => [stack, values[index]]));
  return Object.fromEntries(Object.entries(names).map(([name, values]) => [name, byStack(values)]));
}

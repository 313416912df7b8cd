import { sha256 } from "../../packages/kit/sha256";
import { orAbsent } from "./azure-session";
import type { StepDefinition } from "./step-definition";

export interface RunbookContentInputs {
  readonly runbookId: string;
  /** Path of the script, relative to the project's root. */
  readonly file: string;
  /** The script itself, not its hash, so that a preview shows what is published. */
  readonly content: string;
}

const API_VERSION = "2023-11-01";

/**
 * Puts the script into the runbook's draft and publishes it: no blob, no SAS, no key (docs/sources.md, "Azure Automation").
 * A webhook needs a published runbook. Nothing to remove: the content goes with the runbook.
 */
export const runbookContent: StepDefinition<RunbookContentInputs, { readonly sha256: string }> = {
  replaceOn: ["runbookId"],
  async ensure({ runbookId, content }, azure) {
    await azure.arm("PUT", `${runbookId}/draft/content`, {
      apiVersion: API_VERSION,
      text: { type: "text/powershell", body: content },
    });
    await azure.arm("POST", `${runbookId}/publish`, { apiVersion: API_VERSION });
    return { result: { sha256: sha256(content) } };
  },
  async read(inputs, azure) {
    const published = await orAbsent(
      azure.arm<string>("GET", `${inputs.runbookId}/content`, { apiVersion: API_VERSION }),
    );
    if (published === undefined) return undefined;
    return sameText(published, inputs.content) ? inputs : { ...inputs, content: published };
  },
};

/** Automation may write other line ends and a byte order mark, which change nothing. */
function sameText(one: string, other: string): boolean {
  const plain = (text: string) =>
    text
      .replace(/^\uFEFF/, "")
      .replaceAll("\r\n", "\n")
      .trimEnd();
  return plain(one) === plain(other);
}

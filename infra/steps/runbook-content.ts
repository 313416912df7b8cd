import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { StepDefinition } from "./step-definition";

export interface RunbookContentInputs {
  readonly runbookId: string;
  /** The script, relative to the project's root. */
  readonly file: string;
  /** Hash of the script: a change publishes it again. */
  readonly sha256: string;
}

const API_VERSION = "2023-11-01";
const root = join(__dirname, "..", "..");

/**
 * Puts the script into the runbook's draft and publishes it: no blob, no SAS, no key (facts/automation-and-functions.md §8).
 * A webhook needs a published runbook. Nothing to remove: the content goes with the runbook.
 */
export const runbookContent: StepDefinition<RunbookContentInputs, { readonly sha256: string }> = {
  replaceOn: ["runbookId"],
  async ensure({ runbookId, file, sha256 }, azure) {
    const body = await readFile(join(root, file), "utf8");
    await azure.arm("PUT", `${runbookId}/draft/content`, {
      apiVersion: API_VERSION,
      text: { type: "text/powershell", body },
    });
    await azure.arm("POST", `${runbookId}/publish`, { apiVersion: API_VERSION });
    return { result: { sha256 } };
  },
};

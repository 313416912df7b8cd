import { readFile } from "node:fs/promises";
import { messageOf } from "../../../kit/reason-of";
import { EmulatorError } from "../../errors/emulator-error";
import { type AssignedPolicy, assignedPolicies } from "./assigned-policy";
import { type PolicyFile, policyFileSchema } from "./policy-schema";
import { UnsupportedPolicy } from "./unsupported-policy";

/** What a policy file puts into force. */
export interface Policies {
  /** What each PUT must pass. */
  readonly inForce: readonly AssignedPolicy[];
  /** As lists show them, those that only report among them. */
  readonly assignments: PolicyFile["policyAssignments"];
}

/**
 * Reads a file of Azure Policy objects as `az policy definition show`, `az policy set-definition show` and `az policy assignment show`
 * print them, in three lists.
 * @throws EmulatorError QT6005 if the file cannot be read, or holds what the emulator cannot evaluate.
 */
export async function readPolicies(file: string): Promise<Policies> {
  const refuse = (reason: string) => new EmulatorError("QT6005", { file, reason });
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    throw refuse(messageOf(error));
  }
  const parsed = policyFileSchema.safeParse(content);
  if (!parsed.success) {
    const mistakes = parsed.error.issues.map(
      ({ path, message }) => `${path.join(".") || "the file"}: ${message}`,
    );
    throw refuse(mistakes.join("; "));
  }
  try {
    return { inForce: assignedPolicies(parsed.data), assignments: parsed.data.policyAssignments };
  } catch (error) {
    if (error instanceof UnsupportedPolicy) throw refuse(error.message);
    throw error;
  }
}

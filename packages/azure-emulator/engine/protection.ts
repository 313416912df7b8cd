import { nameOf, stackOf } from "../../kit/urn";
import { EmulatorError } from "../errors/emulator-error";

/** The part of a resource's state that both engines have in common. */
export interface ProtectableResource {
  readonly urn: string;
  readonly protect?: boolean;
}

/** @throws EmulatorError QT7011, naming every protected resource among those to delete. */
export function refuseProtected(resources: readonly ProtectableResource[]): void {
  const guarded = resources.filter(({ protect }) => protect);
  if (guarded.length > 0) throw protectionError(guarded);
}

export function protectionError(resources: readonly ProtectableResource[]): EmulatorError {
  const names = resources.map(({ urn }) => nameOf(urn)).sort();
  const stack = stackOf(resources[0]?.urn ?? "");
  return new EmulatorError("QT7011", {
    subject: names.length > 1 ? `${names.join(", ")} are` : `${names} is`,
    stack,
  });
}

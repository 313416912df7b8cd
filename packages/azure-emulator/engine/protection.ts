import { nameOf, stackOf } from "../../kit/urn";
import { EmulatorError } from "../errors/emulator-error";

/** As both engines keep a resource. */
export interface Kept {
  readonly urn: string;
  readonly protect?: boolean;
}

/** @throws EmulatorError QT7011 that names every protected one of the resources, which would have to be deleted. */
export function refuseProtected(resources: readonly Kept[]): void {
  const guarded = resources.filter(({ protect }) => protect);
  if (guarded.length > 0) throw protectionError(guarded);
}

export function protectionError(resources: readonly Kept[]): EmulatorError {
  const names = resources.map(({ urn }) => nameOf(urn)).sort();
  const stack = stackOf(resources[0]?.urn ?? "");
  return new EmulatorError("QT7011", {
    subject: names.length > 1 ? `${names.join(", ")} are` : `${names} is`,
    stack,
  });
}

import { QtError } from "../../errors/qt-error";
import { projectRoot } from "../../infra/project-text";
import { localTarget } from "../../local";
import { emulatorOnlyAmong } from "../../tenants/emulator-only";
import { tenantNames } from "../../tenants/tenant-files";
import { cloudTarget, type LoadTarget } from "./load-target";

export interface TargetChoice {
  readonly folder: string;
  readonly stack: string;
  /** True for the stack in Azure instead of the emulator. */
  readonly cloud: boolean;
}

/**
 * The stack in Azure, or in the emulator.
 * @throws QtError QT9003 if no emulator runs, QT9014 if the stack has no outputs, QT9031 if only the emulator has the tenant
 */
export async function chooseTarget({ folder, stack, cloud }: TargetChoice): Promise<LoadTarget> {
  if (!cloud) return localTarget(folder, stack);
  if (emulatorOnlyAmong(projectRoot, tenantNames(projectRoot)).includes(stack))
    throw new QtError("QT9031", { stack });
  return cloudTarget(stack);
}

import { localTarget } from "../../local";
import { cloudTarget, type LoadTarget } from "./load-target";

export interface TargetChoice {
  readonly folder: string;
  readonly stack: string;
  /** True for the stack in Azure instead of the emulator. */
  readonly cloud: boolean;
}

/** The stack in Azure, or in the emulator. @throws QtError QT9003 if no emulator runs, QT9014 if the stack has no outputs */
export function chooseTarget({ folder, stack, cloud }: TargetChoice): Promise<LoadTarget> {
  return cloud ? cloudTarget(stack) : localTarget(folder, stack);
}

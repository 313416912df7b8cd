import type { SetupPlan } from "../plan";
import type { SetupStep } from "../step";
import { assignments } from "./assignments";
import { encryptionKey } from "./encryption-key";
import { identities } from "./identities";
import { projectFile } from "./project-file";
import { repository } from "./repository";
import { resourceProviders } from "./resource-providers";
import { roleDefinitions } from "./role-definitions";
import { sqlAdministrators } from "./sql-administrators";
import { stateAccount } from "./state-account";
import { trust } from "./trust";

/** The steps, in the order in which each finds what it needs. */
export function setupSteps(_plan: SetupPlan): readonly SetupStep[] {
  return [
    resourceProviders,
    stateAccount,
    encryptionKey,
    identities,
    trust,
    sqlAdministrators,
    roleDefinitions,
    assignments,
    projectFile,
    repository,
  ];
}

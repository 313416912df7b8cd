import { tagRules } from "./control-plane/body-check/tags";
import { conditionRules } from "./control-plane/conditions";
import { listRules } from "./control-plane/odata/list-query";
import { providerRules } from "./control-plane/provider-registry";
import type { RuleArea } from "./control-plane/rules/azure-rule";

/** Every rule of Azure that the emulator enforces, in the order of docs/azure-rules.md. A service adds its own file of rules here. */
export const azureRules: readonly RuleArea[] = [tagRules, conditionRules, listRules, providerRules];

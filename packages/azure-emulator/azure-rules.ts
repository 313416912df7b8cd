import { tagRules } from "./control-plane/body-check/tags";
import { conditionRules } from "./control-plane/conditions";
import { listRules } from "./control-plane/odata/list-query";
import { policyRules } from "./control-plane/policy/govern";
import { providerRules } from "./control-plane/provider-registry";
import type { RuleArea } from "./control-plane/rules/azure-rule";
import { automationLimitRules } from "./services/automation/resources/automation-limits";
import { webhookRules } from "./services/automation/resources/webhooks";

/** Every rule of Azure that the emulator enforces, in the order of docs/azure-rules.md. A service adds its own file of rules here. */
export const azureRules: readonly RuleArea[] = [
  tagRules,
  conditionRules,
  listRules,
  providerRules,
  policyRules,
  automationLimitRules,
  webhookRules,
];

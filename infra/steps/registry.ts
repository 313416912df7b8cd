/**
 * Every step, loaded on first use: the program itself never loads a step's code.
 * It uses `require`, because the CommonJS loader for TypeScript does not handle `import()` of our files.
 */
export const steps = {
  "webhook-uri": () => (require("./webhook-uri") as typeof import("./webhook-uri")).webhookUri,
  "webhook-address": () =>
    (require("./webhook-address") as typeof import("./webhook-address")).webhookAddress,
  "runbook-content": () =>
    (require("./runbook-content") as typeof import("./runbook-content")).runbookContent,
  "trigger-stopped": () => (require("./trigger-state") as typeof import("./trigger-state")).triggerStopped,
  "trigger-started": () => (require("./trigger-state") as typeof import("./trigger-state")).triggerStarted,
  "function-code": () => (require("./function-code") as typeof import("./function-code")).functionCode,
  "function-key": () => (require("./function-key") as typeof import("./function-key")).functionKey,
  "sql-administrator": () =>
    (require("./sql-administrator") as typeof import("./sql-administrator")).sqlAdministrator,
  "sql-auditing": () => (require("./sql-auditing") as typeof import("./sql-auditing")).sqlAuditing,
  "managed-network": () =>
    (require("./managed-network") as typeof import("./managed-network")).managedNetwork,
  "endpoint-approval": () =>
    (require("./endpoint-approval") as typeof import("./endpoint-approval")).endpointApproval,
  "function-allow-list": () =>
    (require("./function-allow-list") as typeof import("./function-allow-list")).functionAllowList,
  "existing-resource": () =>
    (require("./existing-resource") as typeof import("./existing-resource")).existingResource,
  placement: () => (require("./placement") as typeof import("./placement")).placement,
  "budget-start": () => (require("./budget-start") as typeof import("./budget-start")).budgetStart,
  "identity-client-id": () =>
    (require("./identity-client-id") as typeof import("./identity-client-id")).identityClientId,
  "known-role": () => (require("./known-role") as typeof import("./known-role")).knownRole,
  "database-migration": () =>
    (require("./database-migration") as typeof import("./database-migration")).databaseMigration,
};

export type StepName = keyof typeof steps;

type Definition<Name extends StepName> = ReturnType<(typeof steps)[Name]>;
type OutcomeOf<Name extends StepName> = Awaited<ReturnType<Definition<Name>["ensure"]>>;

/** The inputs of a step. */
export type StepInputs<Name extends StepName> = Parameters<Definition<Name>["ensure"]>[0];
export type StepResult<Name extends StepName> = OutcomeOf<Name>["result"];
export type StepSecret<Name extends StepName> = NonNullable<OutcomeOf<Name>["secret"]>;

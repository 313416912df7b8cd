import { armRules } from "../../control-plane/rules/azure-rule";

const SPEC =
  "https://github.com/Azure/azure-rest-api-specs/tree/main/specification/datafactory/resource-manager";
const LEARN = "https://learn.microsoft.com/azure/data-factory";
const test = (title: string) => ["services/data-factory/rest/arm-datafactory.itest.ts", title] as const;
const refused = (title: string) => ["services/data-factory/model/refusals.test.ts", title] as const;

/** What Data Factory refuses, beside what its definitions must look like. */
export const dataFactoryRules = armRules("Data Factory", {
  triggerEnabled: {
    what: "A started trigger can be neither changed nor deleted.",
    source: "https://github.com/Azure-Player/azure.datafactory.tools/issues/350",
    answer: { status: 400, code: "TriggerEnabledCannotUpdate" },
    test: test("refuses to change and to delete a started trigger"),
  },
  factoryReplaced: {
    what: "A PUT of a factory replaces what it does not name, such as its Git repository and its global parameters.",
    source: "https://github.com/Azure/azure-powershell/issues/17382",
    answer: { status: 200, code: "replaced" },
    test: test("loses the repository of a factory that is put without it"),
  },
  referenced: {
    what: "A linked service, dataset or pipeline is not deleted while another object of the factory names it.",
    source:
      "https://github.com/liprec/azurebi-docs/issues/102; https://github.com/liprec/vsts-publish-adf/issues/104",
    answer: { status: 400, code: "BadRequest" },
    test: test("refuses to delete what another object refers to"),
  },
  secureString: {
    what: "The value of a SecureString is answered as asterisks, by no route in clear.",
    source: `${SPEC} (SecureString: "masked with asterisks '*' during Get or List API calls")`,
    answer: { status: 200, code: "**********" },
    test: test("never answers the value of a SecureString"),
  },
  runPages: {
    what: "A query of runs answers 100 at most, and a continuationToken for the next; the token belongs to the query.",
    source: `${SPEC} (RunFilterParameters.continuationToken)`,
    answer: { status: 400, code: "BadRequest" },
    test: ["services/data-factory/rest/run-query.test.ts", "answers 100 runs at most"],
    moreTests: [
      [
        "services/data-factory/rest/run-query.test.ts",
        "refuses a token that is none, or that of another query",
      ],
    ],
  },
  nesting: {
    what: "An If or a Switch may be in a ForEach or an Until; no other activity with activities may be in another.",
    source: `${LEARN}/concepts-nested-activities`,
    answer: { status: 400, code: "BadRequest" },
    test: refused("cannot be inside 'outer'"),
  },
  completedAlone: {
    what: "A branch on Completed does not coexist with one on Succeeded or Failed of the same activity.",
    source: `${LEARN}/tutorial-pipeline-failure-error-handling`,
    answer: { status: 400, code: "BadRequest" },
    test: refused("Completed beside Failed"),
  },
  switchCases: {
    what: "A Switch has 1 to 25 cases.",
    source: `${LEARN}/control-flow-switch-activity`,
    answer: { status: 400, code: "BadRequest" },
    test: refused("a Switch of 26 cases"),
  },
  ownVariable: {
    what: "A SetVariable does not read the variable that it sets.",
    source: `${LEARN}/control-flow-set-variable-activity`,
    answer: { status: 400, code: "BadRequest" },
    test: refused("a SetVariable that reads its own variable"),
  },
  untilGoesOn: {
    what: "An Until goes on after a pass that failed, until its condition is true or its time is over.",
    source: `${LEARN}/control-flow-until-activity`,
    answer: { status: 200, code: "Failed" },
    test: ["services/data-factory/activities/control-flow.test.ts", "Until goes on after a failed pass"],
  },
  rerun: {
    what: "A run is started again from the beginning; `referencePipelineRunId` and the like are refused by name (Azure has them).",
    source: "https://learn.microsoft.com/rest/api/datafactory/pipelines/create-run",
    answer: { status: 400, code: "RerunNotSupported" },
    test: test("refuses a request with Azure's status"),
  },
});

import type { input } from "@pulumi/azure-native/types";
import { list, oneOf, part, type Rest, refused, type TypedShape, verbatim } from "./field";

const control = {
  name: verbatim,
  type: verbatim,
  description: verbatim,
  state: verbatim,
  onInactiveMarkAs: verbatim,
  dependsOn: list(part("ActivityDependency")),
  userProperties: list(part("UserProperty")),
};
const execution = {
  ...control,
  policy: part("ActivityPolicy"),
  linkedServiceName: part("LinkedServiceReference"),
};
const copy = {
  ...execution,
  inputs: list(part("DatasetReference")),
  outputs: list(part("DatasetReference")),
};
const setVariable = { ...control, policy: part("SecureInputOutputPolicy") };
const executePipeline = { ...control, policy: part("ExecutePipelinePolicy") };

/** The activity types that the project uses or that the emulator runs, by their `type`. */
export const activities = {
  WebActivity: {
    beside: execution,
    inside: {
      url: verbatim,
      method: verbatim,
      headers: verbatim,
      body: verbatim,
      authentication: part("WebAuthentication"),
      httpRequestTimeout: verbatim,
      turnOffAsync: verbatim,
      disableCertValidation: verbatim,
      datasets: list(part("DatasetReference")),
      linkedServices: list(part("LinkedServiceReference")),
      connectVia: part("IntegrationRuntimeReference"),
    } satisfies Rest<input.datafactory.WebActivityArgs, typeof execution>,
  },
  Copy: {
    beside: copy,
    inside: {
      source: oneOf("source"),
      sink: oneOf("sink"),
      translator: verbatim,
      enableStaging: verbatim,
      stagingSettings: refused,
      parallelCopies: verbatim,
      dataIntegrationUnits: verbatim,
      enableSkipIncompatibleRow: verbatim,
      redirectIncompatibleRowSettings: refused,
      logStorageSettings: refused,
      logSettings: refused,
      preserve: verbatim,
      preserveRules: verbatim,
      validateDataConsistency: verbatim,
      skipErrorFile: refused,
    } satisfies Rest<input.datafactory.CopyActivityArgs, typeof copy>,
  },
  SqlServerStoredProcedure: {
    beside: execution,
    inside: { storedProcedureName: verbatim, storedProcedureParameters: verbatim } satisfies Rest<
      input.datafactory.SqlServerStoredProcedureActivityArgs,
      typeof execution
    >,
  },
  Lookup: {
    beside: execution,
    inside: {
      source: oneOf("source"),
      dataset: part("DatasetReference"),
      firstRowOnly: verbatim,
      treatDecimalAsString: verbatim,
    } satisfies Rest<input.datafactory.LookupActivityArgs, typeof execution>,
  },
  Script: {
    beside: execution,
    inside: {
      scripts: list(part("ScriptBlock")),
      scriptBlockExecutionTimeout: verbatim,
      returnMultistatementResult: verbatim,
      treatDecimalAsString: verbatim,
      logSettings: refused,
    } satisfies Rest<input.datafactory.ScriptActivityArgs, typeof execution>,
  },
  AzureFunctionActivity: {
    beside: execution,
    inside: { functionName: verbatim, method: verbatim, headers: verbatim, body: verbatim } satisfies Rest<
      input.datafactory.AzureFunctionActivityArgs,
      typeof execution
    >,
  },
  SetVariable: {
    beside: setVariable,
    inside: { variableName: verbatim, value: verbatim, setSystemVariable: verbatim } satisfies Rest<
      input.datafactory.SetVariableActivityArgs,
      typeof setVariable
    >,
  },
  AppendVariable: {
    beside: control,
    inside: { variableName: verbatim, value: verbatim } satisfies Rest<
      input.datafactory.AppendVariableActivityArgs,
      typeof control
    >,
  },
  ExecutePipeline: {
    beside: executePipeline,
    inside: {
      pipeline: part("PipelineReference"),
      parameters: verbatim,
      waitOnCompletion: verbatim,
    } satisfies Rest<input.datafactory.ExecutePipelineActivityArgs, typeof executePipeline>,
  },
  IfCondition: {
    beside: control,
    inside: {
      expression: part("Expression"),
      ifTrueActivities: list(oneOf("activity")),
      ifFalseActivities: list(oneOf("activity")),
    } satisfies Rest<input.datafactory.IfConditionActivityArgs, typeof control>,
  },
  Switch: {
    beside: control,
    inside: {
      on: part("Expression"),
      cases: list(part("SwitchCase")),
      defaultActivities: list(oneOf("activity")),
    } satisfies Rest<input.datafactory.SwitchActivityArgs, typeof control>,
  },
  ForEach: {
    beside: control,
    inside: {
      items: part("Expression"),
      isSequential: verbatim,
      batchCount: verbatim,
      activities: list(oneOf("activity")),
    } satisfies Rest<input.datafactory.ForEachActivityArgs, typeof control>,
  },
  Until: {
    beside: control,
    inside: {
      expression: part("Expression"),
      timeout: verbatim,
      activities: list(oneOf("activity")),
    } satisfies Rest<input.datafactory.UntilActivityArgs, typeof control>,
  },
  Filter: {
    beside: control,
    inside: { items: part("Expression"), condition: part("Expression") } satisfies Rest<
      input.datafactory.FilterActivityArgs,
      typeof control
    >,
  },
  Wait: {
    beside: control,
    inside: { waitTimeInSeconds: verbatim } satisfies Rest<
      input.datafactory.WaitActivityArgs,
      typeof control
    >,
  },
  Fail: {
    beside: control,
    inside: { message: verbatim, errorCode: verbatim } satisfies Rest<
      input.datafactory.FailActivityArgs,
      typeof control
    >,
  },
} satisfies Record<string, TypedShape>;

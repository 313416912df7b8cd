import type { input } from "@pulumi/azure-native/types";
import { any, list, oneOf, part, type Rest, refused, type TypedShape } from "./field";

const control = {
  name: any,
  type: any,
  description: any,
  state: any,
  onInactiveMarkAs: any,
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

/** The activity types that the project uses or that its runner knows, by their `type`. */
export const activities = {
  WebActivity: {
    beside: execution,
    inside: {
      url: any,
      method: any,
      headers: any,
      body: any,
      authentication: part("WebAuthentication"),
      httpRequestTimeout: any,
      turnOffAsync: any,
      disableCertValidation: any,
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
      translator: any,
      enableStaging: any,
      stagingSettings: refused,
      parallelCopies: any,
      dataIntegrationUnits: any,
      enableSkipIncompatibleRow: any,
      redirectIncompatibleRowSettings: refused,
      logStorageSettings: refused,
      logSettings: refused,
      preserve: any,
      preserveRules: any,
      validateDataConsistency: any,
      skipErrorFile: refused,
    } satisfies Rest<input.datafactory.CopyActivityArgs, typeof copy>,
  },
  SqlServerStoredProcedure: {
    beside: execution,
    inside: { storedProcedureName: any, storedProcedureParameters: any } satisfies Rest<
      input.datafactory.SqlServerStoredProcedureActivityArgs,
      typeof execution
    >,
  },
  Lookup: {
    beside: execution,
    inside: {
      source: oneOf("source"),
      dataset: part("DatasetReference"),
      firstRowOnly: any,
      treatDecimalAsString: any,
    } satisfies Rest<input.datafactory.LookupActivityArgs, typeof execution>,
  },
  Script: {
    beside: execution,
    inside: {
      scripts: list(part("ScriptBlock")),
      scriptBlockExecutionTimeout: any,
      returnMultistatementResult: any,
      treatDecimalAsString: any,
      logSettings: refused,
    } satisfies Rest<input.datafactory.ScriptActivityArgs, typeof execution>,
  },
  AzureFunctionActivity: {
    beside: execution,
    inside: { functionName: any, method: any, headers: any, body: any } satisfies Rest<
      input.datafactory.AzureFunctionActivityArgs,
      typeof execution
    >,
  },
  SetVariable: {
    beside: setVariable,
    inside: { variableName: any, value: any, setSystemVariable: any } satisfies Rest<
      input.datafactory.SetVariableActivityArgs,
      typeof setVariable
    >,
  },
  AppendVariable: {
    beside: control,
    inside: { variableName: any, value: any } satisfies Rest<
      input.datafactory.AppendVariableActivityArgs,
      typeof control
    >,
  },
  ExecutePipeline: {
    beside: executePipeline,
    inside: { pipeline: part("PipelineReference"), parameters: any, waitOnCompletion: any } satisfies Rest<
      input.datafactory.ExecutePipelineActivityArgs,
      typeof executePipeline
    >,
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
      isSequential: any,
      batchCount: any,
      activities: list(oneOf("activity")),
    } satisfies Rest<input.datafactory.ForEachActivityArgs, typeof control>,
  },
  Until: {
    beside: control,
    inside: {
      expression: part("Expression"),
      timeout: any,
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
    inside: { waitTimeInSeconds: any } satisfies Rest<input.datafactory.WaitActivityArgs, typeof control>,
  },
  Fail: {
    beside: control,
    inside: { message: any, errorCode: any } satisfies Rest<
      input.datafactory.FailActivityArgs,
      typeof control
    >,
  },
} satisfies Record<string, TypedShape>;

import type { PipelineArgs } from "@pulumi/azure-native/datafactory";
import type { input } from "@pulumi/azure-native/types";
import {
  dropped,
  type Exactly,
  type Field,
  type Fields,
  list,
  map,
  oneOf,
  part,
  refused,
  verbatim,
} from "./field";

/** Parts that need no `type`, because their key always holds the same kind. */
export const parts = {
  ActivityDependency: {
    activity: verbatim,
    dependencyConditions: verbatim,
  } satisfies Exactly<input.datafactory.ActivityDependencyArgs>,
  UserProperty: { name: verbatim, value: verbatim } satisfies Exactly<input.datafactory.UserPropertyArgs>,
  ActivityPolicy: {
    timeout: verbatim,
    retry: verbatim,
    retryIntervalInSeconds: verbatim,
    secureInput: verbatim,
    secureOutput: verbatim,
  } satisfies Exactly<input.datafactory.ActivityPolicyArgs>,
  SecureInputOutputPolicy: {
    secureInput: verbatim,
    secureOutput: verbatim,
  } satisfies Exactly<input.datafactory.SecureInputOutputPolicyArgs>,
  ExecutePipelinePolicy: {
    secureInput: verbatim,
  } satisfies Exactly<input.datafactory.ExecutePipelineActivityPolicyArgs>,
  LinkedServiceReference: {
    referenceName: verbatim,
    type: verbatim,
    parameters: verbatim,
  } satisfies Exactly<input.datafactory.LinkedServiceReferenceArgs>,
  DatasetReference: {
    referenceName: verbatim,
    type: verbatim,
    parameters: verbatim,
  } satisfies Exactly<input.datafactory.DatasetReferenceArgs>,
  PipelineReference: {
    referenceName: verbatim,
    type: verbatim,
    name: verbatim,
  } satisfies Exactly<input.datafactory.PipelineReferenceArgs>,
  IntegrationRuntimeReference: {
    referenceName: verbatim,
    type: verbatim,
    parameters: verbatim,
  } satisfies Exactly<input.datafactory.IntegrationRuntimeReferenceArgs>,
  TriggerPipeline: {
    pipelineReference: part("PipelineReference"),
    parameters: verbatim,
  } satisfies Exactly<input.datafactory.TriggerPipelineReferenceArgs>,
  Parameter: {
    type: verbatim,
    defaultValue: verbatim,
  } satisfies Exactly<input.datafactory.ParameterSpecificationArgs>,
  Variable: {
    type: verbatim,
    defaultValue: verbatim,
  } satisfies Exactly<input.datafactory.VariableSpecificationArgs>,
  Expression: { value: verbatim, type: verbatim } satisfies Exactly<input.datafactory.ExpressionArgs>,
  PipelineFolder: { name: verbatim } satisfies Exactly<input.datafactory.PipelineFolderArgs>,
  PipelinePolicy: {
    elapsedTimeMetric: part("ElapsedTimeMetric"),
  } satisfies Exactly<input.datafactory.PipelinePolicyArgs>,
  ElapsedTimeMetric: {
    duration: verbatim,
  } satisfies Exactly<input.datafactory.PipelineElapsedTimeMetricPolicyArgs>,
  DatasetFolder: { name: verbatim } satisfies Exactly<input.datafactory.DatasetFolderArgs>,
  WebAuthentication: {
    type: verbatim,
    resource: verbatim,
    username: verbatim,
    userTenant: verbatim,
    password: refused,
    pfx: refused,
    credential: refused,
  } satisfies Exactly<input.datafactory.WebActivityAuthenticationArgs>,
  ScriptBlock: {
    type: verbatim,
    text: verbatim,
    parameters: list(part("ScriptParameter")),
  } satisfies Exactly<input.datafactory.ScriptActivityScriptBlockArgs>,
  ScriptParameter: {
    name: verbatim,
    type: verbatim,
    value: verbatim,
    direction: verbatim,
    size: verbatim,
  } satisfies Exactly<input.datafactory.ScriptActivityParameterArgs>,
  SwitchCase: {
    value: verbatim,
    activities: list(oneOf("activity")),
  } satisfies Exactly<input.datafactory.SwitchCaseArgs>,
  Recurrence: {
    frequency: verbatim,
    interval: verbatim,
    startTime: verbatim,
    endTime: verbatim,
    timeZone: verbatim,
    schedule: part("RecurrenceSchedule"),
  } satisfies Exactly<input.datafactory.ScheduleTriggerRecurrenceArgs>,
  RecurrenceSchedule: {
    minutes: verbatim,
    hours: verbatim,
    weekDays: verbatim,
    monthDays: verbatim,
    monthlyOccurrences: list(part("RecurrenceOccurrence")),
  } satisfies Exactly<input.datafactory.RecurrenceScheduleArgs>,
  RecurrenceOccurrence: {
    day: verbatim,
    occurrence: verbatim,
  } satisfies Exactly<input.datafactory.RecurrenceScheduleOccurrenceArgs>,
  Pipeline: {
    description: verbatim,
    activities: list(oneOf("activity")),
    parameters: map(part("Parameter")),
    variables: map(part("Variable")),
    concurrency: verbatim,
    annotations: verbatim,
    runDimensions: verbatim,
    folder: part("PipelineFolder"),
    policy: part("PipelinePolicy"),
    lastPublishTime: dropped,
  } satisfies Record<
    Exclude<keyof PipelineArgs, "factoryName" | "resourceGroupName" | "pipelineName"> | "lastPublishTime",
    Field
  >,
} satisfies Record<string, Fields>;

import type { PipelineArgs } from "@pulumi/azure-native/datafactory";
import type { input } from "@pulumi/azure-native/types";
import { any, type Exactly, type Field, type Fields, list, map, oneOf, part, refused } from "./field";

/** Parts that need no discriminator, because a key always holds the same one. */
export const parts = {
  ActivityDependency: {
    activity: any,
    dependencyConditions: any,
  } satisfies Exactly<input.datafactory.ActivityDependencyArgs>,
  UserProperty: { name: any, value: any } satisfies Exactly<input.datafactory.UserPropertyArgs>,
  ActivityPolicy: {
    timeout: any,
    retry: any,
    retryIntervalInSeconds: any,
    secureInput: any,
    secureOutput: any,
  } satisfies Exactly<input.datafactory.ActivityPolicyArgs>,
  SecureInputOutputPolicy: {
    secureInput: any,
    secureOutput: any,
  } satisfies Exactly<input.datafactory.SecureInputOutputPolicyArgs>,
  ExecutePipelinePolicy: {
    secureInput: any,
  } satisfies Exactly<input.datafactory.ExecutePipelineActivityPolicyArgs>,
  LinkedServiceReference: {
    referenceName: any,
    type: any,
    parameters: any,
  } satisfies Exactly<input.datafactory.LinkedServiceReferenceArgs>,
  DatasetReference: {
    referenceName: any,
    type: any,
    parameters: any,
  } satisfies Exactly<input.datafactory.DatasetReferenceArgs>,
  PipelineReference: {
    referenceName: any,
    type: any,
    name: any,
  } satisfies Exactly<input.datafactory.PipelineReferenceArgs>,
  IntegrationRuntimeReference: {
    referenceName: any,
    type: any,
    parameters: any,
  } satisfies Exactly<input.datafactory.IntegrationRuntimeReferenceArgs>,
  TriggerPipeline: {
    pipelineReference: part("PipelineReference"),
    parameters: any,
  } satisfies Exactly<input.datafactory.TriggerPipelineReferenceArgs>,
  Parameter: { type: any, defaultValue: any } satisfies Exactly<input.datafactory.ParameterSpecificationArgs>,
  Variable: { type: any, defaultValue: any } satisfies Exactly<input.datafactory.VariableSpecificationArgs>,
  Expression: { value: any, type: any } satisfies Exactly<input.datafactory.ExpressionArgs>,
  PipelineFolder: { name: any } satisfies Exactly<input.datafactory.PipelineFolderArgs>,
  PipelinePolicy: {
    elapsedTimeMetric: part("ElapsedTimeMetric"),
  } satisfies Exactly<input.datafactory.PipelinePolicyArgs>,
  ElapsedTimeMetric: {
    duration: any,
  } satisfies Exactly<input.datafactory.PipelineElapsedTimeMetricPolicyArgs>,
  DatasetFolder: { name: any } satisfies Exactly<input.datafactory.DatasetFolderArgs>,
  WebAuthentication: {
    type: any,
    resource: any,
    username: any,
    userTenant: any,
    password: refused,
    pfx: refused,
    credential: refused,
  } satisfies Exactly<input.datafactory.WebActivityAuthenticationArgs>,
  ScriptBlock: {
    type: any,
    text: any,
    parameters: list(part("ScriptParameter")),
  } satisfies Exactly<input.datafactory.ScriptActivityScriptBlockArgs>,
  ScriptParameter: {
    name: any,
    type: any,
    value: any,
    direction: any,
    size: any,
  } satisfies Exactly<input.datafactory.ScriptActivityParameterArgs>,
  SwitchCase: {
    value: any,
    activities: list(oneOf("activity")),
  } satisfies Exactly<input.datafactory.SwitchCaseArgs>,
  Recurrence: {
    frequency: any,
    interval: any,
    startTime: any,
    endTime: any,
    timeZone: any,
    schedule: part("RecurrenceSchedule"),
  } satisfies Exactly<input.datafactory.ScheduleTriggerRecurrenceArgs>,
  RecurrenceSchedule: {
    minutes: any,
    hours: any,
    weekDays: any,
    monthDays: any,
    monthlyOccurrences: list(part("RecurrenceOccurrence")),
  } satisfies Exactly<input.datafactory.RecurrenceScheduleArgs>,
  RecurrenceOccurrence: {
    day: any,
    occurrence: any,
  } satisfies Exactly<input.datafactory.RecurrenceScheduleOccurrenceArgs>,
  Pipeline: {
    description: any,
    activities: list(oneOf("activity")),
    parameters: map(part("Parameter")),
    variables: map(part("Variable")),
    concurrency: any,
    annotations: any,
    runDimensions: any,
    folder: part("PipelineFolder"),
    policy: part("PipelinePolicy"),
  } satisfies Record<
    Exclude<keyof PipelineArgs, "factoryName" | "resourceGroupName" | "pipelineName">,
    Field
  >,
} satisfies Record<string, Fields>;

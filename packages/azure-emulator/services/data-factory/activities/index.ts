import type { ActivityKind, ActivityKinds } from "../run/activity-kind";
import { appendVariable } from "./append-variable";
import { azureFunction } from "./azure-function";
import { copy } from "./copy";
import { executePipeline } from "./execute-pipeline";
import { fail } from "./fail";
import { filter } from "./filter";
import { forEach } from "./for-each";
import { ifCondition } from "./if-condition";
import { lookup } from "./lookup";
import { script } from "./script";
import { setVariable } from "./set-variable";
import { storedProcedure } from "./stored-procedure";
import { switchActivity } from "./switch";
import { until } from "./until";
import { wait } from "./wait";
import { web } from "./web";

const all: readonly ActivityKind[] = [
  web,
  copy,
  storedProcedure,
  lookup,
  script,
  setVariable,
  appendVariable,
  ifCondition,
  switchActivity,
  forEach,
  until,
  filter,
  wait,
  fail,
  executePipeline,
  azureFunction,
];

/** The activity types that the emulator runs, by `type`. */
export const activityKinds: ActivityKinds = new Map(all.map((kind) => [kind.type, kind]));

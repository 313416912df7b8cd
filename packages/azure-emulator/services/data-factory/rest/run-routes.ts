import { randomUUID } from "node:crypto";
import { ArmError, type ArmRequest, type ArmRoute } from "../../../control-plane/local-service";
import { type ResourceStore, sameId } from "../../../control-plane/resource";
import { refusal } from "../../../control-plane/rules/azure-rule";
import { dataFactoryRules } from "../data-factory-rules";
import { fromJson, isObject, objectOf } from "../expressions/value";
import { checked } from "../model/checked";
import { refuseInvalid } from "../resources/validation";
import { ActivityError } from "../run/activity-error";
import type { DeployedFactory, FactoryAt } from "../run/deployed-factory";
import type { PipelineRun } from "../run/records";
import type { Runner } from "../run/runner";
import { answerQuery, runFilters } from "./run-query";

const factories = "/providers/Microsoft.DataFactory/factories/:factory";
const actions = "Microsoft.DataFactory/factories";
const statuses: Readonly<Record<string, number>> = { BadRequest: 400, NotFound: 404, TooManyRequests: 429 };

/** Starts, reads, queries and cancels pipeline runs (api-version 2018-06-01). */
export function runRoutes(
  resources: ResourceStore,
  factoryAt: FactoryAt,
  runner: Runner,
): readonly ArmRoute[] {
  return [
    {
      method: "POST",
      path: `${factories}/pipelines/:pipeline/createRun`,
      action: `${actions}/pipelines/createrun/action`,
      async handle(request) {
        const factory = factoryOf(request);
        for (const option of [
          "referencePipelineRunId",
          "startActivityName",
          "startFromFailure",
          "isRecovery",
        ]) {
          if (request.query[option] === undefined || request.query[option] === "false") continue;
          throw refusal(
            dataFactoryRules.rules.rerun,
            `The emulator does not rerun from a failed activity (${option}); start the pipeline again from the beginning.`,
          );
        }
        const { runId } = withArmErrors(() =>
          runner.start({
            factory,
            pipelineName: request.params.pipeline ?? "",
            parameters: parametersOf(request.body),
            invokedBy: { id: randomUUID(), name: "Manual", invokedByType: "Manual" },
            ...causeOf(request),
          }),
        );
        return { status: 200, body: { runId } };
      },
    },
    {
      method: "GET",
      path: `${factories}/pipelineruns/:runId`,
      action: `${actions}/pipelineruns/read`,
      handle: async (request) => ({ status: 200, body: ofFactory(runOf(request)) }),
    },
    {
      method: "POST",
      path: `${factories}/queryPipelineRuns`,
      action: `${actions}/querypipelineruns/action`,
      async handle(request) {
        const factory = factoryOf(request);
        const filters = refuseInvalid(() => checked(runFilters, request.body, "queryPipelineRuns"));
        const runs = runner.store.list().filter((run) => sameId(run.factoryId, factory.id));
        return { status: 200, body: answerQuery(runs.map(ofFactory), filters) };
      },
    },
    {
      method: "POST",
      path: `${factories}/queryTriggerRuns`,
      action: `${actions}/querytriggerruns/action`,
      async handle(request) {
        const factory = factoryOf(request);
        const filters = refuseInvalid(() => checked(runFilters, request.body, "queryTriggerRuns"));
        const runs = runner.store.triggerRuns().filter((run) => sameId(run.factoryId, factory.id));
        return { status: 200, body: answerQuery(runs.map(ofFactory), filters) };
      },
    },
    {
      method: "POST",
      path: `${factories}/pipelineruns/:runId/queryActivityruns`,
      action: `${actions}/pipelineruns/queryactivityruns/action`,
      async handle(request) {
        const run = runOf(request);
        const filters = refuseInvalid(() => checked(runFilters, request.body, "queryActivityruns"));
        return { status: 200, body: answerQuery(runner.store.activityRuns(run.runId), filters) };
      },
    },
    {
      method: "POST",
      path: `${factories}/pipelineruns/:runId/cancel`,
      action: `${actions}/pipelineruns/cancel/action`,
      async handle(request) {
        runner.cancel(runOf(request).runId, request.query.isRecursive !== "false");
        return { status: 200 };
      },
    },
  ];

  function factoryOf(request: ArmRequest): DeployedFactory {
    const id = `${request.resourceGroupId}/providers/Microsoft.DataFactory/factories/${request.params.factory}`;
    const factory = factoryAt(resources.get(id)?.id ?? id);
    if (!factory.exists()) throw new ArmError(404, "ResourceNotFound", `The factory ${id} does not exist.`);
    return factory;
  }

  function runOf(request: ArmRequest): PipelineRun {
    const factory = factoryOf(request);
    const run = runner.store.get(request.params.runId ?? "");
    if (run === undefined || !sameId(run.factoryId, factory.id)) {
      throw new ArmError(
        404,
        "PipelineRunNotFound",
        `The factory '${factory.name}' has no run ${request.params.runId}.`,
      );
    }
    return run;
  }
}

/** A run without the emulator's internal fields. */
function ofFactory<T extends { readonly factoryId: string }>({
  factoryId: _,
  ...run
}: T): Omit<T, "factoryId"> {
  return run;
}

/** The flow step that caused the run; callers send its id as the client request id. */
function causeOf(request: ArmRequest): { parent?: string } {
  const header = request.headers["x-ms-client-request-id"];
  const parent = Array.isArray(header) ? header[0] : header;
  return parent === undefined ? {} : { parent };
}

function parametersOf(body: unknown) {
  if (body === undefined || body === null || body === "") return objectOf([]);
  const value = fromJson(body);
  if (!isObject(value)) throw new ArmError(400, "BadRequest", "The body must be an object of parameters.");
  return value;
}

function withArmErrors<T>(start: () => T): T {
  try {
    return start();
  } catch (error) {
    if (!(error instanceof ActivityError)) throw error;
    throw new ArmError(statuses[error.errorCode] ?? 500, error.errorCode, error.message);
  }
}

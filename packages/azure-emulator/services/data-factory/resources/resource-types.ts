import { ArmError, type PutRequest, type ResourceType } from "../../../control-plane/local-service";
import { parentId, type ResourceStore } from "../../../control-plane/resource";
import { parseDataset } from "../model/dataset";
import { parseLinkedService } from "../model/linked-service";
import { checkPipeline } from "../model/static-checks";
import { parseTrigger } from "../model/trigger";
import type { DeployedFactory, FactoryAt } from "../run/deployed-factory";
import type { Runner } from "../run/runner";
import type { TriggerClock } from "../triggers/trigger-clock";
import { requireStopped, requireUnreferenced } from "./deletions";
import { factoryType } from "./factory";
import { integrationRuntimeType } from "./integration-runtime";
import { withoutSecureStrings } from "./secure-strings";
import { refuseInvalid, requireReferences, requireRuntime } from "./validation";

/** The resource types of Data Factory. A PUT checks what Azure checks: shape, references, expressions. */
export function dataFactoryResourceTypes(
  resources: ResourceStore,
  factoryAt: FactoryAt,
  clock: TriggerClock,
  runner: Runner,
): readonly ResourceType[] {
  const factoryOf = ({ id }: PutRequest): DeployedFactory => {
    const factory = factoryAt(parentId(id));
    if (!factory.exists())
      throw new ArmError(404, "ParentResourceNotFound", `The factory ${factory.id} does not exist.`);
    return factory;
  };

  return [
    factoryType(runner),
    {
      type: "Microsoft.DataFactory/factories/linkedservices",
      shown: withoutSecureStrings,
      mayDelete: (object, stays) => requireUnreferenced(resources, "linkedservices", object, stays),
      async put(request) {
        const factory = factoryOf(request);
        const { runtime } = refuseInvalid(() =>
          parseLinkedService(request.name, request.body.properties ?? {}),
        );
        requireRuntime(runtime, factory, `linked service '${request.name}'`);
        return {};
      },
    },
    integrationRuntimeType(resources),
    {
      type: "Microsoft.DataFactory/factories/datasets",
      shown: withoutSecureStrings,
      mayDelete: (object, stays) => requireUnreferenced(resources, "datasets", object, stays),
      async put(request) {
        const factory = factoryOf(request);
        const dataset = refuseInvalid(() => parseDataset(request.name, request.body.properties ?? {}));
        requireReferences([dataset.linkedService], factory, `dataset '${dataset.name}'`);
        return {};
      },
    },
    {
      type: "Microsoft.DataFactory/factories/pipelines",
      shown: withoutSecureStrings,
      mayDelete: (object, stays) => requireUnreferenced(resources, "pipelines", object, stays),
      async put(request) {
        const factory = factoryOf(request);
        const pipeline = refuseInvalid(() => {
          const parsed = factory.parsePipeline(request.name, request.body.properties ?? {});
          checkPipeline(parsed);
          return parsed;
        });
        for (const activity of pipeline.activities) {
          const referrer = `activity '${activity.name}' of pipeline '${pipeline.name}'`;
          requireReferences(activity.references, factory, referrer, pipeline.name);
        }
        return {};
      },
    },
    {
      type: "Microsoft.DataFactory/factories/triggers",
      shown: withoutSecureStrings,
      async put(request) {
        const factory = factoryOf(request);
        if (request.existing !== undefined) requireStopped(request.existing);
        const trigger = refuseInvalid(() => parseTrigger(request.name, request.body.properties ?? {}));
        requireReferences(trigger.pipelines, factory, `trigger '${trigger.name}'`);
        return { properties: { runtimeState: "Stopped" } };
      },
      mayDelete(trigger, stays) {
        if (stays(parentId(trigger.id))) requireStopped(trigger);
      },
      async delete({ id }) {
        clock.disarm(id);
      },
    },
  ];
}

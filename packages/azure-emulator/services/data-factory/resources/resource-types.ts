import { ArmError, type PutRequest, type ResourceType } from "../../../control-plane/local-service";
import { parentId } from "../../../control-plane/resource";
import { timeZone } from "../expressions/date-time/time-zone";
import { ExpressionError } from "../expressions/expression-error";
import { parseDataset } from "../model/dataset";
import { DefinitionError } from "../model/definition-error";
import { parseLinkedService } from "../model/linked-service";
import { checkExpressions } from "../model/static-checks";
import { parseTrigger } from "../model/trigger";
import type { DeployedFactory, FactoryAt } from "../run/deployed-factory";
import type { TriggerClock } from "../triggers/trigger-clock";
import { factoryType } from "./factory";
import { refuseInvalid, requireReferences } from "./validation";

/** The resource types of Data Factory. A PUT checks what Azure checks: shape, references, expressions. */
export function dataFactoryResourceTypes(factoryAt: FactoryAt, clock: TriggerClock): readonly ResourceType[] {
  const factoryOf = ({ id }: PutRequest): DeployedFactory => {
    const factory = factoryAt(parentId(id));
    if (!factory.exists())
      throw new ArmError(404, "ParentResourceNotFound", `The factory ${factory.id} does not exist.`);
    return factory;
  };

  return [
    factoryType,
    {
      type: "Microsoft.DataFactory/factories/linkedservices",
      async put(request) {
        factoryOf(request);
        refuseInvalid(() => parseLinkedService(request.name, request.body.properties ?? {}));
        return {};
      },
    },
    {
      type: "Microsoft.DataFactory/factories/datasets",
      async put(request) {
        const factory = factoryOf(request);
        const dataset = refuseInvalid(() => parseDataset(request.name, request.body.properties ?? {}));
        requireReferences([dataset.linkedService], factory, `dataset '${dataset.name}'`);
        return {};
      },
    },
    {
      type: "Microsoft.DataFactory/factories/pipelines",
      async put(request) {
        const factory = factoryOf(request);
        const pipeline = refuseInvalid(() => {
          const parsed = factory.parsePipeline(request.name, request.body.properties ?? {});
          checkExpressions(parsed);
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
      async put(request) {
        const factory = factoryOf(request);
        if (request.existing?.properties.runtimeState === "Started") {
          throw new ArmError(
            409,
            "TriggerEnabledCannotUpdate",
            `Cannot update enabled trigger '${request.name}'; stop it first.`,
          );
        }
        const trigger = refuseInvalid(() => {
          const parsed = parseTrigger(request.name, request.body.properties ?? {});
          checkTimeZone(parsed.recurrence.timeZone, request.name);
          return parsed;
        });
        requireReferences(trigger.pipelines, factory, `trigger '${trigger.name}'`);
        return { properties: { runtimeState: "Stopped" } };
      },
      async delete({ id }) {
        clock.disarm(id);
      },
    },
  ];
}

function checkTimeZone(id: string, trigger: string): void {
  try {
    timeZone(id);
  } catch (error) {
    if (error instanceof ExpressionError) throw new DefinitionError(`trigger '${trigger}': ${error.message}`);
    throw error;
  }
}

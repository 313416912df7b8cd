import { dataFactoryFunctions } from "../expressions/functions";
import { eager } from "../expressions/functions/function";
import { objectOf, type ValueObject } from "../expressions/value";
import { emptyScope } from "../run/connections";
import { Resolver } from "../run/resolver";

/**
 * The values of a trigger's parameters, with `trigger().scheduledTime` and `trigger().startTime`
 * (https://learn.microsoft.com/azure/data-factory/how-to-use-trigger-parameterization).
 * @param scheduledTime when it was due, `startTime` when it fired; both ISO 8601, UTC
 * @throws ActivityError for an expression that cannot be evaluated
 */
export function triggerParameters(
  parameters: Readonly<Record<string, unknown>>,
  scheduledTime: string,
  startTime: string,
): ValueObject {
  const trigger = eager("trigger", 0, 0, () =>
    objectOf([
      ["scheduledTime", scheduledTime],
      ["startTime", startTime],
    ]),
  );
  return new Resolver(emptyScope, new Map([...dataFactoryFunctions, ["trigger", trigger]])).object(
    parameters,
  );
}

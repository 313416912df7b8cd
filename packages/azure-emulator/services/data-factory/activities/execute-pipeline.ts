import { z } from "zod";
import { parameterValues, pipelineReference } from "../model/reference";
import { ActivityError } from "../run/activity-error";
import { defineActivity } from "./define-activity";

/** Starts another pipeline of the factory and waits for it if `waitOnCompletion` is set. */
export const executePipeline = defineActivity({
  type: "ExecutePipeline",
  properties: z.strictObject({
    pipeline: pipelineReference,
    waitOnCompletion: z.boolean().default(false),
    parameters: parameterValues.default({}),
  }),
  references: ({ pipeline }) => [pipeline],
  async run({ properties: { pipeline, waitOnCompletion, parameters } }, context) {
    const values = context.resolver.object(parameters);
    context.recordInput({ pipeline: pipeline.name, waitOnCompletion });
    const { runId, finished } = context.startPipeline(pipeline.name, values);
    const output = { pipelineRunId: runId, pipelineName: pipeline.name };
    if (!waitOnCompletion) return output;
    const run = await finished;
    if (run.status === "Succeeded") return { ...output, status: run.status };
    throw new ActivityError(
      "PipelineRunFailed",
      `The run ${runId} of pipeline '${pipeline.name}' ended with status ${run.status}. ${run.message}`,
    );
  },
});

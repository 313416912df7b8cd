import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CodedError } from "../../kit/errors/coded-error";
import type { Engine } from "./engine";
import type { StackFolder } from "./stack-folder";

/**
 * An `up` after a killed `destroy` ends that first. Otherwise it would create what the state has forgotten and the cloud still has: Pulumi drops
 * what goes with another resource (`deletedWith`) before that one goes.
 */
export function finishingDestroys(engine: Engine, stacks: Pick<StackFolder, "workFolder">): Engine {
  const markOf = (stack: string) => join(stacks.workFolder(stack), "destroying");
  const destroy: Engine["destroy"] = async (request, options) => {
    const mark = markOf(request.name);
    mkdirSync(dirname(mark), { recursive: true });
    writeFileSync(mark, "");
    try {
      const result = await engine.destroy(request, options);
      rmSync(mark, { force: true });
      return result;
    } catch (error) {
      // Refused before anything was deleted.
      if (error instanceof CodedError && error.code === "QT7011") rmSync(mark, { force: true });
      throw error;
    }
  };
  return {
    ...engine,
    destroy,
    async up(request, options) {
      if (existsSync(markOf(request.name))) await destroy(request);
      return engine.up(request, options);
    },
  };
}

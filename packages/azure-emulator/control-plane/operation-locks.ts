import { setTimeout as delay } from "node:timers/promises";
import { ArmError } from "./arm-error";
import { isAtOrUnder } from "./resource-id";
import { armRules, refusal } from "./rules/azure-rule";

/** Serializes the operations on each resource. */
export interface OperationLocks {
  /** Runs when every earlier operation on the id has ended. @throws ArmError 409 while the id or an ancestor is being deleted. */
  exclusive<T>(id: string, run: () => Promise<T>): Promise<T>;
  /** Runs, unless another one runs for the id. @throws ArmError 409 */
  alone<T>(id: string, run: () => Promise<T>): Promise<T>;
  /** Refuses new operations at or under the id, waits for those under way, then runs. */
  deleting<T>(id: string, run: () => Promise<T>): Promise<T>;
  /** True from the start of a deletion of the id, or of one above it, to its end. */
  beingDeleted(id: string): boolean;
}

export const changeRules = armRules("One change at a time", {
  site: {
    what: "A change of an app, its settings or its policies is refused while another change of the same app is under way.",
    source:
      "https://github.com/Azure/logicapps/issues/1306; https://github.com/pulumi/pulumi-azure-native/issues/4461",
    answer: { status: 409, code: "Conflict" },
    test: ["services/web/fresh-site.itest.ts", "refuses a change while another one is under way"],
  },
});

/** How long such a change takes at least; seconds in Azure. */
const CHANGE_MS = 20;

/** Operations on different resources run in parallel. */
export function createOperationLocks(): OperationLocks {
  const underWay = new Map<string, Promise<unknown>>();
  const deletions = new Map<string, number>();
  const changing = new Set<string>();

  const queue = <T>(id: string, run: () => Promise<T>): Promise<T> => {
    const key = id.toLowerCase();
    const before = underWay.get(key) ?? Promise.resolve();
    const result = before.then(run, run);
    underWay.set(key, result);
    const tidy = () => {
      if (underWay.get(key) === result) underWay.delete(key);
    };
    result.then(tidy, tidy);
    return result;
  };

  const deletionAbove = (id: string) => [...deletions.keys()].find((deleted) => isAtOrUnder(id, deleted));

  return {
    beingDeleted: (id) => deletionAbove(id) !== undefined,
    async exclusive(id, run) {
      const above = deletionAbove(id);
      if (above !== undefined) {
        throw new ArmError(409, "ResourceGroupBeingDeleted", `The resource '${above}' is being deleted.`);
      }
      return queue(id, run);
    },
    async alone(id, run) {
      const key = id.toLowerCase();
      if (changing.has(key)) {
        const name = id.split("/").at(-1);
        throw refusal(
          changeRules.rules.site,
          `Cannot modify this site because another operation is in progress. Details: Id: ${name}, OperationName: Update.`,
        );
      }
      changing.add(key);
      try {
        const [result] = await Promise.all([run(), delay(CHANGE_MS)]);
        return result;
      } finally {
        changing.delete(key);
      }
    },
    async deleting(id, run) {
      const key = id.toLowerCase();
      deletions.set(key, (deletions.get(key) ?? 0) + 1);
      try {
        const below = [...underWay].filter(([other]) => other !== key && isAtOrUnder(other, key));
        await Promise.allSettled(below.map(([, operation]) => operation));
        return await queue(id, run);
      } finally {
        const left = (deletions.get(key) ?? 1) - 1;
        if (left > 0) deletions.set(key, left);
        else deletions.delete(key);
      }
    },
  };
}

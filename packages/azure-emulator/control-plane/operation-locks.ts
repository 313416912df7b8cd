import { ArmError } from "./arm-error";
import { isAtOrUnder } from "./resource-id";

/** Serializes the operations on each resource. */
export interface OperationLocks {
  /** Runs when every earlier operation on the id has ended. @throws ArmError 409 while the id or an ancestor is being deleted. */
  exclusive<T>(id: string, run: () => Promise<T>): Promise<T>;
  /** Refuses new operations at or under the id, waits for those under way, then runs. */
  deleting<T>(id: string, run: () => Promise<T>): Promise<T>;
  /** True from the start of a deletion of the id, or of one above it, to its end. */
  beingDeleted(id: string): boolean;
}

/** Operations on different resources run in parallel. */
export function createOperationLocks(): OperationLocks {
  const underWay = new Map<string, Promise<unknown>>();
  const deletions = new Map<string, number>();

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

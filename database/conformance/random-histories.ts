import fc from "fast-check";
import { HistoryRun } from "./model-history";
import { histories } from "./model-steps";
import { openWarehouse, type Warehouse } from "./warehouse";

/** After so many histories comes a new database, because some steps look at every dataset. */
const historiesOfDatabase = 100;

/**
 * Random histories of one dataset, each step of which is compared with a model in memory: what the snapshots and the settings say must be in
 * the feed, or the error that they earn. Readers follow the feed from any state they ever had, lose pages and start again.
 */
export function describeHistories(count: number): void {
  describe("random histories", () => {
    let warehouse: Warehouse | undefined;
    let beside: Awaited<ReturnType<Warehouse["another"]>> | undefined;
    let datasets = 0;

    const close = async () => {
      await beside?.session.close();
      await warehouse?.driver.close();
    };
    const open = async (): Promise<Warehouse> => {
      if (warehouse !== undefined && datasets % historiesOfDatabase !== 0) return warehouse;
      await close();
      warehouse = await openWarehouse();
      const { races } = warehouse.driver.lacks;
      if (races !== undefined) console.log(`      no races: ${races}`);
      beside = races === undefined ? await warehouse.another() : undefined;
      return warehouse;
    };
    after(close);

    for (const key of [[], ["id"], ["id", "part"]]) {
      it(`lead to what the snapshots and settings say (key: ${key.join(", ") || "none"})`, async () => {
        await fc.assert(
          fc.asyncProperty(histories(key), async (history) => {
            const database = await open();
            await new HistoryRun(database, beside, `model_${++datasets}`, history).run();
          }),
          { numRuns: Math.ceil(count / 3) },
        );
      });
    }
  });
}

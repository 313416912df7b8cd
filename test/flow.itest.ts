import assert from "node:assert/strict";
import { compareDestinationWithTable, compareTableWithCsv } from "../local/commands/compare";
import { findDataset } from "../local/commands/demo";
import { sendEvent, sync } from "../local/commands/emulator-client";
import { sampleSnapshot } from "../local/sample-data";
import { datasetUpdated, jobEnd, keyed, keyless, land, useEmulator } from "./support/emulator";

describe("The way of a dataset from DatasetUpdated to Fivetran's destination", () => {
  const local = useEmulator({ isFresh: true });

  async function assertEqualEverywhere(dataset: string, generation: number) {
    const found = findDataset(local().environment, dataset);
    const { csv, manifest } = sampleSnapshot(dataset, 300, generation);
    assert.equal(await compareTableWithCsv(local().environment, found, csv()), manifest.rows);
    assert.equal(await compareDestinationWithTable(local().environment, found), manifest.rows);
  }

  for (const dataset of [keyed, keyless]) {
    describe(dataset === keyed ? "with key columns" : "without key columns", () => {
      it("lands the first snapshot and sends all of it", async () => {
        const first = await land(local().environment, dataset, 0);
        assert.equal(first.status, "succeeded", first.error);
        assert.equal(first.load.inserted, first.manifest.rows);
        const report = await sync(local().environment);
        assert.equal(report.inserts, first.manifest.rows);
        assert.equal(report.deletes, 0);
        await assertEqualEverywhere(dataset, 0);
      });

      it("sends exactly the changed rows of the second snapshot", async () => {
        const second = await land(local().environment, dataset, 1);
        const { changed, added, deleted } = second.manifest;
        assert.ok(changed > 0 && added > 0 && deleted > 0);
        const report = await sync(local().environment);
        if (dataset === keyed) {
          assert.deepEqual(
            [second.load.updated, second.load.inserted, second.load.deleted],
            [changed, added, deleted],
          );
          assert.deepEqual([report.updates, report.inserts, report.deletes], [changed, added, deleted]);
        } else {
          // Without a key, a changed row is a deleted one and a new one.
          assert.deepEqual([report.inserts, report.deletes], [changed + added, changed + deleted]);
        }
        await assertEqualEverywhere(dataset, 1);
      });

      it("sends nothing for an event without a change", async () => {
        const again = await jobEnd(
          local().environment,
          await sendEvent(local().environment, datasetUpdated(dataset)),
        );
        assert.equal(again.status, "succeeded", again.error);
        const report = await sync(local().environment);
        assert.deepEqual([report.inserts, report.updates, report.deletes], [0, 0, 0]);
        await assertEqualEverywhere(dataset, 1);
      });
    });
  }

  describe("on a resync", () => {
    it("sends every live row once", async () => {
      await sync(local().environment, true);
      await assertEqualEverywhere(keyed, 1);
      await assertEqualEverywhere(keyless, 1);
    });
  });
});

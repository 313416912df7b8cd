import assert from "node:assert/strict";
import { Readable } from "node:stream";
import type { CopyCsvRequest, CopyCsvResult } from "../sql-service";
import { brokenCsv, endlessCsv, malformedCsv, refusal } from "./test-csv";

/** The files that no sink takes, as cases of the suite of each sink. */
export function describeRefusedCopies(
  copy: (csv: Readable | string, change?: Partial<CopyCsvRequest>) => Promise<CopyCsvResult>,
  tableExists: () => Promise<boolean>,
): void {
  it("creates no table from an empty body, and an empty table from a header alone", async () => {
    assert.deepEqual(await copy(""), { rowsCopied: 0, dataRead: 0, columns: [] });
    assert.equal(await tableExists(), false);
    assert.deepEqual(await copy("a,b"), { rowsCopied: 0, dataRead: 3, columns: ["a", "b"] });
    assert.equal(await tableExists(), true);
  });

  describe("refuses, and leaves no table behind", () => {
    for (const [name, { csv, code, message }] of Object.entries(malformedCsv)) {
      it(name, async () => {
        await assert.rejects(copy(Readable.from([csv])), refusal(code, message));
        assert.equal(await tableExists(), false);
      });
    }

    it("a stream that breaks off", async () => {
      await assert.rejects(copy(brokenCsv()), refusal("QT6116", /after 2000004 bytes: socket hang up/));
      assert.equal(await tableExists(), false);
    });

    it("an aborted copy, and closes its stream", async () => {
      const abort = new AbortController();
      const endless = endlessCsv(() => abort.abort());
      await assert.rejects(copy(endless, { signal: abort.signal }), { name: "AbortError" });
      assert.equal(endless.destroyed, true);
      assert.equal(await tableExists(), false);
    });
  });
}

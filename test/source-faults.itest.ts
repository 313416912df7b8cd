import assert from "node:assert/strict";
import { putDataset, query, sync } from "../local/commands/emulator-client";
import { sampleSnapshot } from "../local/sample-data";
import { fingerprint, jobEnd, keyed, keyless, land, useEmulator } from "./support/emulator";

describe("A source that fails", () => {
  const local = useEmulator();
  let table: string;
  // Later than the generations that other suites load: otherwise "added" rows would already exist.
  let generation = 10;
  before(async () => {
    table = local().environment.quantemplate.datasets.find(({ id }) => id === keyed)?.table ?? "";
    const first = await land(local().environment, keyed, generation);
    assert.equal(first.status, "succeeded", first.error);
    await sync(local().environment);
  });

  async function fault(body: Record<string, unknown>) {
    const response = await fetch(`${local().environment.quantemplate.adminUrl}/faults`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ times: 100, target: "dataset", ...body }),
    });
    assert.ok(response.ok, await response.text());
  }

  const faults: [string, Record<string, unknown>, RegExp][] = [
    ["answers 401", { status: 401 }, /401/],
    ["answers 404", { status: 404 }, /404/],
    ["answers 429", { status: 429 }, /429/],
    ["answers 500", { status: 500 }, /500/],
    [
      "cuts the connection in the middle",
      { cutAfterBytes: 20_000 },
      /cut|closed|terminated|aborted|ended early|incomplete/i,
    ],
    ["refuses the login", { target: "token", status: 401 }, /401/],
  ];
  for (const [what, body, message] of faults) {
    it(`that ${what} changes nothing, and the next good event repairs everything`, async () => {
      const before = await fingerprint(local().environment, table);
      generation += 1;
      await fault(body);
      const { csv } = sampleSnapshot(keyed, 300, generation);
      const failed = await jobEnd(local().environment, await putDataset(local().environment, keyed, csv()));
      assert.equal(failed.status, "failed");
      assert.match(failed.error, message);
      assert.equal(await fingerprint(local().environment, table), before);
      const nothing = await sync(local().environment);
      assert.deepEqual([nothing.inserts, nothing.updates, nothing.deletes], [0, 0, 0]);
      const [load] = await query(
        local().environment,
        'select status, error from qt."load" order by snapshot_time desc offset 0 rows fetch next 1 rows only',
      );
      assert.equal(load?.status, "failed");

      await fetch(`${local().environment.quantemplate.adminUrl}/faults`, { method: "DELETE" });
      const good = await land(local().environment, keyed, generation);
      assert.equal(good.status, "succeeded", good.error);
      assert.equal(good.load.updated, good.manifest.changed);
      const report = await sync(local().environment);
      assert.equal(report.updates, good.manifest.changed);
    });
  }

  it("that cuts a download after longer than a token lives is asked again, with a new token", async () => {
    generation += 1;
    await fault({ cutAfterBytes: 20_000, lastsSeconds: 360, times: 1 });
    const good = await land(local().environment, keyed, generation);
    assert.equal(good.status, "succeeded", good.error);
    assert.equal(good.load.updated, good.manifest.changed);
    await sync(local().environment);
  });

  const page = "<!doctype html><title>Sign in</title><p>Please sign in.</p>";
  const notCsv: [string, Record<string, unknown>][] = [
    ["a page of HTML", { malformed: "html" }],
    [
      "a page of HTML with a comma in each line",
      { status: 200, body: `<html lang="en"\n${"<p>a, b</p>\n".repeat(400)}` },
    ],
    ["JSON", { status: 200, body: { status: "maintenance", until: "soon" } }],
    ["a page in quotes", { status: 200, body: `"${page}"\n"maintenance"\n` }],
  ];
  for (const dataset of [keyed, keyless]) {
    for (const [what, body] of notCsv) {
      it(`that sends ${what} with 200 for ${dataset} is stopped before anything is published`, async () => {
        const { id, table: own } =
          local().environment.quantemplate.datasets.find(({ id }) => id === dataset) ?? {};
        assert.ok(id !== undefined && own !== undefined);
        const first = await land(local().environment, dataset, ++generation);
        assert.equal(first.status, "succeeded", first.error);
        const before = await fingerprint(local().environment, own);
        await fault({ dataset, ...body });
        const { csv } = sampleSnapshot(dataset, 300, generation + 1);
        const failed = await jobEnd(
          local().environment,
          await putDataset(local().environment, dataset, csv()),
        );
        assert.equal(failed.status, "failed");
        assert.match(failed.error, /QT4006|QT4014|QT4019|QT6115/);
        assert.equal(await fingerprint(local().environment, own), before);
        await fetch(`${local().environment.quantemplate.adminUrl}/faults`, { method: "DELETE" });
      });
    }
  }

  const malformed: [string, string, RegExp][] = [
    ["a row with more cells than the header", "a,b\n1,2\n3,4,5\n", /column|cell|field/i],
    ["a quote that never ends", 'a,b\n1,"2\n3,4\n', /quot/i],
    ["an empty header cell", "a,,c\n1,2,3\n", /header|column name/i],
  ];
  for (const [what, csv, message] of malformed) {
    it(`that sends ${what} changes nothing`, async () => {
      const before = await fingerprint(local().environment, table);
      const failed = await jobEnd(local().environment, await putDataset(local().environment, keyed, csv));
      assert.equal(failed.status, "failed");
      assert.match(failed.error, message);
      assert.equal(await fingerprint(local().environment, table), before);
    });
  }

  it("that sends an empty snapshot is stopped by the guard", async () => {
    const before = await fingerprint(local().environment, table);
    const failed = await jobEnd(local().environment, await putDataset(local().environment, keyed, ""));
    assert.equal(failed.status, "failed");
    assert.match(failed.error, /empty|guard|shrink/i);
    assert.equal(await fingerprint(local().environment, table), before);
  });

  it("that recovers is repaired by the next good event", async () => {
    generation += 1;
    const good = await land(local().environment, keyed, generation);
    assert.equal(good.status, "succeeded", good.error);
  });

  it("leaves no staging table behind", async () => {
    const rows = await query(
      local().environment,
      "select TABLE_NAME from INFORMATION_SCHEMA.TABLES where TABLE_SCHEMA = 'staging'",
    );
    assert.deepEqual(rows, []);
  });
});

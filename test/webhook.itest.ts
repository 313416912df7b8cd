import assert from "node:assert/strict";
import { armClient } from "./support/arm-client";
import { datasetUpdated, jobEnd, keyed, postEvent, useEmulator } from "./support/emulator";

describe("The webhook, the only way in", () => {
  const local = useEmulator();

  const body = JSON.stringify(datasetUpdated(keyed));
  const url = () => local().environment.automation.webhookUrl;

  /** The job that an event started, and the number of pipeline runs. */
  async function send(text: string) {
    const response = await postEvent(url(), text);
    assert.equal(response.status, 202);
    const { JobIds } = (await response.json()) as { JobIds: string[] };
    const end = await jobEnd(local().environment, { delivered: [{ status: 202, jobIds: JobIds }] });
    return { end, output: await armClient(local()).jobOutput(end.id) };
  }

  it("refuses a wrong and a missing token", async () => {
    const wrong = new URL(url());
    wrong.searchParams.set("token", "wrong");
    assert.equal((await postEvent(wrong.href, body)).status, 400);
    wrong.searchParams.delete("token");
    assert.equal((await postEvent(wrong.href, body)).status, 400);
  });

  it("refuses a body over 512 KB", async () => {
    const response = await postEvent(
      url(),
      JSON.stringify({ ...datasetUpdated(keyed), more: "x".repeat(513 * 1024) }),
    );
    assert.ok(response.status >= 400 && response.status < 500, String(response.status));
  });

  it("refuses a disabled and an expired webhook", async () => {
    const arm = armClient(local());
    const webhook = await arm.webhook();
    await arm.put(webhook.id, { properties: { ...webhook.properties, isEnabled: false } });
    assert.equal((await postEvent(url(), body)).status, 400);
    await arm.put(webhook.id, { properties: { ...webhook.properties, isEnabled: true } });
    const restore = await arm.setStored(webhook.id, { expiryTime: "2020-01-01T00:00:00Z" });
    assert.equal((await postEvent(url(), body)).status, 400);
    await restore();
  });

  const quiet: [string, string, RegExp][] = [
    [
      "PipelineCompleted",
      JSON.stringify({
        ...datasetUpdated(keyed),
        name: "PipelineCompleted",
        payload: { pipelineId: "p", eventName: "PipelineCompleted" },
      }),
      /PipelineCompleted/,
    ],
    [
      "an unknown event",
      JSON.stringify({ ...datasetUpdated(keyed), name: "Surprise", payload: {} }),
      /Surprise/,
    ],
  ];
  for (const [what, text, message] of quiet) {
    it(`completes the job for ${what} and starts no pipeline`, async () => {
      const runs = await armClient(local()).pipelineRuns();
      const { end, output } = await send(text);
      assert.equal(end.status, "succeeded");
      assert.match(output, message);
      assert.equal((await armClient(local()).pipelineRuns()).length, runs.length);
    });
  }

  const refused: [string, string, RegExp][] = [
    ["a malformed body", "{ not json", /JSON/i],
    ["a body without a dataset id", JSON.stringify({ ...datasetUpdated(keyed), payload: {} }), /dataset/i],
    ["an invalid dataset id", JSON.stringify(datasetUpdated("../../etc/passwd")), /dataset/i],
  ];
  for (const [what, text, message] of refused) {
    it(`fails the job for ${what} and starts no pipeline`, async () => {
      const runs = await armClient(local()).pipelineRuns();
      const { end } = await send(text);
      assert.equal(end.status, "failed");
      assert.match(end.error, message);
      assert.equal((await armClient(local()).pipelineRuns()).length, runs.length);
    });
  }

  it("starts no pipeline for an unknown dataset, and names it", async () => {
    const runs = await armClient(local()).pipelineRuns();
    const { end, output } = await send(JSON.stringify(datasetUpdated("d-nobody-configured")));
    assert.match(output + end.error, /d-nobody-configured/);
    assert.equal((await armClient(local()).pipelineRuns()).length, runs.length);
  });
});

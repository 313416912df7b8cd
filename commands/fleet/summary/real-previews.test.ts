import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  changesFromEvents,
  readEventLog,
  readPreviewJson,
  renderMarkdown,
  renderTerminal,
  summarise,
} from ".";
import { databaseStep, digest } from "./testing/preview";

// Written by Pulumi 3.259 for the whole program in the local emulator; outputs and unchanged resources were removed.
const text = (file: string) =>
  readFileSync(join(__dirname, "..", "..", "..", "test", "fixtures", "previews", file), "utf8");
const preview = (name: string) => readPreviewJson(text(`${name}.json`), { source: `${name}.json` });
const markdown = (name: string) => renderMarkdown(summarise([preview(name)]));

describe("A preview of the real engine", () => {
  it("is empty without a change", () => {
    assert.equal(markdown("none"), "## No changes in 1 tenant\n");
  });

  it("shows only that file's difference for a changed pipeline", () => {
    const lines = markdown("pipeline").split("\n");
    assert.deepEqual(
      lines.filter((line) => /^[-+]/.test(line)),
      [
        "--- a/adf-definitions/pipeline/QT_fetch_data.json",
        "+++ b/adf-definitions/pipeline/QT_fetch_data.json",
        '-          "timeout": "0.00:10:00"',
        '+          "timeout": "0.00:42:00"',
      ],
    );
    assert.ok(lines.includes('@@ -26,7 +26,7 @@ "BeginLoad"'), lines.join("\n"));
  });

  it("shows the script's difference for a changed runbook", () => {
    const lines = markdown("runbook").split("\n");
    assert.deepEqual(
      lines.filter((line) => /^[-+]/.test(line)),
      [
        "--- a/runbooks/Start-QuantemplateLoad.ps1",
        "+++ b/runbooks/Start-QuantemplateLoad.ps1",
        "-    [double] $FirstPollSeconds = 5,",
        "+    [double] $FirstPollSeconds = 9,",
      ],
    );
  });

  it("names a changed SQL file", () => {
    const { steps } = preview("migration");
    assert.deepEqual(
      steps.flatMap(({ changes }) => changes.map(({ path, kind }) => [path, kind])),
      [["database/tsql/repeatable/purge.sql", "update"]],
    );
    assert.match(markdown("migration"), /Migrates the database of tenant dev: 1 SQL file\./);
  });

  it("says what to do about a new webhook, without its URL, and is the same from the events", () => {
    const shown = markdown("webhook");
    assert.match(shown, /new URL: it has to be given to Quantemplate/);
    assert.match(shown, /`uri`: `\[secret\]` → `\[secret\]` \(forces the replacement\)/);
    assert.match(shown, /`webhookName`: `"dataset-updated-\w+"` → `\(known after the deployment\)`/);
    assert.match(shown, /`expiry`: `""` → `"2028-01-31"` \(forces the replacement\)/);
    assert.deepEqual(readEventLog(text("webhook.jsonl")).steps, preview("webhook").steps);
    const events = text("webhook.jsonl").trim().split("\n");
    assert.deepEqual(
      changesFromEvents(events.map((line) => JSON.parse(line) as unknown)).steps,
      preview("webhook").steps,
    );
  });

  it("matches the example in docs/fleet.md", () => {
    const pipeline = (stack: string) => readPreviewJson(text("pipeline.json").replaceAll(/\bdev\b/g, stack));
    const database = readPreviewJson(digest("zeta", [databaseStep("zeta", "replace")]));
    const zeta = { ...pipeline("zeta"), steps: [...database.steps, ...pipeline("zeta").steps] };
    const shown = renderTerminal(summarise([pipeline("acme"), pipeline("beta"), zeta]));
    const page = readFileSync(join(__dirname, "..", "..", "..", "docs", "fleet.md"), "utf8");
    assert.ok(page.includes(`\`\`\`\n${shown}\`\`\``), shown);
  });

  it("has every name of the tenant", () => {
    assert.equal(preview("none").own.sqlServer, preview("none").own.resourceGroup?.replace("rg-", "sql-"));
  });
});

import { needsPulumi } from "../packages/kit/testing/skip";
import { mendsSteps, mendsTrigger, previewsTagOnly, rotatesWebhook } from "./support/deployment-checks";
import { deployedEmulator, type TestEmulator } from "./support/emulator";

for (const kind of ["engine", "in-process"] as const)
  describe(`What a deployment mends (${kind})`, () => {
    let local: TestEmulator;
    before(async function () {
      if (kind === "engine") needsPulumi(this);
      local = await deployedEmulator(kind);
    });
    after(() => local?.close());

    it("a trigger that was edited, or deleted, by hand is put back and runs", () => mendsTrigger(local));
    // With the engine, pulumi.itest.ts has these.
    if (kind === "engine") return;
    it("a changed tag previews as the updates of the tagged resources", () => previewsTagOnly(local));
    it("a refresh finds what was changed by hand behind the steps, and up puts it back", () =>
      mendsSteps(local));
    it("another expiry makes the new webhook before the old one goes", () => rotatesWebhook(local));
  });

import { mendsSteps, mendsTrigger, previewsTagOnly, rotatesWebhook } from "./support/deployment-checks";
import { deployedEmulator, type TestEmulator } from "./support/emulator";

describe("Deployed in-process, without a Pulumi CLI", () => {
  let local: TestEmulator;
  before(async () => {
    local = await deployedEmulator("in-process");
  });
  after(() => local?.close());

  it("a changed tag previews as the updates of the tagged resources", () => previewsTagOnly(local));
  it("a refresh finds what was changed by hand behind the steps, and up puts it back", () =>
    mendsSteps(local));
  it("a trigger that was edited, or deleted, by hand is put back and runs", () => mendsTrigger(local));
  it("another expiry makes the new webhook before the old one goes", () => rotatesWebhook(local));
});

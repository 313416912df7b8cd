import assert from "node:assert/strict";
import { chooseTarget } from "./choose-target";

describe("the target of a load", () => {
  it("is never in Azure for a tenant that only the emulator has", () =>
    assert.rejects(chooseTarget({ folder: "", stack: "dev", cloud: true }), { code: "QT9031" }));
});

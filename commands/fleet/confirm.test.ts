import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { ask, questionOf } from "./confirm";

describe("The question before a run", () => {
  const answer = (typed: string, isEnd = false) => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    output.resume();
    const asked = ask("Really? ", input, output);
    if (isEnd) input.end(typed);
    else input.write(typed);
    return asked;
  };

  it("accepts only y and yes as a yes", async () => {
    for (const yes of ["y\r", "yes\r", " Yes \r"]) assert.equal(await answer(yes), "yes");
    for (const no of ["\r", "no\r", "yesterday\r", "ny\r", "oh yes\r", "ye\r"])
      assert.equal(await answer(no), "no");
  });

  it("distinguishes Ctrl-C from a no, and ends with the input", async () => {
    assert.equal(await answer("ye\u0003"), "interrupted");
    assert.equal(await answer("\u0004"), "no");
    assert.equal(await answer("", true), "no");
  });

  it("is shown, and its line ends after Ctrl-C", async () => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    let shown = "";
    output.on("data", (text) => {
      shown += text;
    });
    const asked = ask("Really? ", input, output);
    input.write("\u0003");
    assert.equal(await asked, "interrupted");
    await new Promise(setImmediate);
    assert.match(shown, /Really\? [\s\S]*\n/);
    // The terminal is free again: what is typed later is not read.
    assert.equal(input.isPaused(), true);
  });

  it("lists what will be done, ring by ring", () => {
    const rings = [
      { ring: "canary", tenants: ["acme"] },
      { ring: "general", tenants: ["beta", "zeta"] },
    ];
    assert.equal(
      questionOf("up", rings, false),
      "Deploys ring canary: acme\nDeploys ring general: beta, zeta\nReally up 3 tenants? yes/no: ",
    );
    assert.equal(
      questionOf("destroy", [{ ring: "all", tenants: ["acme"] }], true),
      "Deletes everything of: acme\nReally destroy 1 tenant in the local emulator? yes/no: ",
    );
    assert.equal(
      questionOf("drift", rings.slice(0, 1), false),
      "drift: acme\nReally drift 1 tenant? yes/no: ",
    );
  });
});

import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";

import forHost = require("./index");

import { runWithMocks } from "./testing/mock-cloud";
import { tenantConfig } from "./testing/tenant";
import { unexpected } from "./unexpected-error";

describe("The program as Pulumi's language host runs it", () => {
  it("returns the stack's outputs", async () => {
    const { outputs } = await runWithMocks(forHost, tenantConfig({}), ["quantemplate:clientSecret"]);
    assert.ok("resourceGroupName" in outputs);
  });

  it("fails with what the host prints as it is: code, what happened, what is safe, what is next", async () => {
    const broken = tenantConfig({ "quantemplate:alertEmail": "nobody" });
    await assert.rejects(runWithMocks(forHost, broken, ["quantemplate:clientSecret"]), (error) => {
      assert.ok(error instanceof pulumi.RunError);
      assert.match(
        error.message,
        /^QT1001: .* 1 mistake:\n {2}- quantemplate:alertEmail.*\n {2}Safe: .*\n {2}Next: /,
      );
      return true;
    });
  });

  it("tells a defect with its place in the project, and with no path of the machine", () => {
    const text = unexpected(new Error("boom")).format();
    assert.match(text, /^QT1231: .*boom\n/);
    assert.match(text, /infra\/index\.test\.ts:\d+/);
    assert.doesNotMatch(text, new RegExp(process.cwd()));
    assert.match(unexpected("text").format(), /text/);
  });
});

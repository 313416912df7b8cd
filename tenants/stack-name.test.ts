import assert from "node:assert/strict";
import { stackName } from "./stack-name";

describe("the name of a tenant's stack", () => {
  it("has Pulumi Cloud's organisation, if one is set", () => {
    assert.equal(stackName("acme", {}), "acme");
    assert.equal(stackName("acme", { PULUMI_ORG: "" }), "acme");
    assert.equal(stackName("acme", { PULUMI_ORG: "northgate" }), "northgate/acme");
  });
});

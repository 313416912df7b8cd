import assert from "node:assert/strict";
import { projectFolder } from "../commands/tenant/testing/project-folder";
import { refuseSecondBackend } from "./backend";

describe("the backend", () => {
  const project = projectFolder();
  const named = () => project({}, "backend:\n  url: azblob://state?storage_account=acme\n");
  const refusal = (root: string, PULUMI_BACKEND_URL?: string) => () =>
    refuseSecondBackend(root, PULUMI_BACKEND_URL === undefined ? {} : { PULUMI_BACKEND_URL });

  it("of the environment is that of Pulumi.yaml, so that a person and a pipeline have one fleet", () => {
    assert.throws(refusal(named(), "file:///tmp/state"), { code: "QT9037" });
    assert.doesNotThrow(refusal(named(), "azblob://state?storage_account=acme"));
    assert.doesNotThrow(refusal(named()));
  });

  it("is anyone's own if Pulumi.yaml names none", () =>
    assert.doesNotThrow(refusal(project({}), "file:///tmp/state")));
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { oldestNode, refuseOldNode } from "./node-version";
import { projectRoot } from "./project-text";

describe("The program's Node", () => {
  it("is refused if it is older than what the packages need, with the command that finds a newer one", () => {
    for (const version of ["20.20.2", "22.18.0", "18.0.0"])
      assert.throws(() => refuseOldNode(version), { code: "QT1230", next: /npm exec -c "pulumi up"/ });
    for (const version of ["22.19.0", "22.20.1", "24.0.0", process.versions.node]) refuseOldNode(version);
  });

  it("is the one that the commands find by themselves", () => {
    const bootstrap = readFileSync(join(projectRoot, "scripts", "bootstrap.mjs"), "utf8");
    assert.equal(`${/const minimum = "(.+)"/.exec(bootstrap)?.[1]}.0`, oldestNode);
    assert.throws(() => refuseOldNode("20.0.0"), { message: new RegExp(oldestNode.replace(/\.0$/, "")) });
  });
});

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../../packages/kit/testing/temporary-folder";
import { checkoutCommit, commitOf, goneTenants } from "./checkout";

describe("A checkout", () => {
  const folder = temporaryFolder();
  const author = ["-c", "user.name=t", "-c", "user.email=t@example.com"];
  const git = (...args: string[]) =>
    execFileSync("git", [...author, ...args], { cwd: folder(), encoding: "utf8" }).trim();
  const file = (name: string) => join(folder(), name);
  /** With the tenants acme and beta. */
  const commit = () => {
    git("init", "--quiet");
    for (const name of ["Pulumi.acme.yaml", "Pulumi.beta.yaml", "Pulumi.yaml"])
      writeFileSync(file(name), "config: {}\n");
    git("add", ".");
    git("commit", "--quiet", "-m", "first");
    return git("rev-parse", "HEAD");
  };

  it("is named by the first 12 digits of its commit, and says whether something is not committed", () => {
    const hash = commit();
    assert.equal(checkoutCommit(folder()), hash.slice(0, 12));
    writeFileSync(file("new"), "");
    assert.equal(checkoutCommit(folder()), `${hash.slice(0, 12)} with uncommitted changes`);
  });

  it("has no name without a commit", () => {
    git("init", "--quiet");
    assert.equal(checkoutCommit(folder()), undefined);
  });

  it("knows commits by hash, branch or tag, but no other objects and no options", () => {
    const hash = commit();
    git("tag", "v1");
    for (const ref of ["HEAD", "v1", hash, hash.slice(0, 8)]) assert.equal(commitOf(folder(), ref), hash);
    for (const ref of ["nothing", "HEAD:Pulumi.yaml", "--all"])
      assert.equal(commitOf(folder(), ref), undefined);
  });

  it("lacks the tenants whose files a commit has and the working tree does not", () => {
    commit();
    assert.deepEqual(goneTenants(folder(), "HEAD"), []);
    rmSync(file("Pulumi.acme.yaml"));
    rmSync(file("Pulumi.yaml"));
    writeFileSync(file("Pulumi.new.yaml"), "");
    assert.deepEqual(goneTenants(folder(), "HEAD"), ["acme"]);
    assert.deepEqual(goneTenants(folder(), "nothing"), []);
    // A tree that git cannot read is reported by the preview.
    rmSync(file(".git"), { recursive: true });
    assert.deepEqual(goneTenants(folder(), "HEAD"), []);
  });
});

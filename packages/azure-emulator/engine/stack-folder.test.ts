import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { temporaryFolder } from "../../kit/testing/temporary-folder";
import type { StackRequest } from "./engine";
import { openStackFolder } from "./stack-folder";

const stack: StackRequest = {
  name: "dev",
  program: async () => {},
  config: {
    "toy:webhookExpiry": { value: "2027-01-31" },
    "toy:clientSecret": { value: "hidden", secret: true },
  },
};

describe("engine: stack folder", () => {
  const folder = temporaryFolder();
  const open = () => {
    mkdirSync(join(folder(), "root", "node_modules"), { recursive: true });
    writeFileSync(join(folder(), "root", "node_modules", "marker"), "");
    return openStackFolder(join(folder(), "local"), { name: "toy", root: join(folder(), "root") });
  };

  it("makes a passphrase once, for the owner only", () => {
    const { passphrase } = open();
    assert.ok(passphrase.length >= 32);
    assert.equal(open().passphrase, passphrase);
    const { mode } = statSync(join(folder(), "local", "pulumi-passphrase"));
    if (process.platform !== "win32") assert.equal(mode & 0o777, 0o600);
  });

  it("prepares a project with the packages in reach", () => {
    const work = open().prepare(stack);
    assert.equal(parse(readFileSync(join(work, "Pulumi.yaml"), "utf8")).name, "toy");
    assert.ok(existsSync(join(work, "node_modules", "marker")));
  });

  it("writes plain configuration as text, and no secret", () => {
    const file = readFileSync(join(open().prepare(stack), "Pulumi.dev.yaml"), "utf8");
    assert.ok(file.includes('"2027-01-31"'));
    assert.ok(!file.includes("hidden") && !file.includes("clientSecret"));
  });

  it("keeps Pulumi's own settings and drops configuration that is gone", () => {
    const folderOfStacks = open();
    const file = join(folderOfStacks.prepare(stack), "Pulumi.dev.yaml");
    writeFileSync(file, `encryptionsalt: v1:abc\n${readFileSync(file, "utf8")}`);
    folderOfStacks.prepare({ ...stack, config: { "toy:tags": { value: "{}" } } });
    assert.deepEqual(parse(readFileSync(file, "utf8")), {
      encryptionsalt: "v1:abc",
      config: { "toy:tags": "{}" },
    });
  });
});

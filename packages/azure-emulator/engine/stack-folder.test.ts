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

  it("creates a passphrase once, readable by the owner only", () => {
    const { passphrase } = open();
    assert.ok(passphrase.length >= 32);
    assert.equal(open().passphrase, passphrase);
    const { mode } = statSync(join(folder(), "local", "pulumi-passphrase"));
    if (process.platform !== "win32") assert.equal(mode & 0o777, 0o600);
  });

  it("prepares a project that can resolve the packages", () => {
    const work = open().prepare(stack);
    assert.equal(parse(readFileSync(join(work, "Pulumi.yaml"), "utf8")).name, "toy");
    assert.ok(existsSync(join(work, "node_modules", "marker")));
  });

  it("writes plain configuration as strings, and no secrets", () => {
    const file = readFileSync(join(open().prepare(stack), "Pulumi.dev.yaml"), "utf8");
    assert.ok(file.includes('"2027-01-31"'));
    assert.ok(!file.includes("hidden") && !file.includes("clientSecret"));
  });

  it("keeps Pulumi's own settings and drops removed configuration", () => {
    const stacks = open();
    const file = join(stacks.prepare(stack), "Pulumi.dev.yaml");
    writeFileSync(file, `encryptionsalt: v1:abc\n${readFileSync(file, "utf8")}`);
    stacks.prepare({ ...stack, config: { "toy:tags": { value: "{}" } } });
    assert.deepEqual(parse(readFileSync(file, "utf8")), {
      encryptionsalt: "v1:abc",
      config: { "toy:tags": "{}" },
    });
  });
});

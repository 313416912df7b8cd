import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import Module from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { dynamic } from "@pulumi/pulumi";
import { withEnvironment } from "../../packages/kit/testing/with-environment";
import { type MockRun, runWithMocks } from "../testing/mock-cloud";
import { Step } from "./step";

const root = join(__dirname, "..", "..");

describe("a step as a resource", () => {
  let run: MockRun;
  before(async () => {
    run = await runWithMocks(async () => {
      new Step("code", "runbook-content", { runbookId: "/r", file: "f", content: "c" }, { protect: true });
      return {};
    }, {});
  });

  it("has the step's type, its inputs and a secret output, and keeps its options", () => {
    const [registration] = run.registrations;
    const { request } = registration ?? assert.fail();
    const { __provider, ...inputs } = request.getObject()?.toJavaScript() ?? {};
    assert.equal(request.getType(), "pulumi-nodejs:dynamic/quantemplate:runbook-content");
    assert.equal(request.getName(), "code");
    assert.deepEqual(inputs, {
      step: "runbook-content",
      inputs: { runbookId: "/r", file: "f", content: "c" },
    });
    assert.deepEqual(request.getAdditionalsecretoutputsList(), ["secret"]);
    assert.equal(request.getProtect(), true);
  });

  describe("restored from the state", () => {
    /** A checkout whose runner returns how it was called. */
    let checkout: string;
    let provider: Required<dynamic.ResourceProvider>;
    const [, script = ""] = process.argv;
    before(() => {
      checkout = mkdtempSync(join(tmpdir(), "qt-checkout-"));
      symlinkSync(join(root, "node_modules"), join(checkout, "node_modules"));
      writeFileSync(join(checkout, "package.json"), "{}");
      mkdirSync(join(checkout, "infra", "steps"), { recursive: true });
      writeFileSync(
        join(checkout, "infra", "steps", "run-step.ts"),
        `const called = (name: string) => async (...passed: unknown[]) => [name, ...passed];
        module.exports = Object.fromEntries(
          ["configure", "check", "diff", "create", "read", "update", "remove"].map((name) => [name, called(name)]),
        );`,
      );
      const [step] = run.registrations;
      const text = step?.request.getObject()?.toJavaScript().__provider;
      // As Pulumi's provider process does it.
      const restored = new Module("provider");
      (restored as unknown as { _compile(code: string, file: string): void })._compile(String(text), "");
      provider = restored.exports.handler();
    });
    afterEach(() => {
      process.argv[1] = script;
    });
    after(() => rmSync(checkout, { recursive: true }));

    it("passes each call on to the checkout that QT_PROJECT_ROOT names", async () => {
      const [olds, news] = [{ old: 1 }, { new: 1 }];
      await withEnvironment({ QT_PROJECT_ROOT: checkout }, async () => {
        const config = { get: () => undefined, require: () => "" };
        assert.deepEqual(await provider.configure({ config }), ["configure", config]);
        assert.deepEqual(await provider.check(olds, news), ["check", olds, news]);
        assert.deepEqual(await provider.diff("id", olds, news), ["diff", olds, news]);
        assert.deepEqual(await provider.create(news), ["create", news]);
        assert.deepEqual(await provider.read("id", olds), ["read", "id", olds]);
        assert.deepEqual(await provider.update("id", olds, news), ["update", olds, news]);
        assert.deepEqual(await provider.delete("id", olds), ["remove", olds]);
      });
    });

    it("otherwise finds the checkout that holds Pulumi's packages", async () => {
      process.argv[1] = join(checkout, "node_modules", "@pulumi", "pulumi", "cmd", "dynamic-provider");
      await withEnvironment({ QT_PROJECT_ROOT: undefined }, async () => {
        assert.deepEqual(await provider.create({ new: 1 }), ["create", { new: 1 }]);
      });
    });
  });
});

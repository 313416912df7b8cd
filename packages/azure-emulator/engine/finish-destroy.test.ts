import assert from "node:assert/strict";
import { join } from "node:path";
import { temporaryFolder } from "../../kit/testing/temporary-folder";
import { EmulatorError } from "../errors/emulator-error";
import type { Engine, RunResult, StackRequest } from "./engine";
import { finishingDestroys } from "./finish-destroy";

describe("engine: a killed destroy", () => {
  const folder = temporaryFolder();
  const stack = { name: "dev" } as StackRequest;

  function setUp() {
    const calls: string[] = [];
    let fault: Error | undefined;
    const call = (name: string) => async () => {
      calls.push(name);
      if (fault !== undefined) throw fault;
      return {} as RunResult;
    };
    const engine = { up: call("up"), destroy: call("destroy") } as unknown as Engine;
    const fail = (error: Error | undefined) => {
      fault = error;
    };
    return { calls, fail, ...finishingDestroys(engine, { workFolder: (name) => join(folder(), name) }) };
  }

  it("is ended by the next up, once", async () => {
    const { calls, fail, up, destroy } = setUp();
    fail(new Error("killed"));
    await assert.rejects(destroy(stack), /killed/);
    fail(undefined);
    await up(stack);
    await up(stack);
    assert.deepEqual(calls, ["destroy", "destroy", "up", "up"]);
  });

  it("is none if it ended, or was refused before it deleted anything", async () => {
    const { calls, fail, up, destroy } = setUp();
    await destroy(stack);
    await up(stack);
    fail(new EmulatorError("QT7011", { name: "db" } as never));
    await assert.rejects(destroy(stack), { code: "QT7011" });
    fail(undefined);
    await up(stack);
    assert.deepEqual(calls, ["destroy", "up", "destroy", "up"]);
  });
});

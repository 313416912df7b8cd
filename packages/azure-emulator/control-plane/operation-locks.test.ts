import assert from "node:assert/strict";
import { createOperationLocks } from "./operation-locks";

describe("operation locks", () => {
  const later = () => {
    let finish = () => {};
    const promise = new Promise<void>((resolve) => {
      finish = resolve;
    });
    return { promise, finish };
  };

  it("runs one operation at a time on an id, in order, even after a failure", async () => {
    const locks = createOperationLocks();
    const gate = later();
    const order: string[] = [];
    const first = locks.exclusive("/a", async () => {
      await gate.promise;
      order.push("first");
      throw new Error("fails");
    });
    const second = locks.exclusive("/A", async () => order.push("second"));
    const beside = locks.exclusive("/b", async () => order.push("beside"));
    await beside;
    gate.finish();
    await assert.rejects(first);
    await second;
    assert.deepEqual(order, ["beside", "first", "second"]);
  });

  it("delays a deletion until the operations below it end, and refuses new ones meanwhile", async () => {
    const locks = createOperationLocks();
    const gate = later();
    const order: string[] = [];
    const child = locks.exclusive("/group/child", async () => {
      await gate.promise;
      order.push("child");
    });
    const deletion = locks.deleting("/group", async () => order.push("deleted"));
    await assert.rejects(
      locks.exclusive("/group/other", async () => {}),
      { status: 409 },
    );
    gate.finish();
    await Promise.all([child, deletion]);
    assert.deepEqual(order, ["child", "deleted"]);
    await locks.exclusive("/group/other", async () => {});
  });
});

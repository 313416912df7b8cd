import assert from "node:assert/strict";
import { isLockDead } from "./unlocked";

const locked = (...holders: readonly (readonly [host: string, pid: number])[]) =>
  [
    `error: the stack is currently locked by ${holders.length} lock(s). Either wait for the other process(es) to end or delete the lock file with \`pulumi cancel\`.`,
    ...holders.map(
      ([host, pid]) =>
        `  file:///state/.pulumi/locks/organization/p/s/1.json: created by root@${host} (pid ${pid}) at 2026-01-01T00:00:00Z`,
    ),
  ].join("\n");
const lives = (pid: number) => pid === 2;
const isDead = (said: string) => isLockDead(said, "here", lives);

describe("The lock of a killed Pulumi", () => {
  it("is released only if everybody who holds one was on this machine and is dead", () => {
    assert.ok(isDead(locked(["here", 1])));
    assert.ok(isDead(locked(["here", 1], ["here", 3])));
    assert.ok(!isDead(locked(["here", 2])));
    assert.ok(!isDead(locked(["here", 1], ["here", 2])));
    assert.ok(!isDead(locked(["there", 1])));
  });

  it("is not seen in anything else", () => {
    assert.ok(!isDead("error: no stack named acme"));
    assert.ok(!isDead("error: [409] Conflict: Another update is currently in progress."));
    assert.ok(!isDead("the stack is currently locked by 1 lock(s). "));
  });
});

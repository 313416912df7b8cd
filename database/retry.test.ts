import assert from "node:assert/strict";
import { refusedAddress, withRetry } from "./retry";

const error = (message: string, fields: object = {}) => Object.assign(new Error(message), fields);

describe("retrying a step of the migration", () => {
  it("finds the refused address in a wrapped error", () => {
    const inner = error("Client with IP address '2001:db8::1' is not allowed to access the server.");
    assert.equal(refusedAddress(error("x", { originalError: inner })), "2001:db8::1");
    assert.equal(refusedAddress(error("x")), undefined);
  });

  it("waits for the given pauses and throws the last error", async () => {
    const pauses: number[] = [];
    let tries = 0;
    const action = async () => {
      throw error(`try ${++tries}`, { number: 40501 });
    };
    const sleep = async (ms: number) => pauses.push(ms);
    await assert.rejects(withRetry("It", action, { pauses: [5, 10], sleep }), /try 3/);
    assert.deepEqual(pauses, [5, 10]);
  });
});

import assert from "node:assert/strict";
import { refusedAddress, withRetry } from "./retry";

const error = (message: string, fields: object = {}) => Object.assign(new Error(message), fields);

describe("retrying a step of the migration", () => {
  it("reports the outermost refusal that names an address", () => {
    const refusal = (address: string, fields?: object) =>
      error(`Client with IP address '${address}' is not allowed to access the server.`, fields);
    assert.equal(refusedAddress(refusal("10.0.0.1", { cause: refusal("10.0.0.2") })), "10.0.0.1");
    assert.equal(refusedAddress("text"), undefined);
  });

  it("throws a lasting error at once, and writes nothing", async () => {
    let tries = 0;
    const lines: string[] = [];
    const action = async () => {
      throw error(`try ${++tries}`);
    };
    const log = (line: string) => lines.push(line);
    await assert.rejects(withRetry("It", action, { pauses: [5], sleep: async () => {}, log }), /try 1/);
    assert.deepEqual(lines, []);
  });

  it("tries again after a lasting error if the caller recovered from it", async () => {
    let tries = 0;
    const lines: string[] = [];
    const action = async () => {
      if (++tries < 3) throw tries === 1 ? error("refused") : "text";
      return tries;
    };
    const options = {
      pauses: [5000, 250],
      sleep: async () => {},
      recover: async () => true,
      log: (line: string) => lines.push(line),
    };
    assert.equal(await withRetry("It", action, options), 3);
    assert.deepEqual(lines, ["It: refused Trying again in 5 s.", "It: text Trying again in 0.25 s."]);
  });

  it("does not ask the caller to recover from a transient error, nor after the last pause", async () => {
    const asked: unknown[] = [];
    const recover = async (refused: unknown) => asked.push(refused) > 0;
    const failing = (number: number) => () => Promise.reject(error("x", { number }));
    const options = { pauses: [1], sleep: async () => {}, recover };
    await assert.rejects(withRetry("It", failing(40501), options));
    assert.equal(asked.length, 0);
    await assert.rejects(withRetry("It", failing(18456), options));
    assert.equal(asked.length, 1);
  });

  it("tries a refused token three times more, whatever the pauses", async () => {
    const pauses: number[] = [];
    const sleep = async (ms: number) => pauses.push(ms);
    const message = "Login failed for user '<token-identified principal>'.";
    const action = () => Promise.reject(error(message, { code: "ELOGIN" }));
    await assert.rejects(withRetry("It", action, { sleep }));
    assert.deepEqual(pauses, [5_000, 10_000, 20_000]);
  });

  it("waits for 5 to 60 seconds, five minutes in all, unless it is given pauses", async () => {
    const pauses: number[] = [];
    const sleep = async (ms: number) => pauses.push(ms);
    const action = () => Promise.reject(error("x", { number: 40613 }));
    await assert.rejects(withRetry("It", action, { sleep }));
    assert.deepEqual(pauses, [5_000, 10_000, 20_000, 40_000, 60_000, 60_000, 60_000, 60_000]);
  });

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

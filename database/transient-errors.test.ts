import assert from "node:assert/strict";
import { isTransient, refusedAddress, withRetry } from "./transient-errors";

const error = (message: string, fields: object = {}) => Object.assign(new Error(message), fields);

describe("transient errors", () => {
  for (const [what, value, expected] of [
    ["a deadlock", error("x", { number: 1205 }), true],
    ["a snapshot conflict", error("x", { number: 3960 }), true],
    [
      "a waking database, whose login error has no number",
      error("Database 'd' on server 's' is not currently available.", { code: "ELOGIN" }),
      true,
    ],
    ["a cut connection", error("Connection lost - read ECONNRESET", { code: "ESOCKET" }), true],
    ["an error that wraps a deadlock", new Error("x", { cause: error("x", { number: 1205 }) }), true],
    [
      "an untrusted certificate",
      error("self-signed certificate in certificate chain", { code: "ESOCKET" }),
      false,
    ],
    [
      "a wrong login",
      error("Login failed for user '<token-identified principal>'.", { code: "ELOGIN", number: 18456 }),
      false,
    ],
    ["a guard", error("QT4010: empty", { number: 54010 }), false],
    ["no error at all", "text", false],
  ] as const) {
    it(`${expected ? "knows" : "does not take for one:"} ${what}`, () =>
      assert.equal(isTransient(value), expected));
  }

  it("finds the refused address in what wraps the refusal", () => {
    const inner = error("Client with IP address '2001:db8::1' is not allowed to access the server.");
    assert.equal(refusedAddress(error("x", { originalError: inner })), "2001:db8::1");
    assert.equal(refusedAddress(error("x")), undefined);
  });

  it("waits the given pauses and throws the last error", async () => {
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

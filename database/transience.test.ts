import assert from "node:assert/strict";
import { transienceOf } from "./transience";

const error = (message: string, fields: object = {}) => Object.assign(new Error(message), fields);

describe("transience of an error", () => {
  for (const [what, value, expected] of [
    ["a database that is resumed", error("x", { number: 40613 }), "waking"],
    [
      "one whose login error has no number",
      error("Database 'd' on server 's' is not currently available.", { code: "ELOGIN" }),
      "waking",
    ],
    [
      "one behind an error that only passes",
      error("x", { code: "ESOCKET", originalError: error("x", { number: 40197 }) }),
      "waking",
    ],
    ["a deadlock", error("x", { number: 1205, code: "EREQUEST" }), "passing"],
    ["a snapshot conflict", error("x", { number: 3960 }), "passing"],
    ["a cut connection", error("Connection lost - read ECONNRESET", { code: "ESOCKET" }), "passing"],
    ["an error that wraps a deadlock", new Error("x", { cause: error("x", { number: 1205 }) }), "passing"],
    ["a busy service", error("The service is currently busy.", { code: "ELOGIN" }), "passing"],
    [
      "an untrusted certificate",
      error("self-signed certificate in certificate chain", { code: "ESOCKET" }),
      "lasting",
    ],
    [
      "a wrong login",
      error("Login failed for user '<token-identified principal>'.", { code: "ELOGIN", number: 18456 }),
      "lasting",
    ],
    ["a missing right", error("x", { number: 229 }), "lasting"],
    ["a guard", error("QT4010: empty", { number: 54010 }), "lasting"],
    ["no error at all", "text", "lasting"],
  ] as const) {
    it(`is ${expected} for ${what}`, () => assert.equal(transienceOf(value), expected));
  }
});

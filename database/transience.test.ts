import assert from "node:assert/strict";
import { errorChain, transienceOf } from "./transience";

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
      "a token that is refused without a reason",
      error("Login failed for user '<token-identified principal>'.", { code: "ELOGIN" }),
      "passing",
    ],
    [
      "a token that is refused with a reason",
      error("Login failed for user '<token-identified principal>'. Token is expired.", { code: "ELOGIN" }),
      "lasting",
    ],
    [
      "a statement's error with the text of a refused token",
      error("Login failed for user '<token-identified principal>'.", { code: "EREQUEST" }),
      "lasting",
    ],
    ["a wrong login", error("Login failed for user 'sa'.", { code: "ELOGIN", number: 18456 }), "lasting"],
    [
      "a session that is ended within a statement",
      error("A severe error occurred on the current command.  The results, if any, should be discarded.", {
        code: "EREQUEST",
        number: 0,
      }),
      "passing",
    ],
    [
      "a pool that gives no connection in time",
      error("Failed to acquire a connection from the pool: operation timed out for an unknown reason"),
      "passing",
    ],
    ["a missing right", error("x", { number: 229 }), "lasting"],
    ["a guard", error("QT4010: empty", { number: 54010 }), "lasting"],
    ["a certificate that is self signed", error("self signed", { code: "ESOCKET" }), "lasting"],
    ["one that the driver calls transient", error("x", { isTransient: true }), "passing"],
    ["one that the driver does not call transient", error("x", { isTransient: false }), "lasting"],
    ["a busy service outside of a login", error("The service is currently busy."), "lasting"],
    [
      "a statement's error with the text of a refused login",
      error("Cannot open database d", { code: "EREQUEST" }),
      "lasting",
    ],
    ["no error at all", "text", "lasting"],
    [
      "a statement that took too long",
      error("Timeout: Request failed to complete in 900000ms", { code: "ETIMEOUT" }),
      "lasting",
    ],
    [
      "one that the server did not stop in time",
      error("x", {
        code: "EREQUEST",
        originalError: error("Failed to cancel request in 5000ms", { code: "ETIMEOUT" }),
      }),
      "lasting",
    ],
    [
      "a connection that took too long",
      error("Failed to connect to s:1433 in 30000ms", { code: "ETIMEOUT" }),
      "passing",
    ],
    [
      "an error with the text of a time-out",
      error("Timeout: Request failed to complete in 900000ms", { number: 1205 }),
      "passing",
    ],
  ] as const) {
    it(`is ${expected} for ${what}`, () => assert.equal(transienceOf(value), expected));
  }

  // docs/sources.md, "Azure SQL"; the codes are those of `mssql`, tedious and Node.
  for (const number of [40143, 40197, 40540, 40613, 49918, 49919, 49920])
    it(`is waking for error ${number}`, () => assert.equal(transienceOf(error("x", { number })), "waking"));
  for (const number of [
    ...[64, 121, 233, 596, 615, 926, 1205, 3960, 4060, 4221, 6005],
    ...[10053, 10054, 10060, 10928, 10929, 40501],
  ])
    it(`is passing for error ${number}`, () => assert.equal(transienceOf(error("x", { number })), "passing"));
  for (const code of [
    ...["EAI_AGAIN", "ECONNCLOSED", "ECONNREFUSED", "ECONNRESET", "EINSTLOOKUP"],
    ...["ENOTFOUND", "ENOTOPEN", "ESOCKET", "ETIMEOUT"],
  ])
    it(`is passing for ${code}`, () => assert.equal(transienceOf(error("x", { code })), "passing"));

  it("judges eight errors at most, so that a circle of causes ends", () => {
    const links = Array.from({ length: 9 }, (_, index) => error(`link ${index}`));
    for (const [index, link] of links.entries()) link.cause = links[index + 1];
    const messages = (chain: ReturnType<typeof errorChain>) => chain.map(({ message }) => message);
    assert.deepEqual(messages(errorChain(links[0])), messages(links.slice(0, 8)));
    const endless = error("round");
    endless.cause = endless;
    assert.equal(errorChain(endless).length, 8);
    assert.deepEqual(errorChain("text"), []);
  });
});

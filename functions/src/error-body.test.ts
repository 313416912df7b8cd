import assert from "node:assert/strict";
import { QtError } from "../../errors/qt-error";
import { errorBody } from "./error-body";
import { redact, shown, textsIn } from "./redact";

describe("an error's body", () => {
  it("shows what happened, what is safe and what to do", () => {
    const { errorMessage, errorType, stackTrace } = errorBody(
      new QtError("QT5001", { setting: "SQL_SERVER" }),
      [],
    );
    assert.match(errorMessage, /^QT5001: .*SQL_SERVER.*Fivetran keeps its state.*Next: /s);
    assert.equal(errorType, "QT5001");
    assert.match(stackTrace, /error-body\.test/);
  });

  it("accepts anything that was thrown", () => {
    assert.equal(errorBody(new TypeError("x is not a function"), []).errorType, "TypeError");
    assert.equal(errorBody("text", []).errorMessage, "text");
    assert.equal(errorBody(new Error(""), []).errorMessage, "The function failed without a message.");
    assert.equal(errorBody(Object.assign(new Error("x"), { stack: undefined }), []).stackTrace, "");
  });

  it("has the first lines of the stack, without the message, which stands beside it", () => {
    const lines = Array.from({ length: 20 }, (_, index) => `    at line ${index}`);
    const error = Object.assign(new Error("x"), {
      stack: ["Error: several lines,", "12 at most", ...lines].join("\n"),
    });
    assert.equal(errorBody(error, []).stackTrace, lines.slice(0, 12).join("\n"));
  });

  it("contains no secret in any encoding", () => {
    const secret = 'p@ss"word+1';
    const message = `login ${secret} ${encodeURIComponent(secret)} ${JSON.stringify({ secret })} failed`;
    const { errorMessage, stackTrace } = errorBody(new Error(message), [secret]);
    for (const text of [errorMessage, stackTrace]) assert.doesNotMatch(text, /p@ss|p%40ss/);
  });
});

describe("redaction", () => {
  it("hides tokens that are not listed as secrets", () => {
    const token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl";
    assert.equal(redact(`token ${token}.`, []), "token ***.");
    assert.equal(redact("authorization: Bearer  abc.def-123", []), "authorization: Bearer ***");
  });

  it("leaves short values alone, which would blank out words", () => {
    assert.equal(redact("the key is on, or admin", ["on", "admin"]), "the key is on, or admin");
    assert.equal(redact("the key is hunter", ["hunter"]), "the key is ***");
  });

  it("hides a secret in each encoding, and nothing around it", () => {
    const secret = 'p@ss "word+1';
    for (const encoded of [
      secret,
      'p@ss \\"word+1',
      "p%40ss%20%22word%2B1",
      "p%40ss+%22word%2B1",
      "cEBzcyAid29yZCsx",
    ]) {
      assert.equal(redact(`{"x=${encoded}"}`, [secret]), '{"x=***"}');
    }
  });

  it("hides a whole secret that contains another", () => {
    assert.equal(redact("abcdef-ghijkl", ["abcdef", "abcdef-ghijkl"]), "***");
  });

  it("does not look for a secret that is longer than the text", () => {
    assert.equal(redact("a text", ["x".repeat(7)]), "a text");
    // Encoded in a URL it would be too long for a string.
    assert.equal(redact("a text", ["é".repeat(100_000_000)]), "a text");
  });

  it("shows a request's text whole, or its length only, because half a secret would not be found", () => {
    assert.equal(shown("x".repeat(200)), "x".repeat(200));
    assert.equal(shown("x".repeat(201)), "(201 characters)");
  });

  it("finds every text of a secrets object", () => {
    assert.deepEqual(textsIn({ a: "1", b: { c: ["2", 3, null] } }), ["1", "2", "3"]);
  });
});

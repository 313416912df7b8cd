import assert from "node:assert/strict";
import fc from "fast-check";
import { JsonScanner } from "./json-scanner";
import { losesPrecision } from "./number-precision";

/** True if the scanner accepts the whole text as one value. */
function accepts(text: string): boolean {
  const scanner = new JsonScanner(text);
  try {
    scanner.value();
    scanner.end();
    return true;
  } catch {
    return false;
  }
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe("the JSON scanner", () => {
  it("accepts what JSON.stringify writes, and returns its kind", () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(undefined, 1, "\t"), (json, indent) => {
        const text = JSON.stringify(JSON.parse(json), undefined, indent);
        const scanner = new JsonScanner(` ${text}\n`);
        const slice = scanner.value();
        scanner.end();
        assert.equal(scanner.slice(slice), text);
      }),
    );
  });

  it("agrees with JSON.parse about broken text", () => {
    const broken = fc
      .tuple(
        fc.json(),
        fc.nat(),
        fc.constantFrom("", '"', ",", "}", "]", "\\", "0", "-", " ", "\n", "e", "u"),
      )
      .map(
        ([json, at, what]) =>
          json.slice(0, at % (json.length + 1)) + what + json.slice((at % (json.length + 1)) + 1),
      );
    const once = (text: string) => !/"([^"\\]*)"\s*:.*"\1"\s*:/s.test(text);
    fc.assert(
      fc.property(broken.filter(once), (text) => assert.equal(accepts(text), parses(text), text)),
      { numRuns: 2000 },
    );
  });

  for (const text of [
    "",
    "01",
    "1.",
    ".5",
    "+1",
    "1e",
    "NaN",
    "'a'",
    "[1,]",
    '{"a":1,}',
    '{"a"}',
    '"\t"',
    '"\\x"',
    '"\\u12"',
    "tru",
    "1 2",
    "{a:1}",
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => assert.equal(accepts(text), false));
  }

  it("refuses a duplicate name, however it is escaped", () => {
    assert.equal(accepts('{"a":1,"\\u0061":2}'), false);
  });
});

describe("the precision of a number", () => {
  const kept = [
    "0",
    "-0",
    "1",
    "0.1",
    "0.10",
    "1e20",
    "1e-300",
    "9007199254740991",
    "9007199254740992",
    "100000000000000000000",
    "1.7976931348623157e+308",
    "0.30000000000000004",
    "123456789012345e-10",
  ];
  const lost = [
    "9007199254740993",
    "-9223372036854775807",
    "0.1234567890123456789",
    "1e400000000000000",
    "1e400",
    "-1e400",
    "1e-400",
    "1.00000000000000001",
    "12345678901234567.89",
  ];
  for (const text of kept) it(`${text} is kept`, () => assert.equal(losesPrecision(text), false));
  for (const text of lost) it(`${text} is lost`, () => assert.equal(losesPrecision(text), true));

  it("is kept by the text of any double", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) =>
        assert.equal(losesPrecision(String(number)), false),
      ),
    );
  });
});

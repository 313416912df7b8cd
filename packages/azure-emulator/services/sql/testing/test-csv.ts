import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { CodedError } from "../../../../kit/errors/coded-error";

/** Expects an error of the catalogue that shows no cell; the cells of the files below say `secret`. */
export function refusal(code: string, message?: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof CodedError, String(error));
    assert.equal(error.code, code);
    if (message) assert.match(error.message, message);
    assert.doesNotMatch(error.format(), /secret/);
    return true;
  };
}

interface Malformed {
  readonly csv: Buffer;
  readonly code: string;
  readonly message?: RegExp;
}

const malformed = (
  text: string,
  code: string,
  message?: RegExp,
  encoding: BufferEncoding = "latin1",
): Malformed => ({
  csv: Buffer.from(text, encoding),
  code,
  ...(message && { message }),
});

/** Files that every engine refuses. */
export const malformedCsv: Readonly<Record<string, Malformed>> = {
  "a row with too many values": malformed("a,b\n1,2\n1,2,secret\n", "QT6112", /line 3 .* \(2\)/),
  "a row with too few values": malformed('a,b\n1,2\n"x\ny",2\nsecret\n', "QT6113", /line 5 /),
  "an empty line in the middle": malformed("a,b\n1,2\n\n3,4\n", "QT6113", /line 3 /),
  "an unclosed quote": malformed('a,b\n1,2\n3,"secret\n4,5\n', "QT6114"),
  "bytes that are not UTF-8": malformed("a,b\n1,2\n\xe4,4\n", "QT6115", /line 3 .*not UTF-8/),
  "a bare CR in a value without quotes": malformed("a,b\n1,2\n3,x\ry\n", "QT6113", /line 4 /),
  "a quote inside a value": malformed(
    'a,b\n1,2\n3,5" secret\n',
    "QT6115",
    /line 3 .*column 2 \(`b`\) has a quote/,
  ),
  "a quote before a value's end": malformed(
    'a,b\n1,2\n"3" secret,4\n',
    "QT6115",
    /line 3 .*column 1 \(`a`\)/,
  ),
  "a zero byte": malformed("a,b\n1,2\n3,secret\0\n", "QT6115", /line 3 .*column 2 .*zero byte/),
  "a quote inside a name": malformed('a,5" pipe\n1,2\n', "QT6115", /line 1 .*column 2 has a quote/),
  "a quote before a name's end": malformed('"a" b,c\n1,2\n', "QT6115", /line 1 .*column 1 /),
  "a name with a zero byte": malformed("a,b\0\n1,2\n", "QT6115", /line 1 .*zero byte/),
  "a name longer than SQL Server's names": malformed(
    `a,${"x".repeat(129)}\n1,2\n`,
    "QT6121",
    /column 2 .*129 characters; .*at most 128/,
  ),
  "a column without a name": malformed("a,,c\n1,2,3\n", "QT6110", /column 2/),
  "a duplicate name": malformed("a,b,a\n1,2,3\n", "QT6111", /columns 1 and 3/),
  "more columns than a table holds": malformed(
    `${Array.from({ length: 1025 }, (_, n) => `c${n}`).join(",")}\n`,
    "QT6117",
    /1025 columns; Azure SQL holds at most 1024/,
  ),
  "UTF-16 with a byte order mark": malformed("\uFEFFa,b\r\n1,secret\r\n", "QT6115", /UTF-16/, "utf16le"),
  "UTF-16 without one": malformed("a,b\r\n1,secret\r\n", "QT6115", /UTF-16/, "utf16le"),
  "a header that is not UTF-8": malformed("Pr\u00e4mie,b\n1,2\n", "QT6115", /line 1 .*not UTF-8/),
};

/** Breaks off after 2,000,004 bytes. */
export function brokenCsv(): Readable {
  return Readable.from(
    (function* () {
      yield Buffer.from("a,b\n");
      for (let row = 0; row < 50; row++) yield Buffer.from("1,2\n".repeat(10_000));
      throw new Error("socket hang up");
    })(),
  );
}

/** Never ends; calls back after 400 kB. */
export function endlessCsv(onTheWay: () => void): Readable {
  return Readable.from(
    (function* () {
      yield Buffer.from("a,b\n");
      for (let row = 0; ; row++) {
        if (row === 100) onTheWay();
        yield Buffer.from("1,2\n".repeat(1000));
      }
    })(),
  );
}

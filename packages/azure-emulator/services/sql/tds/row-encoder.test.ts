import assert from "node:assert/strict";
import fc from "fast-check";
import StreamParser from "tedious/lib/token/stream-parser";
import { typeId } from "../postgres/value-types";
import { dataRow } from "../session/select";
import { MessageWriter } from "./message-writer";
import { tdsColumns, writeColumns, writeRow } from "./row-encoder";

const numeric = 1700;

/** PostgreSQL's encoding of the length of a varchar. */
const modifier = (length: number) => length + 4;

function field(name: string, dataTypeID: number, dataTypeModifier = -1) {
  return { name, dataTypeID, tableID: 0, columnID: 0, dataTypeSize: 0, dataTypeModifier, format: "text" };
}

/** Encodes rows and reads them with tedious' own parser. */
function roundTrip(types: readonly number[], rows: readonly (string | null)[][]): Promise<unknown[][]> {
  return roundTripOf(
    types.map((type, index) => field(`c${index}`, type)),
    rows,
  );
}

async function roundTripOf(
  fields: readonly ReturnType<typeof field>[],
  rows: readonly (string | null)[][],
): Promise<unknown[][]> {
  const writer = new MessageWriter(() => true, 4096);
  const columns = tdsColumns(fields);
  writeColumns(writer, columns);
  for (const row of rows) {
    // Not at the start of the buffer and with bytes after it, as in real messages.
    const bytes = Buffer.concat([Buffer.alloc(7, 0xee), dataRow(row), Buffer.alloc(3, 0xee)]);
    writeRow(writer, columns, bytes, 7, bytes.length - 3);
  }
  const sent = Buffer.from(writer.buffer.subarray(0, writer.at));
  const options = { tdsVersion: "7_4", useUTC: true, useColumnNames: false } as never;
  const read: unknown[][] = [];
  for await (const token of StreamParser.parseTokens([sent], options)) {
    if (token.name === "ROW")
      read.push((token as unknown as { columns: { value: unknown }[] }).columns.map((cell) => cell.value));
  }
  return read;
}

/** PostgreSQL has no NUL character and no lone surrogate. */
const text = fc
  .oneof(
    fc.string({ maxLength: 100 }),
    fc.string({ unit: "binary", maxLength: 100 }),
    fc.string({ unit: "grapheme", minLength: 60, maxLength: 300 }),
  )
  .map((value) => Buffer.from(value.replaceAll("\0", "")).toString());

describe("row encoder", () => {
  it("carries text of any length and script, NULL and the empty text", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.option(text), fc.option(text)), { minLength: 1, maxLength: 10 }),
        async (rows) => assert.deepEqual(await roundTrip([typeId.text, numeric], rows), rows),
      ),
      { numRuns: 300 },
    );
  });

  it("carries varchar(n) of any script within its column's announced size", async () => {
    const limited = fc.integer({ min: 1, max: 2000 }).chain((length) =>
      fc.record({
        length: fc.constant(length),
        values: fc.array(fc.option(text.map((value) => [...value].slice(0, length).join(""))), {
          minLength: 1,
        }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(limited, async ({ length, values }) => {
        const rows = values.map((value) => [value, value]);
        const fields = [field("short", typeId.varchar, modifier(length)), field("long", typeId.text)];
        assert.deepEqual(await roundTripOf(fields, rows), rows);
        const [{ size } = { size: 0 }] = tdsColumns(fields);
        for (const value of values) assert.ok((value?.length ?? 0) * 2 <= size && size <= 8000);
      }),
      { examples: [[{ length: 1, values: ["\u{1f600}", "", null, "é"] }]] },
    );
  });

  it("announces no limit for text, and for a varchar that may be too long for a limit", () => {
    const fields = [
      field("text", typeId.text),
      field("any", typeId.varchar),
      field("longest", typeId.varchar, modifier(2000)),
      field("longer", typeId.varchar, modifier(2001)),
    ];
    assert.deepEqual(
      tdsColumns(fields).map(({ kind, size }) => [kind, size]),
      [
        ["text", 0],
        ["text", 0],
        ["limited", 8000],
        ["text", 0],
      ],
    );
  });

  it("carries every bigint exactly, as tedious reads it", async () => {
    const bigs = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(bigs), { minLength: 1 }), async (values) => {
        const rows = values.map((value) => [value === null ? null : String(value)]);
        assert.deepEqual(await roundTrip([typeId.int8], rows), rows);
      }),
      {
        examples: [[[999_999_999_999_999n, -999_999_999_999_999n, 4_294_967_296n, -4_294_967_297n, 0n, -1n]]],
      },
    );
  });

  it("carries int and bit", async () => {
    await fc.assert(
      fc.asyncProperty(fc.option(fc.integer()), fc.option(fc.boolean()), async (number, flag) => {
        const row = [number === null ? null : String(number), flag === null ? null : flag ? "t" : "f"];
        assert.deepEqual(await roundTrip([typeId.int4, typeId.bool], [row]), [[number, flag]]);
      }),
    );
  });

  it("writes timestamps with time zone as ISO in UTC", async () => {
    const rows = [["2026-11-21 09:35:00.123+00"], [null]];
    assert.deepEqual(await roundTrip([typeId.timestamptz], rows), [["2026-11-21T09:35:00.123Z"], [null]]);
  });

  it("makes room for a cell that is larger than its buffer", async () => {
    const large = "ü".repeat(3_000_000);
    assert.deepEqual(await roundTrip([typeId.text, typeId.int8], [[large, "1"]]), [[large, "1"]]);
  });
});

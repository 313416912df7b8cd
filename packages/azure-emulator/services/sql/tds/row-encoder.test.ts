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

  it("carries float, decimal, uuid, date, time, timestamp and binary as their own types", async () => {
    const decimal = (precision: number, scale: number) => ((precision << 16) | scale) + 4;
    const cases: [id: number, modifier: number, text: string, read: unknown][] = [
      [typeId.int2, -1, "-32768", -32768],
      [typeId.float8, -1, "-1.5e-7", -1.5e-7],
      [typeId.float4, -1, "0.5", 0.5],
      [typeId.numeric, decimal(9, 2), "-1234567.89", -1234567.89],
      [typeId.numeric, decimal(38, 0), "-12345678901234567890", Number("-12345678901234567890")],
      [typeId.uuid, -1, "01234567-89ab-cdef-0123-456789abcdef", "01234567-89AB-CDEF-0123-456789ABCDEF"],
      [typeId.date, -1, "0001-01-01", new Date("0001-01-01T00:00:00Z")],
      [typeId.date, -1, "2026-11-21", new Date("2026-11-21T00:00:00Z")],
      [typeId.timestamp, -1, "2026-11-21 23:59:59.123456", new Date("2026-11-21T23:59:59.123Z")],
      [typeId.timestamp, 0, "2026-11-21 23:59:59", new Date("2026-11-21T23:59:59Z")],
      [typeId.time, 3, "04:05:06.7", new Date("1970-01-01T04:05:06.700Z")],
      [typeId.bytea, -1, "\\x01ff", Buffer.from([1, 255])],
      [typeId.bytea, -1, "\\x", Buffer.alloc(0)],
    ];
    const fields = cases.map(([id, modifier], index) => field(`c${index}`, id, modifier));
    const rows = [cases.map(([, , text]) => text), cases.map(() => null)];
    const read = await roundTripOf(fields, rows);
    assert.deepEqual(
      read[0]?.map((value) => (value instanceof Date ? value.toISOString() : value)),
      cases.map(([, , , value]) => (value instanceof Date ? value.toISOString() : value)),
    );
    assert.deepEqual(
      read[1],
      cases.map(() => null),
    );
  });

  it("refuses values that these types do not have", async () => {
    for (const [id, text] of [
      [typeId.float8, "NaN"],
      [typeId.float4, "Infinity"],
      [typeId.date, "infinity"],
      [typeId.date, "0044-03-15 BC"],
      [typeId.timestamp, "12000-01-01 00:00:00"],
    ] as const)
      await assert.rejects(roundTrip([id], [[text]]), /Arithmetic overflow/);
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

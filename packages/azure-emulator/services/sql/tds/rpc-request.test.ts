import assert from "node:assert/strict";
import fc from "fast-check";
import { TYPES } from "tedious";
import { Collation } from "tedious/lib/collation";
import { type DataType, resolveParameter } from "tedious/lib/data-type";
import RpcRequestPayload from "tedious/lib/rpcrequest-payload";
import { UnsupportedTypeError } from "./parameter-value";
import { ProtocolError } from "./protocol";
import { parseRpc } from "./rpc-request";

interface Given {
  readonly name: string;
  readonly type: DataType;
  readonly value: unknown;
  readonly output?: boolean;
}

/** The bytes that tedious sends for a call. */
async function encode(procedure: string | number, given: readonly Given[]): Promise<Buffer> {
  const options = { tdsVersion: "7_4", useUTC: true } as never;
  const collation = Collation.fromBuffer(Buffer.from([0x09, 0x04, 0xd0, 0x00, 0x34]));
  const parameters = given.map(({ output = false, ...one }) =>
    resolveParameter(
      { ...one, output, length: undefined, precision: undefined, scale: undefined },
      collation,
      options,
    ),
  );
  const chunks: Buffer[] = [];
  for await (const chunk of new RpcRequestPayload(procedure, parameters, Buffer.alloc(8), options))
    chunks.push(chunk);
  return Buffer.concat(chunks);
}

const anyText = fc.oneof(fc.string({ unit: "binary", maxLength: 200 }), fc.constant(null));

describe("remote procedure calls", () => {
  it("reads every supported parameter type as tedious writes it", async () => {
    await fc.assert(
      fc.asyncProperty(
        anyText,
        fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
        fc.option(fc.integer()),
        fc.option(fc.boolean()),
        async (text, big, small, flag) => {
          const body = await encode("shop.changes", [
            { name: "text", type: TYPES.NVarChar, value: text },
            { name: "big", type: TYPES.BigInt, value: big === null ? null : String(big) },
            { name: "small", type: TYPES.Int, value: small, output: true },
            { name: "flag", type: TYPES.Bit, value: flag },
          ]);
          assert.deepEqual(parseRpc(body), [
            {
              procedure: "shop.changes",
              parameters: [
                { name: "@text", output: false, type: "text", value: text },
                { name: "@big", output: false, type: "bigint", value: big === null ? null : String(big) },
                { name: "@small", output: true, type: "int", value: small === null ? null : String(small) },
                {
                  name: "@flag",
                  output: false,
                  type: "bit",
                  value: flag === null ? null : String(Number(flag)),
                },
              ],
            },
          ]);
        },
      ),
    );
  });

  it("reads decimal, float, binary, uniqueidentifier and the types of dates as tedious writes them", async () => {
    const moment = new Date("2026-02-03T04:05:06.789Z");
    const given: [DataType, unknown, string, string][] = [
      [TYPES.Float, -1.5e-7, "float", "-1.5e-7"],
      [TYPES.Real, 0.5, "float", "0.5"],
      [TYPES.Decimal, -120, "numeric", "-120"],
      [
        TYPES.UniqueIdentifier,
        "01234567-89AB-CDEF-0123-456789ABCDEF",
        "uuid",
        "01234567-89ab-cdef-0123-456789abcdef",
      ],
      [TYPES.Date, moment, "date", "2026-02-03"],
      [TYPES.Time, moment, "time", "04:05:06.7890000"],
      [TYPES.DateTime2, moment, "datetime2", "2026-02-03 04:05:06.7890000"],
      [TYPES.DateTimeOffset, moment, "datetimeoffset", "2026-02-03 04:05:06.7890000+00"],
      [TYPES.DateTime, moment, "datetime2", "2026-02-03 04:05:06.790"],
      [TYPES.SmallDateTime, moment, "datetime2", "2026-02-03 04:05:00"],
      [TYPES.VarBinary, Buffer.from([1, 255]), "binary", "\\x01ff"],
    ];
    for (const [type, sent, name, text] of given) {
      const [request] = parseRpc(await encode("p", [{ name: "x", type, value: sent }]));
      assert.deepEqual(request?.parameters, [{ name: "@x", output: false, type: name, value: text }]);
      const [empty] = parseRpc(await encode("p", [{ name: "x", type, value: null }]));
      assert.equal(empty?.parameters[0]?.value, null);
    }
  });

  it("reads nvarchar(max) of megabytes and varchar in Windows-1252", async () => {
    const long = "ü😀x".repeat(1_000_000);
    const body = await encode("shop.configure", [
      { name: "datasets", type: TYPES.NVarChar, value: long },
      { name: "mode", type: TYPES.VarChar, value: "€ é" },
    ]);
    const [call] = parseRpc(body);
    assert.equal(call?.parameters[0]?.value, long);
    assert.equal(call?.parameters[1]?.value, "€ é");
  });

  it("names system procedures by their number", async () => {
    const [call] = parseRpc(
      await encode(10, [{ name: "statement", type: TYPES.NVarChar, value: "SELECT 1;" }]),
    );
    assert.equal(call?.procedure, "sp_executesql");
  });

  it("reads several calls in one message", async () => {
    const first = await encode("shop.a", []);
    const second = (await encode("shop.b", [])).subarray(22);
    assert.deepEqual(
      parseRpc(Buffer.concat([first, Buffer.from([0xff]), second])).map((call) => call.procedure),
      ["shop.a", "shop.b"],
    );
  });

  it("names an unsupported parameter and its type", async () => {
    const body = await encode("shop.x", [{ name: "when", type: TYPES.Text, value: "x" }]);
    assert.throws(
      () => parseRpc(body),
      (error) => error instanceof UnsupportedTypeError && /@when has data type 0x23/.test(error.message),
    );
  });

  it("throws nothing else on damaged bytes", async () => {
    const sound = await encode("shop.x", [
      { name: "a", type: TYPES.NVarChar, value: "text" },
      { name: "b", type: TYPES.NVarChar, value: "x".repeat(5000) },
      { name: "c", type: TYPES.BigInt, value: "5" },
      { name: "d", type: TYPES.Decimal, value: 5 },
      { name: "e", type: TYPES.DateTime2, value: new Date(0) },
      { name: "f", type: TYPES.DateTime, value: new Date(0) },
      { name: "g", type: TYPES.UniqueIdentifier, value: "01234567-89AB-CDEF-0123-456789ABCDEF" },
      { name: "h", type: TYPES.Float, value: 1 },
    ]);
    fc.assert(
      fc.property(fc.nat(sound.length), fc.nat(255), fc.nat(sound.length), (at, value, length) => {
        const damaged = Buffer.from(sound.subarray(0, length));
        if (at < damaged.length) damaged[at] = value;
        try {
          parseRpc(damaged);
        } catch (error) {
          assert.ok(error instanceof ProtocolError || error instanceof UnsupportedTypeError, String(error));
        }
      }),
      { numRuns: 1000 },
    );
  });
});

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
    const body = await encode("shop.x", [{ name: "when", type: TYPES.DateTime2, value: new Date(0) }]);
    assert.throws(
      () => parseRpc(body),
      (error) => error instanceof UnsupportedTypeError && /@when has data type 0x2a/.test(error.message),
    );
  });

  it("throws nothing else on damaged bytes", async () => {
    const sound = await encode("shop.x", [
      { name: "a", type: TYPES.NVarChar, value: "text" },
      { name: "b", type: TYPES.NVarChar, value: "x".repeat(5000) },
      { name: "c", type: TYPES.BigInt, value: "5" },
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

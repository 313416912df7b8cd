import assert from "node:assert/strict";
import { Crc64 } from "./crc64";

describe("CRC-64 of Storage", () => {
  // The check value of CRC-64/NVME in the catalogue of parametrised CRC algorithms.
  it("has the published check value, whole and in parts", () => {
    assert.equal(
      new Crc64().update(Buffer.from("123456789")).digest().readBigUInt64LE(),
      0xae8b14860a799888n,
    );
    const parts = new Crc64().update(Buffer.from("1234")).update(Buffer.from("56789"));
    assert.equal(parts.digest().readBigUInt64LE(), 0xae8b14860a799888n);
    assert.equal(new Crc64().digest().readBigUInt64LE(), 0n);
  });
});

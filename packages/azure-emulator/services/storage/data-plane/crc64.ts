/** x^64 … reflected: the polynomial of CRC-64/NVME, which Storage uses (learn.microsoft.com, "Put Blob", x-ms-content-crc64). */
const POLYNOMIAL = 0x9a6c9329ac4bc9b5n;

const [LOW, HIGH] = tables();

/** The checksum of Storage's `x-ms-content-crc64`, over any number of parts. */
export class Crc64 {
  #low = 0xffffffff;
  #high = 0xffffffff;

  update(bytes: Uint8Array): this {
    let low = this.#low;
    let high = this.#high;
    for (let index = 0; index < bytes.length; index++) {
      const at = (low ^ (bytes[index] as number)) & 0xff;
      low = ((low >>> 8) | (high << 24)) ^ (LOW[at] as number);
      high = (high >>> 8) ^ (HIGH[at] as number);
    }
    this.#low = low >>> 0;
    this.#high = high >>> 0;
    return this;
  }

  /** Eight bytes, the least significant first, as the header has them in Base64. */
  digest(): Buffer {
    const bytes = Buffer.alloc(8);
    bytes.writeUInt32LE(~this.#low >>> 0, 0);
    bytes.writeUInt32LE(~this.#high >>> 0, 4);
    return bytes;
  }
}

/** The halves of the usual table of 256 values: 32 bits are what JavaScript computes fast with. */
function tables(): readonly [Uint32Array, Uint32Array] {
  const low = new Uint32Array(256);
  const high = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let value = BigInt(byte);
    for (let bit = 0; bit < 8; bit++) value = value & 1n ? (value >> 1n) ^ POLYNOMIAL : value >> 1n;
    low[byte] = Number(value & 0xffffffffn);
    high[byte] = Number(value >> 32n);
  }
  return [low, high];
}

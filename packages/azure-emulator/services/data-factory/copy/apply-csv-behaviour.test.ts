import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { applyCsvBehaviour } from "./apply-csv-behaviour";
import { azureCsvBehaviour } from "./azure-csv-behaviour";
import { parseHeaders } from "./http-download";

const csv = 'id,a,b\n1,,""\n2,"x, ""y""","two\nlines"\n';

function read(change: Partial<typeof azureCsvBehaviour>): Promise<string> {
  return text(applyCsvBehaviour(Readable.from([csv]), { ...azureCsvBehaviour, ...change }));
}

describe("the emulation of Azure's CSV reader", () => {
  it("leaves the stream unchanged by default", async () => {
    assert.equal(await read({}), csv);
  });

  it("reads quoted empty cells as NULL if quotedEmpty is null", async () => {
    assert.equal(await read({ quotedEmpty: "null" }), 'id,a,b\n1,,\n2,"x, ""y""","two\nlines"\n');
  });

  it("distinguishes quoted empty cells while it looks for line breaks", async () => {
    const csv = Readable.from(['a,b\n,""\n']);
    const behaviour = { ...azureCsvBehaviour, lineBreakInQuotes: "fail" } as const;
    assert.equal(await text(applyCsvBehaviour(csv, behaviour)), 'a,b\n,""\n');
  });

  it("fails on a line break in quotes if lineBreakInQuotes is fail", async () => {
    await assert.rejects(read({ lineBreakInQuotes: "fail" }), /line break/);
  });

  it("passes on an error of the source", async () => {
    const broken = new Readable({ read: () => broken.destroy(new Error("cut")) });
    await assert.rejects(
      text(applyCsvBehaviour(broken, { ...azureCsvBehaviour, quotedEmpty: "null" })),
      /cut/,
    );
  });
});

describe("parseHeaders", () => {
  it("reads lines of keys and values", () => {
    assert.deepEqual(parseHeaders("Authorization: Bearer a:b\nX-Y:z\r\n"), {
      authorization: "Bearer a:b",
      "x-y": "z",
    });
  });

  it("refuses invalid headers without showing them", () => {
    assert.throws(
      () => parseHeaders("secret"),
      (error: Error) => !error.message.includes("secret"),
    );
  });
});

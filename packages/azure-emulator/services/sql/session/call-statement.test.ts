import assert from "node:assert/strict";
import { callStatement } from "./call-statement";
import type { Routine } from "./routine";
import { SqlServerError } from "./sql-server-error";

const publish: Routine = {
  schema: "shop",
  name: "publish",
  kind: "function",
  returns: "rows",
  parameters: [
    { name: "run_id", type: "text", optional: false },
    { name: "allow_shrink", type: "boolean", optional: true },
  ],
};

const refusedWith = (number: number) => (error: unknown) =>
  error instanceof SqlServerError && error.number === number;

describe("callStatement", () => {
  it("passes arguments by name, ignores case, and leaves out optional ones", () => {
    assert.deepEqual(callStatement(publish, [{ name: "@Run_ID", value: "r1" }]), {
      text: 'select * from "shop"."publish"("run_id" => $1::text)',
      values: ["r1"],
    });
  });

  it("passes arguments by position first, then by name", () => {
    const given = [
      { name: "", value: "r1" },
      { name: "@allow_shrink", value: "true" },
    ];
    assert.deepEqual(callStatement(publish, given), {
      text: 'select * from "shop"."publish"("run_id" => $1::text, "allow_shrink" => $2::boolean)',
      values: ["r1", "true"],
    });
  });

  it("refuses what SQL Server refuses, with the same numbers", () => {
    assert.throws(() => callStatement(publish, []), refusedWith(201));
    assert.throws(() => callStatement(publish, [{ name: "@nothing", value: "1" }]), refusedWith(8145));
    const three = ["a", "true", "c"].map((value) => ({ name: "", value }));
    assert.throws(() => callStatement(publish, three), refusedWith(8144));
    const twice = ["@run_id", "@RUN_ID"].map((name) => ({ name, value: "a" }));
    assert.throws(() => callStatement(publish, twice), refusedWith(8143));
  });

  it("refuses a date for a number, as SQL Server does", () => {
    const routine: Routine = {
      ...publish,
      parameters: [{ name: "limit", type: "integer", optional: false }],
    };
    const given = [{ name: "@limit", value: "2026-11-21", type: "date" as const }];
    assert.throws(() => callStatement(routine, given), refusedWith(206));
  });

  it("makes a bit of every number", () => {
    for (const [value, bit] of [
      ["0", "false"],
      ["2", "true"],
      ["-1", "true"],
      ["true", "true"],
      [null, null],
    ] as const) {
      const given = [
        { name: "@run_id", value: "r" },
        { name: "@allow_shrink", value },
      ];
      assert.deepEqual(callStatement(publish, given).values, ["r", bit]);
    }
  });

  it("calls procedures with CALL", () => {
    assert.match(
      callStatement({ ...publish, kind: "procedure", parameters: [] }, []).text,
      /^call "shop"\."publish"\(\)$/,
    );
  });
});

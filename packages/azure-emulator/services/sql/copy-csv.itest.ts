import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { stringify } from "csv-stringify/sync";
import fc from "fast-check";
import { SqlServerError } from "./session/sql-server-error";
import type { CopyCsvRequest } from "./sql-service";
import { describeRefusedCopies } from "./testing/refused-copies";
import { refusal } from "./testing/test-csv";
import { settings, testFiles, testProcedures, withPool } from "./testing/test-procedures";
import { startWorld, type TestWorld } from "./testing/test-support";

describe("copyCsv", () => {
  let world: TestWorld;
  let table = 0;

  before(async () => {
    world = await startWorld(testFiles);
    await withPool(settings(world), (pool) => pool.request().batch(testProcedures));
  });

  after(() => world?.stop());

  const query = (sql: string) => world.service.query("sql-test", "orders", sql);
  const request = (csv: Readable | string, change: Partial<CopyCsvRequest> = {}): CopyCsvRequest => ({
    server: `127.0.0.1,${world.port}`,
    database: "orders",
    accessToken: world.token(),
    schema: "staging",
    table: `load_${++table}`,
    autoCreate: true,
    csv: typeof csv === "string" ? Readable.from([Buffer.from(csv)]) : csv,
    ...change,
  });
  const copy = (csv: Readable | string, change?: Partial<CopyCsvRequest>) =>
    world.service.copyCsv(request(csv, change));
  const rows = async () =>
    (await query(`select * from staging.load_${table}`)).map((row) => Object.values(row));
  const tableExists = async () =>
    (await query(`select to_regclass('staging.load_${table}') is not null as yes`))[0]?.yes === true;

  it("creates a table of text columns whose comments hold the header, and fills it", async () => {
    const csv =
      '\uFEFFPolicy No,"Name, ""of"" insured"\r\n0012,"Müller, 保険\r\n& Söhne 😀"\r\n0013,\r\n0014,""\r\n';
    const result = await copy(csv);
    assert.deepEqual(result, {
      rowsCopied: 3,
      dataRead: Buffer.byteLength(csv),
      columns: ["Policy No", 'Name, "of" insured'],
    });
    assert.deepEqual(await rows(), [
      ["0012", "Müller, 保険\r\n& Söhne 😀"],
      ["0013", null],
      ["0014", ""],
    ]);
    const header = `select attname as name, col_description(attrelid, attnum) as header from pg_attribute
                     where attrelid = 'staging.load_${table}'::regclass and attnum > 0 order by attnum`;
    assert.deepEqual(await query(header), [
      { name: "c1", header: "Policy No" },
      { name: "c2", header: 'Name, "of" insured' },
    ]);
  });

  it("copies every cell as a CSV writer wrote it", async () => {
    const cell = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.string({ unit: "binary" }),
      fc.constantFrom("", "\\.", "\\N", "NULL", '"', ",", "\n", "\r\n", " x "),
    );
    const text = cell.map((value) => Buffer.from(value.replaceAll("\0", "")).toString());
    const records = fc.array(fc.tuple(text, text, text), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(records, fc.constantFrom("\n", "\r\n"), async (given, lineEnd) => {
        await copy(
          stringify([["a", "b", "c"], ...given], {
            quoted: true,
            quoted_empty: true,
            record_delimiter: lineEnd,
          }),
        );
        assert.deepEqual(await rows(), given);
      }),
      { numRuns: 30 },
    );
  });

  it("copies rows that older engines read as the end of the data", async () => {
    await copy("a\n1\n\\.\n2\n");
    assert.deepEqual(await rows(), [["1"], ["\\."], ["2"]]);
  });

  it("copies a file with every kind of line break", async () => {
    await copy('a,b\r\n1,"x\r\ny"\r3,4\n5,6\r\n\r\n');
    assert.deepEqual(await rows(), [
      ["1", "x\r\ny"],
      ["3", "4"],
      ["5", "6"],
    ]);
  });

  it("runs the pre-copy script by the same rules as any T-SQL", async () => {
    await copy("a\n1\n", { preCopyScript: "EXEC shop.keep @id = 1, @value = N'before'" });
    assert.deepEqual(await query("select value from shop.kept where id = 1"), [{ value: "before" }]);
    await assert.rejects(copy("a\n1\n", { preCopyScript: "DROP TABLE x" }), refusal("QT6101"));
  });

  it("appends to an existing table, and finds columns by their header", async () => {
    const name = `load_${table + 1}`;
    await copy("b,a\n1,2\n");
    await copy("a,b\n3,4\n", { table: name });
    assert.deepEqual(await query(`select * from staging.${name}`), [
      { c1: "1", c2: "2" },
      { c1: "4", c2: "3" },
    ]);
    await assert.rejects(copy("a,z\n3,4\n", { table: name }), refusal("QT6119", /`z`/));
    await assert.rejects(copy("a\n1\n", { autoCreate: false }), refusal("QT6118"));
  });

  describe("of rows as large as SQL Server allows", () => {
    const wide = (columns: number, ...records: string[][]) => {
      const header = Array.from({ length: columns }, (_, index) => `c${index}`);
      return [header, ...records].map((record) => `${record.join(",")}\n`).join("");
    };
    const filled = (columns: number, text: string) => new Array<string>(columns).fill(text);

    for (const { text, fit } of [
      { text: "ab", fit: 1024 },
      { text: "abc", fit: 991 },
      { text: "\u{1F600}\u{1F600}", fit: 795 },
      { text: "abcdefghijkl", fit: 308 },
      { text: "long".repeat(100), fit: 308 },
    ]) {
      it(`fills ${fit} columns with ${text.slice(0, 12)}`, async () => {
        assert.equal((await copy(wide(fit, filled(fit, text)))).rowsCopied, 1);
        if (fit === 1024) return;
        const refused = wide(fit + 1, filled(fit + 1, "x"), filled(fit + 1, text));
        await assert.rejects(copy(refused), refusal("QT6122", /Row 2 .* 80\d\d bytes/));
        assert.equal(await tableExists(), false);
      });
    }

    it("lets NULLs at the end of a row take nothing", async () => {
      const record = (count: number) => [...filled(count, "abcdefghijkl"), ...filled(1000 - count, "")];
      assert.equal((await copy(wide(1000, record(304)))).rowsCopied, 1);
      await assert.rejects(copy(wide(1000, record(309))), refusal("QT6122"));
      await assert.rejects(copy(wide(1000, record(304).with(999, "x"))), refusal("QT6122"));
    });

    it("names the embedded database's own limit", async () => {
      await assert.rejects(copy(wide(440, filled(440, "\u4FDD".repeat(7)))), refusal("QT6123"));
    });
  });

  describeRefusedCopies(copy, tableExists);

  it("has the rights of the database user and no others", async () => {
    const user = world.principal("factory");
    await query(`do $$ begin
      execute format('create role %I nologin', current_database() || '/factory');
      execute format('comment on role %I is %L', current_database() || '/factory', '${user.clientId}');
    end $$`);
    const asUser = { accessToken: world.token(user) };
    await assert.rejects(copy("a\n1\n", asUser), /permission denied for schema staging/);
    await query(`do $$ begin
      execute format('grant usage, create on schema staging to %I', current_database() || '/factory'); end $$`);
    assert.equal((await copy("a\n1\n", asUser)).rowsCopied, 1);
    const strange = { accessToken: world.token(world.principal("stranger")) };
    await assert.rejects(
      copy("a\n1\n", strange),
      (error) => error instanceof SqlServerError && error.number === 18456,
    );
    await assert.rejects(copy("a\n1\n", { server: "127.0.0.1,1" }), refusal("QT6106"));
  });
});

import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { stringify } from "csv-stringify/sync";
import fc from "fast-check";
import type { CopyCsvRequest } from "./sql-service";
import { describeRefusedCopies } from "./testing/refused-copies";
import { refusal } from "./testing/test-csv";
import { startWorld, type TestWorld } from "./testing/test-support";

const url = process.env.SQLSERVER_URL;
const title = "copyCsv on a SQL Server";

(url === undefined ? describe.skip : describe)(
  url === undefined ? `${title} (SQLSERVER_URL is not set)` : title,
  () => {
    let world: TestWorld;
    let table = 0;

    before(async () => {
      world = await startWorld({}, url);
      await query("exec(N'create schema staging')");
    });
    after(() => world?.stop());

    const query = (sql: string, parameters?: unknown[]) =>
      world.service.query("sql-test", "orders", sql, parameters);
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
    const rows = async (name = `load_${table}`) =>
      (await query(`select * from staging.${name}`)).map((row) => Object.values(row));
    const tableExists = async () =>
      (await query(`select object_id(N'staging.load_${table}') as id`))[0]?.id !== null;
    /** Sorted, because a server may return rows in another order. */
    const sorted = (given: readonly unknown[]) => given.map((row) => JSON.stringify(row)).sort();

    it("creates a table of nvarchar(max) columns named by the header, and fills it", async () => {
      const csv =
        '\uFEFFPolicy No,"Name, ""of"" insured"\r\n0012,"Müller, 保険\r\n& Söhne 😀"\r\n0013,\r\n0014,""\r\n';
      const result = await copy(csv);
      assert.deepEqual(result, {
        rowsCopied: 3,
        dataRead: Buffer.byteLength(csv),
        columns: ["Policy No", 'Name, "of" insured'],
      });
      assert.deepEqual(
        sorted(await rows()),
        sorted([
          ["0012", "Müller, 保険\r\n& Söhne 😀"],
          ["0013", null],
          ["0014", ""],
        ]),
      );
      const columns = await query(
        `select cast(COLUMN_NAME as nvarchar(128)) as name, cast(DATA_TYPE as nvarchar(128)) as type,
                CHARACTER_MAXIMUM_LENGTH as length
           from INFORMATION_SCHEMA.COLUMNS where TABLE_SCHEMA = N'staging' and TABLE_NAME = N'load_${table}'
          order by ORDINAL_POSITION`,
      );
      assert.deepEqual(columns, [
        { name: "Policy No", type: "nvarchar", length: -1 },
        { name: 'Name, "of" insured', type: "nvarchar", length: -1 },
      ]);
    });

    it("copies every cell as a CSV writer wrote it", async () => {
      const cell = fc.oneof(
        fc.string({ unit: "grapheme" }),
        fc.constantFrom("", "\\.", "\\N", "NULL", '"', ",", "\n", "\r\n", " x ", "\u0001", "é".repeat(5000)),
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
          assert.deepEqual(sorted(await rows()), sorted(given));
        }),
        { numRuns: 15 },
      );
    });

    it("runs the pre-copy script first", async () => {
      const name = `load_${table + 1}`;
      await copy("a\n1\n");
      await copy("a\n2\n", { table: name, preCopyScript: `drop table staging.${name}` });
      assert.deepEqual(await rows(name), [["2"]]);
      await assert.rejects(copy("a\n1\n", { preCopyScript: "drop table staging.nothing" }));
      assert.equal(await tableExists(), false);
    });

    it("appends to an existing table, and finds columns by their header", async () => {
      const name = `load_${table + 1}`;
      await copy("b,a\n1,2\n");
      await copy("A,b\n3,4\n", { table: name });
      assert.deepEqual(
        sorted(await rows(name)),
        sorted([
          ["1", "2"],
          ["4", "3"],
        ]),
      );
      await assert.rejects(copy("a,z\n3,4\n", { table: name }), refusal("QT6119", /`z`/));
      await assert.rejects(copy("a,b\n5,6\n7\n", { table: name }), refusal("QT6113"));
      assert.equal((await rows(name)).length, 2);
      await assert.rejects(copy("a\n1\n", { autoCreate: false }), refusal("QT6118"));
    });

    describeRefusedCopies(copy, tableExists);

    it("logs in like any client", async () => {
      const { deployer } = world.context.principals;
      await assert.rejects(copy("a\n1\n", { accessToken: "nonsense" }), /Login failed/);
      await assert.rejects(copy("a\n1\n", { accessToken: world.token(deployer, -60) }), /expired/);
      await assert.rejects(copy("a\n1\n", { server: "127.0.0.1,1" }), refusal("QT6106"));
    });
  },
);

import assert from "node:assert/strict";
import pg from "pg";
import { EmulatorError } from "../../../errors/emulator-error";
import { toSqlServerError } from "./postgres-error";
import { SqlServerError } from "./sql-server-error";

function postgresError(message: string, code: string, where?: string): pg.DatabaseError {
  return Object.assign(new pg.DatabaseError(message, 0, "error"), { code, where });
}

describe("toSqlServerError", () => {
  it("numbers the database's own errors by their code and shows where they were raised", () => {
    const where = "PL/pgSQL function shop.publish(text,boolean) line 23 at RAISE";
    const {
      number,
      class: severity,
      state,
      procedure,
      line,
      message,
    } = toSqlServerError(postgresError("SHOP4021: The snapshot lost 60 % of its rows.", "P0001", where));
    assert.deepEqual(
      { number, severity, state, procedure, line },
      { number: 54021, severity: 16, state: 1, procedure: "shop.publish", line: 23 },
    );
    assert.equal(message, "SHOP4021: The snapshot lost 60 % of its rows.");
  });

  it("reports a deadlock as 1205, which clients retry", () => {
    assert.equal(toSqlServerError(postgresError("deadlock detected", "40P01")).number, 1205);
  });

  it("reports a missing grant in SQL Server's words", () => {
    const error = toSqlServerError(postgresError("permission denied for function publish", "42501"), {
      database: "orders",
    });
    assert.equal(error.number, 229);
    assert.match(
      error.message,
      /^The EXECUTE permission was denied on the object 'publish', database 'orders'\./,
    );
  });

  const numbers: [code: string, message: string, number: number, text: RegExp][] = [
    ["42P01", 'relation "shop.x" does not exist', 208, /^Invalid object name 'shop\.x'\.$/],
    ["42703", 'column "y" does not exist', 207, /^Invalid column name 'y'\.$/],
    ["42703", "column x.y does not exist", 207, /^Invalid column name 'x\.y'\.$/],
    ["22012", "division by zero", 8134, /^Divide by zero error encountered\.$/],
    ["22003", "integer out of range", 8115, /to data type int\.$/],
    ["22003", "numeric field overflow", 8115, /to data type numeric\.$/],
    [
      "22P02",
      'invalid input syntax for type integer: "abc"',
      245,
      /nvarchar value 'abc' to data type int\.$/,
    ],
    [
      "22P02",
      'invalid input syntax for type numeric: "abc"',
      8114,
      /^Error converting data type nvarchar to numeric\.$/,
    ],
    ["22P02", 'invalid input syntax for type uuid: "abc"', 8169, /uniqueidentifier/],
    ["22007", 'invalid input syntax for type date: "abc"', 241, /^Conversion failed when converting date/],
    ["55P03", "canceling statement due to lock timeout", 1222, /^Lock request time out period exceeded\.$/],
    ["40001", "could not serialize access due to concurrent update", 1205, /deadlock victim/],
    ["22001", "value too long for type character varying(5)", 8152, /truncated/],
  ];
  for (const [code, message, number, text] of numbers) {
    it(`reports ${code} as ${number}`, () => {
      const error = toSqlServerError(postgresError(message, code));
      assert.deepEqual([error.number, error.class], [number, number === 1205 ? 13 : 16]);
      assert.match(error.message, text);
    });
  }

  it("reports a conflict in a snapshot as 3960", () => {
    const error = postgresError("could not serialize access due to concurrent update", "40001");
    assert.equal(toSqlServerError(error, { snapshot: true, database: "orders" }).number, 3960);
  });

  it("reports the end of the session with a class that makes clients close the connection", () => {
    const message = "terminating connection due to administrator command";
    const error = Object.assign(postgresError(message, "57P01"), { severity: "FATAL" });
    const { number, class: severity } = toSqlServerError(error);
    assert.deepEqual([number, severity], [596, 21]);
  });

  it("reports every other error as 50000 with PostgreSQL's message", () => {
    const error = toSqlServerError(postgresError("the moon is full", "XX000"));
    assert.deepEqual([error.number, error.message], [50000, "the moon is full"]);
  });

  it("numbers errors of the catalogue by their code, with the next step", () => {
    const error = toSqlServerError(new EmulatorError("QT6101", { statement: "SELECT x" }));
    assert.equal(error.number, 56101);
    assert.match(error.message, /use a real SQL Server/);
  });

  it("does not change SQL Server's errors", () => {
    const error = new SqlServerError(2812, "Could not find stored procedure 'x'.");
    assert.equal(toSqlServerError(error), error);
  });
});

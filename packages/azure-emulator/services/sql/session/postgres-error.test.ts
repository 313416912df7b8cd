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
    const error = toSqlServerError(
      postgresError("permission denied for function publish", "42501"),
      "orders",
    );
    assert.equal(error.number, 229);
    assert.match(
      error.message,
      /^The EXECUTE permission was denied on the object 'publish', database 'orders'\./,
    );
  });

  it("reports every other error as 50000 with PostgreSQL's message", () => {
    const error = toSqlServerError(postgresError('relation "x" does not exist', "42P01"));
    assert.deepEqual([error.number, error.message], [50000, 'relation "x" does not exist']);
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

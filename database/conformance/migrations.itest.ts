import { skip } from "../../packages/kit/testing/skip";
import { describeMigration } from "./migration-suite";
import { newSqlServerDatabase, type SqlServerDatabase } from "./sql-server-database";

describe("migration of SQL Server", () => {
  const url = process.env.SQLSERVER_URL;
  if (url === undefined || url === "") {
    it("is tested on the server of SQLSERVER_URL; the emulator's suites test it over TDS on the twin", function () {
      skip(this, "SQLSERVER_URL is not set");
    });
    return;
  }
  const databases: SqlServerDatabase[] = [];
  after(async () => {
    for (const database of databases) await database.drop();
  });

  describeMigration(async () => {
    const database = await newSqlServerDatabase(url);
    databases.push(database);
    return database;
  });
});

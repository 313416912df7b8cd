import {
  type ServerNames,
  ServerRecord,
} from "../../packages/azure-emulator/services/sql/sql-server/server-record";
import { nameThisProject } from "../emulator-phrases";
import { removeOwnFolder } from "./own-folder";

export const PASSWORD_VARIABLE = "QT_DATABASE_PASSWORD";
const names: ServerNames = { prefix: "qt_local", passwordVariable: PASSWORD_VARIABLE };

/**
 * The SQL Server of a folder: the one given with `--database` now or earlier; undefined for the embedded PostgreSQL.
 * The folder keeps the URL, so that later commands and the background process do not need the option.
 * If the URL has no password, it comes from QT_DATABASE_PASSWORD, which processes started later do not inherit.
 * @throws QtError QT9021, or QT9022 if the folder's databases are on another server
 */
export async function findServer(folder: string, url: string | undefined): Promise<ServerRecord | undefined> {
  nameThisProject();
  const password = process.env[PASSWORD_VARIABLE] || undefined;
  delete process.env[PASSWORD_VARIABLE];
  return url === undefined
    ? ServerRecord.find(folder, names)
    : ServerRecord.choose(folder, url, password, names);
}

/** Removes the databases that the emulator made on a SQL Server, then the folder. @throws QtError QT6120, QT9015 */
export async function removeEverything(folder: string): Promise<void> {
  nameThisProject();
  const record = await ServerRecord.find(folder, names);
  if (record !== undefined && record.databases.length > 0) {
    // Loaded only when needed: the driver takes a while.
    const { ServerDatabases } =
      require("../../packages/azure-emulator/services/sql/sql-server/server-databases") as typeof import("../../packages/azure-emulator/services/sql/sql-server/server-databases");
    const databases = new ServerDatabases(record);
    await databases.dropAll().finally(() => databases.close());
  }
  await removeOwnFolder(folder);
}

import { ServerRecord } from "../services/sql/sql-server/server-record";
import { removeOwnFolder } from "./own-folder";

/**
 * The SQL Server of a folder: the one that was given with `--database` now or before; undefined for the embedded PostgreSQL.
 * The URL is kept in the folder, so that no other command, and no process in the background, needs to be given it.
 * @throws QtError QT9021, or QT9022 where the folder's databases are on another server
 */
export function findServer(folder: string, url: string | undefined): Promise<ServerRecord | undefined> {
  return url === undefined ? ServerRecord.find(folder) : ServerRecord.choose(folder, url);
}

/** Removes the folder, and before it the databases that the stand-in made on a SQL Server. @throws QtError QT6120, QT9015 */
export async function removeEverything(folder: string): Promise<void> {
  const record = await ServerRecord.find(folder);
  if (record !== undefined && record.databases.length > 0) {
    // Loaded where it is needed: the driver takes a while.
    const { ServerDatabases } =
      require("../services/sql/sql-server/server-databases") as typeof import("../services/sql/sql-server/server-databases");
    const databases = new ServerDatabases(record);
    await databases.dropAll().finally(() => databases.close());
  }
  await removeOwnFolder(folder);
}

import { createHash } from "node:crypto";

/**
 * The name of the PostgreSQL database behind a database of a SQL server. All servers share one cluster, so the name contains the server.
 * Roles (`<database>/<user>`, 63 bytes at most) begin with it, so it is short and leaves 38 bytes to the user. Azure's names ignore case.
 */
export function postgresDatabaseName(server: string, database: string): string {
  const name = `${server}/${database}`.toLowerCase();
  if (Buffer.byteLength(name) <= longest && /^[\x21-\x7e]*$/.test(name)) return name;
  const readable = name.replace(/[^a-z0-9/_-]/g, "").slice(0, longest - 9);
  return `${readable}~${createHash("sha256").update(name).digest("hex").slice(0, 8)}`;
}

const longest = 24;

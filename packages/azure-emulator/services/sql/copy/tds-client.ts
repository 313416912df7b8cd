import { Connection, Request } from "tedious";
import type { CopyCsvRequest } from "../sql-service";

/** Larger packets halve the overhead of a bulk load; TDS allows no larger ones. */
const packetSize = 32_767;

/** Logs in to a server's port with the token of the copy. @throws ConnectionError */
export function openConnection(
  request: Pick<CopyCsvRequest, "server" | "database" | "accessToken" | "from">,
): Promise<Connection> {
  const [host = "", port] = request.server.split(",");
  const connection = new Connection({
    server: host,
    authentication: { type: "azure-active-directory-access-token", options: { token: request.accessToken } },
    options: {
      port: Number(port),
      database: request.database,
      // The port is the emulator's own, on loopback.
      encrypt: false,
      packetSize,
      ...(request.from !== undefined && { localAddress: request.from }),
      requestTimeout: 0,
      appName: "azure-emulator-copy",
    },
  });
  // A connection that breaks ends its request with an error; the event would end the process.
  connection.on("error", () => {});
  return new Promise((resolve, reject) => {
    connection.connect((error) => (error ? reject(error) : resolve(connection)));
  });
}

/** Runs a text as one batch and returns the rows of its result. @throws RequestError */
export function runBatch(connection: Connection, sql: string): Promise<unknown[][]> {
  return new Promise((resolve, reject) => {
    const rows: unknown[][] = [];
    const request = new Request(sql, (error) => (error ? reject(error) : resolve(rows)));
    request.on("row", (columns: readonly { value: unknown }[]) =>
      rows.push(columns.map(({ value }) => value)),
    );
    connection.execSqlBatch(request);
  });
}

import sql from "mssql";
import type { AccessToken } from "../../functions/src/identity-token";
import { poolConfig } from "../../functions/src/sql-connection";

/** What to read, and how. */
export interface BareRequest {
  /** `host[,port]`, as in the function's setting. */
  readonly server: string;
  readonly database: string;
  readonly token: string;
  readonly dataset: string;
  /** Rows per statement. */
  readonly pageRows: number;
}

/** The cost of reading a dataset with the bare driver. */
export interface BareRead {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly rows: number;
  readonly bytes: number;
}

/**
 * The minimum cost of reading qt.changes with `mssql` and turning the rows into JSON: pages, rows as objects,
 * `JSON.stringify`, on a connection with the function's own options. No checks, no state, no HTTP.
 */
async function readBare({ server, database, token, dataset, pageRows }: BareRequest): Promise<BareRead> {
  const [host = "", port] = server.split(",");
  const access: AccessToken = { token, expiresOnTimestamp: Date.now() + 3_600_000 };
  const settings = { server: host, port: Number(port), database };
  const identity = { clientId: "", identityEndpoint: "", identityHeader: "" };
  const pool = new sql.ConnectionPool(
    poolConfig({ ...settings, ...identity }, { getToken: async () => access }),
  );
  await pool.connect();
  const started = performance.now();
  const cpu = process.cpuUsage();
  let [rows, bytes] = [0, 0];
  let last: { readonly _version: unknown; readonly _row_id: unknown } = { _version: 0, _row_id: 0 };
  for (let more = true; more; ) {
    const request = pool.request();
    request.input("dataset_id", sql.NVarChar(200), dataset);
    request.input("epoch", sql.NVarChar(36), null);
    request.input("after_version", sql.BigInt, last._version);
    request.input("after_row", sql.BigInt, last._row_id);
    request.input("upto", sql.BigInt, null);
    request.input("limit", sql.Int, pageRows);
    request.stream = true;
    let [set, count] = [-1, 0];
    const page: string[] = [];
    request.on("recordset", () => set++);
    request.on("row", (row: typeof last) => {
      if (set === 0) return;
      last = row;
      count++;
      page.push(JSON.stringify(row));
    });
    await request.execute("qt.changes");
    bytes += Buffer.from(page.join(",")).length;
    rows += count;
    more = count === pageRows;
  }
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  await pool.close();
  return { seconds, cpuSeconds: (user + system) / 1e6, rows, bytes };
}

if (require.main === module) {
  readBare(JSON.parse(process.argv[2] ?? "{}")).then(
    (result) => process.stdout.write(JSON.stringify(result)),
    (error: Error) => {
      process.stderr.write(`${error.stack}\n`);
      process.exitCode = 1;
    },
  );
}

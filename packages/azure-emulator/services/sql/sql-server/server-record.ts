import { randomBytes } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { readIfExists, writeDurably } from "../../../control-plane/durable-file";
import { EmulatorError } from "../../../errors/emulator-error";
import {
  PASSWORD_VARIABLE,
  parseServerUrl,
  type ServerAddress,
  shownServer,
  withPassword,
} from "./server-address";

/** Name of the file in the emulator's folder; only its owner reads it. */
export const serverFile = "sql-server.json";

interface Content {
  /** As the host gave it, password included, wherever that came from. */
  readonly url: string;
  /** Part of the name of everything that this emulator makes on the server. */
  readonly id: string;
  /** What the passwords of the identities' logins are derived from. */
  readonly secret: string;
  /** Databases that this emulator made on the server; no other is ever touched. */
  readonly databases: readonly string[];
}

/** What the host decides about a SQL Server. */
export interface ServerNames {
  /** Begins the name of every database and login that the emulator makes there. */
  readonly prefix: string;
  /** Environment variable with the password of a URL that holds none, as messages name it. */
  readonly passwordVariable: string;
}

const defaultNames: ServerNames = { prefix: "azure_emulator", passwordVariable: PASSWORD_VARIABLE };

/** The SQL Server that an emulator runs on, and what it made there. Kept in the emulator's folder. */
export class ServerRecord {
  readonly #file: string;
  #content: Content;
  #written: Promise<void> = Promise.resolve();

  private constructor(
    file: string,
    content: Content,
    readonly names: ServerNames,
  ) {
    this.#file = file;
    this.#content = content;
  }

  /** Undefined for an emulator on the embedded PostgreSQL. */
  static async find(folder: string, names = defaultNames): Promise<ServerRecord | undefined> {
    const file = join(folder, serverFile);
    const text = await readIfExists(file);
    return text === undefined ? undefined : new ServerRecord(file, JSON.parse(text) as Content, names);
  }

  /**
   * The record of an emulator that is started with this URL; a folder that has none keeps it from now on. Another password of the same
   * server replaces the one that is kept.
   * @param password for a URL that holds none; without it the password that is kept for the same login
   * @throws EmulatorError QT9021, or QT9022 where the folder's databases are on another server
   */
  static async choose(
    folder: string,
    text: string,
    password?: string,
    names = defaultNames,
  ): Promise<ServerRecord> {
    const kept = await ServerRecord.find(folder, names);
    const url = withPassword(text, password ?? kept?.passwordOf(text));
    const given = parseServerUrl(url, names.passwordVariable);
    if (kept === undefined) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const content = {
        url,
        id: randomBytes(4).toString("hex"),
        secret: randomBytes(24).toString("base64url"),
        databases: [],
      };
      const record = new ServerRecord(join(folder, serverFile), content, names);
      await record.#write();
      return record;
    }
    const [before, after] = [shownServer(kept.address), shownServer(given)];
    if (before !== after && kept.databases.length > 0)
      throw new EmulatorError("QT9022", { folder, before, after });
    await kept.#change({ url });
    return kept;
  }

  get url(): string {
    return this.#content.url;
  }

  get address(): ServerAddress {
    return parseServerUrl(this.#content.url, this.names.passwordVariable);
  }

  /** The password that is kept, where the URL names the same login of the same server. */
  passwordOf(url: string): string | undefined {
    const { host, port, user, password } = this.address;
    const asked = parseServerUrl(withPassword(url, password), this.names.passwordVariable);
    return asked.host === host && asked.port === port && asked.user === user ? password : undefined;
  }

  get id(): string {
    return this.#content.id;
  }

  get secret(): string {
    return this.#content.secret;
  }

  get databases(): readonly string[] {
    return this.#content.databases;
  }

  /** Before the database is made: a kill in between leaves a name too many, never a database that nobody drops. */
  async add(database: string): Promise<void> {
    if (!this.databases.includes(database)) await this.#change({ databases: [...this.databases, database] });
  }

  /** Forgets a server that nothing was made on: the first start failed. */
  async discardUnused(): Promise<void> {
    if (this.databases.length === 0) await rm(this.#file, { force: true });
  }

  /** After the database is gone. */
  async remove(database: string): Promise<void> {
    await this.#change({ databases: this.databases.filter((name) => name !== database) });
  }

  async #change(change: Partial<Content>): Promise<void> {
    this.#content = { ...this.#content, ...change };
    await this.#write();
  }

  /** One write after the other, each of the newest content. */
  #write(): Promise<void> {
    this.#written = this.#written
      .catch(() => {})
      .then(() => writeDurably(this.#file, `${JSON.stringify(this.#content, undefined, 2)}\n`));
    return this.#written;
  }
}

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

/** Name of the file in the emulator's folder; only its owner can read it. */
export const serverFile = "sql-server.json";

interface Content {
  /** The host's URL, including the password, wherever that came from. */
  readonly url: string;
  /** Part of the name of everything that this emulator creates on the server. */
  readonly id: string;
  /** The secret from which the passwords of the identities' logins are derived. */
  readonly secret: string;
  /** Databases that this emulator created on the server; it never touches any other. */
  readonly databases: readonly string[];
}

/** The names that the host chooses for a SQL Server. */
export interface ServerNames {
  /** The beginning of the name of every database and login that the emulator creates. */
  readonly prefix: string;
  /** The environment variable in messages, which has the password if the URL has none. */
  readonly passwordVariable: string;
}

const defaultNames: ServerNames = { prefix: "azure_emulator", passwordVariable: PASSWORD_VARIABLE };

/** The SQL Server of an emulator and the databases that it created there. Stored in the emulator's folder. */
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
   * The record of an emulator that is started with this URL; a folder without a record gets one. A new password for the same
   * server replaces the stored one.
   * @param password for a URL that has none; without it, the stored password of the same login
   * @throws EmulatorError QT9021, or QT9022 if the folder's databases are on another server
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

  /** The stored password, if the URL names the same login of the same server. */
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

  /** Call before the database is created: a kill in between then leaves a superfluous name, never a database that nobody drops. */
  async add(database: string): Promise<void> {
    if (!this.databases.includes(database)) await this.#change({ databases: [...this.databases, database] });
  }

  /** Removes the record if nothing was created on the server, because the first start failed. */
  async discardUnused(): Promise<void> {
    if (this.databases.length === 0) await rm(this.#file, { force: true });
  }

  /** Call after the database is dropped. */
  async remove(database: string): Promise<void> {
    await this.#change({ databases: this.databases.filter((name) => name !== database) });
  }

  async #change(change: Partial<Content>): Promise<void> {
    this.#content = { ...this.#content, ...change };
    await this.#write();
  }

  /** One write after the other, each with the newest content. */
  #write(): Promise<void> {
    this.#written = this.#written
      .catch(() => {})
      .then(() => writeDurably(this.#file, `${JSON.stringify(this.#content, undefined, 2)}\n`));
    return this.#written;
  }
}

import { join } from "node:path";
import type { LocalContext } from "../../../control-plane/local-service";
import { PostgresCluster } from "./cluster";
import { Databases } from "./databases";

/** The embedded PostgreSQL of an emulator, started when first needed. */
export class EmbeddedPostgres {
  readonly #cluster: PostgresCluster;
  #started: Promise<Databases> | undefined;

  constructor(readonly context: LocalContext) {
    this.#cluster = new PostgresCluster(join(context.folder, "postgres"));
  }

  /** @throws EmulatorError QT6102, QT6103 or QT6108 */
  databases(): Promise<Databases> {
    this.#started ??= this.#start().catch((error) => {
      this.#started = undefined;
      throw error;
    });
    return this.#started;
  }

  async stop(): Promise<void> {
    const databases = await this.#started?.catch(() => undefined);
    this.#started = undefined;
    await databases?.close();
    await this.#cluster.stop();
  }

  async #start(): Promise<Databases> {
    return new Databases(await this.#cluster.start(await this.context.port("postgres")));
  }
}

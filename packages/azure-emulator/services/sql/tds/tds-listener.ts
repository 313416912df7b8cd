import { createServer, type Server } from "node:net";
import { TdsConnection, type TdsHost } from "./tds-connection";

/** A loopback port that speaks TDS for one SQL server. */
export class TdsListener {
  readonly #server: Server;
  readonly #connections = new Set<TdsConnection>();

  constructor(host: TdsHost) {
    this.#server = createServer((socket) => {
      const connection = new TdsConnection(socket, host);
      this.#connections.add(connection);
      socket.once("close", () => this.#connections.delete(connection));
    });
  }

  listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen({ host: "127.0.0.1", port, backlog: 511 }, () => {
        this.#server.off("error", reject);
        resolve();
      });
    });
  }

  /** Ends all connections. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      for (const connection of this.#connections) connection.close();
    });
  }
}

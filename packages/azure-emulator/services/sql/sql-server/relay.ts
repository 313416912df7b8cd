import type { Duplex } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Packet, PacketScanner } from "./packet-scanner";

/** Sees every packet. If it returns a promise, the packet is passed on only when that resolves. */
export interface RelayObserver {
  toServer(packet: Packet): Promise<void> | undefined;
  toClient(packet: Packet): void;
  /** The connection is over. */
  ended(): void;
}

/** Passes bytes between a client and a server until one of them ends; then both are closed. Never rejects. */
export async function relay(client: Duplex, server: Duplex, observer: RelayObserver): Promise<void> {
  const requests = pipeline(
    client,
    watched((packet) => observer.toServer(packet)),
    server,
  );
  const answers = pipeline(
    server,
    watched((packet) => observer.toClient(packet)),
    client,
  );
  // When either side ends, both do: nobody would answer on a half-open connection.
  await Promise.race([requests, answers]).catch(() => {});
  client.destroy();
  server.destroy();
  await Promise.allSettled([requests, answers]);
  observer.ended();
}

function watched(see: (packet: Packet) => Promise<void> | undefined | void) {
  const scanner = new PacketScanner();
  return async function* pass(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      const { bytes, packets } = scanner.push(chunk);
      for (const packet of packets) {
        const pause = see(packet);
        if (pause !== undefined) await pause;
      }
      if (bytes.length > 0) yield bytes;
    }
  };
}

import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { readIfExists, writeDurably } from "./durable-file";

/** Below the range that systems use for outgoing connections, so that one rarely takes a saved port. */
const [FIRST, LAST] = [20_000, 32_000];

/**
 * Loopback ports by name, saved in `ports.json`. A name has the same port after a restart if it is still free, because
 * deployed resources (webhook addresses, site names) contain it. Within one process a name always has the same port.
 */
export async function loadOrCreatePorts(folder: string): Promise<(name: string) => Promise<number>> {
  const path = join(folder, "ports.json");
  const kept = new Map<string, number>(Object.entries(JSON.parse((await readIfExists(path)) ?? "{}")));
  const given = new Map<string, Promise<number>>();
  let turn: Promise<unknown> = Promise.resolve();

  const choose = async (name: string) => {
    const before = kept.get(name);
    if (before !== undefined && (await isFreeWithRetry(before))) return before;
    const taken = new Set(kept.values());
    for (;;) {
      const port = randomInt(FIRST, LAST);
      if (taken.has(port) || !(await isFree(port))) continue;
      kept.set(name, port);
      await writeDurably(path, `${JSON.stringify(Object.fromEntries(kept), undefined, 2)}\n`);
      return port;
    }
  };

  return (name) => {
    let port = given.get(name);
    if (port === undefined) {
      port = turn.then(() => choose(name));
      turn = port.catch(() => {});
      given.set(name, port);
    }
    return port;
  };
}

/** A process that was killed with the emulator may still hold its port for a moment. */
async function isFreeWithRetry(port: number): Promise<boolean> {
  for (let attempt = 0; attempt < 20; attempt++) {
    if (await isFree(port)) return true;
    await setTimeout(25);
  }
  return false;
}

/** True if a server could listen on the loopback port now. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen({ port, host: "127.0.0.1", exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

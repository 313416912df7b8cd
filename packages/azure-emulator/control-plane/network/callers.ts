import { createServer } from "node:net";
import { join } from "node:path";
import { EmulatorError } from "../../errors/emulator-error";
import { loadOrCreateJson, writeDurably } from "../durable-file";

/** From where a call comes; that decides which services it reaches. */
export type Caller =
  /** This machine, and the parties outside of Azure. */
  | { readonly kind: "internet"; readonly ip: string }
  /** A service of Azure without a network of its own: an app without integration, a factory without a managed network. */
  | { readonly kind: "azure" }
  /** What runs in a subnet, or is integrated with it. */
  | { readonly kind: "subnet"; readonly subnetId: string }
  /** An integration runtime in a factory's managed virtual network, by the network's id. */
  | { readonly kind: "managed"; readonly networkId: string };

/**
 * The callers by the loopback address from which they connect: clients stay as they are, and every kind of connection (TLS, TDS, plain)
 * carries it. All of 127.0.0.0/8 is loopback on Linux and Windows; on macOS an address must be added first (QT6150).
 */
export interface Callers {
  /** Who connects from the address; {@link laptop} for one that was never given to a caller. */
  of(remoteAddress: string | undefined): Caller;
  /**
   * The address from which the caller must connect, the same for ever.
   * @throws EmulatorError QT6150 if this machine cannot connect from it
   */
  addressOf(caller: Caller): Promise<string>;
}

/** This machine as Azure sees it: a public address of RFC 5737, which nobody has. */
export const LAPTOP_IP = "203.0.113.10";
/** The public address of services of Azure, and of what leaves a virtual network to the internet. */
export const AZURE_IP = "198.51.100.10";

export const laptop: Caller = { kind: "internet", ip: LAPTOP_IP };

/** The public address that a service sees. */
export function publicAddress(caller: Caller): string {
  return caller.kind === "internet" ? caller.ip : AZURE_IP;
}

export async function loadOrCreateCallers(folder: string): Promise<Callers> {
  const path = join(folder, "network-callers.json");
  const kept = await loadOrCreateJson<Caller[]>(path, () => []);
  const numbers = new Map(kept.map((caller, at) => [keyOf(caller), at]));
  const usable = new Map<string, Promise<void>>();
  let saved: Promise<void> = Promise.resolve();

  const give = (caller: Caller): number => {
    const number = kept.push(caller) - 1;
    numbers.set(keyOf(caller), number);
    saved = saved.then(() => writeDurably(path, `${JSON.stringify(kept)}\n`));
    return number;
  };
  return {
    of(remoteAddress = "") {
      const number = numberOf(remoteAddress.replace(/^::ffff:/, ""));
      return (number === undefined ? undefined : kept[number]) ?? laptop;
    },
    async addressOf(caller) {
      const address = addressAt(numbers.get(keyOf(caller)) ?? give(caller));
      await saved;
      const check = usable.get(address) ?? requireUsable(address);
      usable.set(address, check);
      await check;
      return address;
    },
  };
}

const NETWORK = [127, 77] as const;
/** The first address that is given. */
const FIRST = 1;

function addressAt(number: number): string {
  const host = number + FIRST;
  return [...NETWORK, host >> 8, host & 255].join(".");
}

function numberOf(address: string): number | undefined {
  const [a, b, c = 0, d = 0] = address.split(".").map(Number);
  return a === NETWORK[0] && b === NETWORK[1] ? c * 256 + d - FIRST : undefined;
}

function keyOf(caller: Caller): string {
  return Object.values(caller).join(" ").toLowerCase();
}

function requireUsable(address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", () => reject(new EmulatorError("QT6150", { address })));
    probe.listen({ host: address, port: 0 }, () => probe.close(() => resolve()));
  });
}

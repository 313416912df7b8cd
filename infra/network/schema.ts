import * as z from "zod";
import { text, trueOrFalse } from "../schema-parts";

/** Two subnets of at least 32 addresses, which Flex Consumption needs. */
const SMALLEST_NETWORK = 26;
const LARGEST_NETWORK = 16;

const addresses = text(
  /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!\/)|(?=\/))){4}\/(?:3[0-2]|[12]?\d)$/,
  "addresses such as 10.90.0.0/24",
);

const ownNetwork = addresses.refine(
  (space) => {
    const { base, length } = parsed(space);
    return length >= LARGEST_NETWORK && length <= SMALLEST_NETWORK && base % 2 ** (32 - length) === 0;
  },
  { error: `the first address of a network, from /${LARGEST_NETWORK} to /${SMALLEST_NETWORK}` },
);

const privateSchema = z.strictObject({
  mode: z.literal("private", { error: "private" }),
  addressSpace: ownNetwork
    .default("10.90.0.0/24")
    .describe(
      "The addresses of the network that is made; half of them for the function app, half for endpoints.",
    ),
  functionAllowList: z
    .array(addresses, { error: "a list of addresses such as 203.0.113.0/24" })
    .default([])
    .describe(
      "Who may call the function: the addresses that Fivetran publishes for the destination's region. Empty: everybody with the key.",
    ),
  keepPublic: trueOrFalse
    .default(false)
    .describe(
      "Leaves the public ways open beside the private ones, while a tenant moves from one to the other.",
    ),
});

/** The setting `network`. */
export const networkSchema = z
  .union([z.enum(["public", "private"]), privateSchema], {
    error: "public, private, or an object {mode: private, addressSpace, functionAllowList, keepPublic}",
  })
  .default("public")
  .describe(
    "How database, vault, storage and factory are reached: over public addresses, or from a private network only.",
  );

export type PrivateNetwork = z.output<typeof privateSchema>;

/** The private network's settings; undefined if the network is public. */
export function privateNetwork(setting: z.output<typeof networkSchema>): PrivateNetwork | undefined {
  if (setting === "public") return undefined;
  return setting === "private" ? privateSchema.parse({ mode: "private" }) : setting;
}

/** The two halves of a network: 10.90.0.0/24 has 10.90.0.0/25 and 10.90.0.128/25. */
export function halves(space: string): readonly [string, string] {
  const { base, length } = parsed(space);
  const half = 2 ** (31 - length);
  return [`${dotted(base)}/${length + 1}`, `${dotted(base + half)}/${length + 1}`];
}

/** True if two ranges, such as 10.90.0.0/24 and 10.90.0.0/16, have an address in common. */
export function overlap(one: string, other: string): boolean {
  const [first, second] = [parsed(one), parsed(other)];
  const size = 2 ** (32 - Math.min(first.length, second.length));
  return Math.floor(first.base / size) === Math.floor(second.base / size);
}

function parsed(space: string): { readonly base: number; readonly length: number } {
  const [address = "", length] = space.split("/");
  const base = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  return { base, length: Number(length) };
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join(".");
}

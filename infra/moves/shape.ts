import type { TenantSettings } from "../config-schema";
import { privateNetwork } from "../network/schema";
import { OWN } from "./schema";

/** Where one resource of the tenant is. */
export interface Place {
  /** `own`, or the id of the shared resource. */
  readonly at: string;
  readonly generation: number;
  /** Where the generation before still is. */
  readonly from?: string;
}

/** What a tenant has of its own, what it shares, and how it is reached. */
export interface Shape {
  readonly automationAccount: Place;
  readonly database: Place;
  /** `both`: the public ways are still open beside the private ones. */
  readonly network: "public" | "private" | "both";
}

export function shapeOf({
  existing,
  move,
  network,
}: Pick<TenantSettings, "existing" | "move" | "network">): Shape {
  const isolated = privateNetwork(network);
  const place = (
    id: string | undefined,
    { generation, from }: { generation: number; from?: string | undefined },
  ) => ({
    at: id ?? OWN,
    generation,
    ...(from !== undefined && { from }),
  });
  return {
    automationAccount: place(existing.automationAccount, move.automationAccount),
    database: place(existing.sqlServer, move.database),
    network: isolated === undefined ? "public" : isolated.keepPublic ? "both" : "private",
  };
}

/** Whether two places are one; Azure's ids ignore case. */
export function isSamePlace(one: string | undefined, other: string | undefined): boolean {
  return one?.toLowerCase() === other?.toLowerCase();
}

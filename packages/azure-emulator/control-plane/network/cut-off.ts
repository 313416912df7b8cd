import type { FastifyRequest } from "fastify";
import { ArmError } from "../arm-error";

/**
 * Ends the connection of a request that would never have arrived: in Azure its client waits until its time limit.
 * @throws ArmError always, so that nothing is done; nobody sees it.
 */
export function cutOff(request: FastifyRequest): never {
  request.raw.socket.destroy();
  throw new ArmError(503, "NoRoute", "The address leads nowhere from the caller's network.");
}

/** The loopback address of a request's client. */
export function remoteAddressOf({ raw }: FastifyRequest): string | undefined {
  return raw.socket.remoteAddress;
}

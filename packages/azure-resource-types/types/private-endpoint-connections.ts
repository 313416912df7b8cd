import type { ResourceTypeDescriptor } from "../descriptor";

/**
 * The connections of a service's private endpoints, children of the service. A private endpoint makes them; a client only approves or
 * rejects them, so no program names them. The published types that were brought in have SQL's alone: the shapes of the others are written
 * by hand after it.
 */
export function privateEndpointConnections(service: string, apiVersion: string): ResourceTypeDescriptor {
  return {
    type: `${service}/privateEndpointConnections`,
    apiVersion,
    tokens: {},
    runs: "service",
    putStatus: { created: 200, updated: 200 },
  };
}

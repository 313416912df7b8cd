export { createControlPlane } from "./control-plane";
export type { Door } from "./door";
export { startGateway } from "./gateway";
export { identityEndpoint, identityHeader } from "./identity-endpoint";
export { createLocalContext } from "./local-context";
export { requireEveryTypeServed } from "./served-types";

export { createControlPlane } from "./control-plane";
export { type Gateway, startGateway } from "./gateway";
export { identityEndpoint, identityHeader } from "./identity-endpoint";
export { createLocalContext } from "./local-context";
export { requireEveryTypeServed } from "./served-types";

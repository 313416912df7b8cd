export { createControlPlane } from "./control-plane";
export { type FrontDoor, startFrontDoor } from "./front-door";
export { identityEndpoint, identityHeader } from "./identity-endpoint";
export { createLocalContext } from "./local-context";

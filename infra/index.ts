import { deployTenant } from "./program";

/**
 * The Pulumi program. Pulumi calls the exported function and takes what it returns as the stack's outputs; the local emulator
 * and tests call it inline, as often as they like in one process.
 */
export = deployTenant;

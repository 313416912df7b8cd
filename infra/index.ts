import { deployTenant } from "./program";

/**
 * The Pulumi program. Pulumi calls the exported function and takes its result as the stack's outputs; the local emulator
 * and tests call it inline, any number of times in one process.
 */
export = deployTenant;

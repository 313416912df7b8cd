import * as pulumi from "@pulumi/pulumi";
import { CodedError } from "../packages/kit/errors/coded-error";
import { refuseOldNode } from "./node-version";
import { unexpected } from "./unexpected-error";

/**
 * What Pulumi's language host runs: the program (`program.ts`, which tools and tests call inline), on a Node that is new enough, and with
 * errors that the host shows as they are. It prints everything but a `RunError` with its stack, in colours that no option turns off.
 */
export = async () => {
  try {
    refuseOldNode();
    // Loaded only now: what the program imports needs the newer Node, too.
    return await (require("./program") as typeof import("./program")).deployTenant();
  } catch (error) {
    if (error instanceof pulumi.RunError || error instanceof pulumi.ResourceError) throw error;
    throw new pulumi.RunError((error instanceof CodedError ? error : unexpected(error)).format());
  }
};

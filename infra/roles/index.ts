import { deployRoles } from "./program";

/** What Pulumi's language host runs. */
export = deployRoles;

import type { IncomingMessage } from "node:http";
import { ownMember } from "../../../../../kit/json-object";
import { sameSecret } from "../../../../control-plane/same-secret";
import type { FunctionInfo, HostKeys } from "../host-protocol";

/** True if the request has a key for the function, in `x-functions-key` or as `?code=`. */
export function isAuthorised(
  request: IncomingMessage,
  query: URLSearchParams,
  info: FunctionInfo,
  keys: HostKeys,
): boolean {
  if (info.authLevel === "anonymous") return true;
  const header = request.headers["x-functions-key"];
  const given = (typeof header === "string" ? header : undefined) ?? query.get("code") ?? "";
  if (given === "") return false;
  const opening = [keys.master];
  if (info.authLevel === "function") {
    opening.push(...keys.host, ...(ownMember(keys.functions, info.name.toLowerCase()) ?? []));
  }
  return opening.some((key) => sameSecret(given, key));
}

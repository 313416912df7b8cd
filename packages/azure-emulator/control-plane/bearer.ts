import { messageOf } from "../../kit/reason-of";
import { ArmError } from "./arm-error";
import type { Principal, TokenService } from "./identity";

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** The token of an `Authorization: Bearer` header. */
export function bearerToken(headers: Headers): string | undefined {
  const { authorization } = headers;
  return typeof authorization === "string" ? /^Bearer\s+(\S+)$/i.exec(authorization)?.[1] : undefined;
}

/** The calling principal. @throws ArmError 401 if the header is missing or its token is not valid for the audience. */
export function authenticate(tokens: TokenService, headers: Headers, audience: string): Principal {
  const token = bearerToken(headers);
  if (token === undefined) {
    throw new ArmError(
      401,
      "AuthenticationFailed",
      "Authentication failed. The 'Authorization' header is missing.",
    );
  }
  try {
    return tokens.verify(token, audience);
  } catch (error) {
    const reason = messageOf(error);
    throw new ArmError(401, "InvalidAuthenticationToken", `The access token is invalid. ${reason}`);
  }
}

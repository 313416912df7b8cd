import { z } from "zod";
import type { Principal } from "../identity";
import type { LocalContext } from "../local-service";
import type { LoginError } from "../login-error";
import { sameSecret } from "../same-secret";
import type { Application } from "./directory-objects";

type Form = Readonly<Record<string, string>>;

/**
 * Signs an application in, with a secret or with a token of an issuer that one of its federated credentials names.
 * Source: learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow; error numbers: …/reference-error-codes.
 * @returns its principal, the refusal, or undefined if there is no such application
 */
export async function appSignIn(
  context: LocalContext,
  form: Form,
): Promise<Principal | LoginError | undefined> {
  const application = context.directory.applicationByClientId(form.client_id ?? "");
  if (application === undefined) return undefined;
  const refused =
    form.client_assertion === undefined
      ? secretRefusal(application, form.client_secret ?? "")
      : await assertionRefusal(application, form.client_assertion);
  if (refused !== undefined) return refused;
  const principal = context.principals.byClientId(application.appId);
  if (principal !== undefined) return principal;
  const text = `The client application '${application.appId}' is missing service principal in the tenant '${context.tenantId}'.`;
  return { status: 401, error: "invalid_client", code: 7000229, text };
}

function secretRefusal({ appId, passwords }: Application, secret: string): LoginError | undefined {
  const found = passwords.find(({ secretText }) => sameSecret(secret, secretText));
  if (found !== undefined && Date.parse(found.endDateTime) > Date.now()) return undefined;
  return found === undefined
    ? invalid(7000215, `Invalid client secret provided for app '${appId}'.`)
    : invalid(7000222, `The provided client secret keys for app '${appId}' are expired.`);
}

async function assertionRefusal(
  { federated }: Application,
  assertion: string,
): Promise<LoginError | undefined> {
  const { decodeJwt } = await import("jose");
  let claims: { readonly iss: string; readonly sub: string; readonly aud: readonly string[] };
  try {
    const { iss = "", sub = "", aud = [] } = decodeJwt(assertion);
    claims = { iss, sub, aud: [aud].flat() };
  } catch {
    return invalid(50027, "JWT token is invalid or malformed.");
  }
  const { iss, sub, aud } = claims;
  const none = (code: number, what: string, value: string) =>
    invalid(
      code,
      `No matching federated identity record found for presented assertion ${what} '${value}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion.`,
    );
  const ofIssuer = federated.filter(({ issuer }) => withoutSlash(issuer) === withoutSlash(iss));
  if (ofIssuer.length === 0) return none(700211, "issuer", iss);
  const trusted = ofIssuer.find(({ subject }) => subject === sub);
  if (trusted === undefined) return none(700213, "subject", sub);
  if (!trusted.audiences.some((audience) => aud.includes(audience)))
    return none(700212, "audience", aud.join(" "));
  return signatureRefusal(assertion, iss);
}

/** The issuer's keys are only fetched from this machine: the emulator calls nothing else. */
async function signatureRefusal(assertion: string, issuer: string): Promise<LoginError | undefined> {
  if (!["127.0.0.1", "localhost", "[::1]"].includes(new URL(issuer).hostname))
    return invalid(50013, `The keys of ${issuer} are not fetched: the emulator calls this machine only.`);
  const { createRemoteJWKSet, errors, jwtVerify } = await import("jose");
  try {
    const discovery = await fetch(`${withoutSlash(issuer)}/.well-known/openid-configuration`);
    const { jwks_uri: keys } = z.object({ jwks_uri: z.url() }).parse(await discovery.json());
    await jwtVerify(assertion, createRemoteJWKSet(new URL(keys)), { issuer, clockTolerance: 300 });
    return undefined;
  } catch (error) {
    if (error instanceof errors.JWTExpired)
      return invalid(700024, "Client assertion is not within its valid time range.");
    return invalid(50013, `Assertion failed signature validation. ${(error as Error).message}`);
  }
}

const withoutSlash = (address: string) => address.replace(/\/+$/, "");

const invalid = (code: number, text: string): LoginError => ({
  status: 401,
  error: "invalid_client",
  code,
  text,
});

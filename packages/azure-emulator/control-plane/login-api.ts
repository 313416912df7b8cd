import type { FastifyInstance, FastifyReply } from "fastify";
import { normaliseAudience, UnknownAudienceError } from "./audiences";
import { appSignIn } from "./graph/app-sign-in";
import type { Principal } from "./identity";
import type { LocalContext } from "./local-service";
import type { LoginError } from "./login-error";
import { sameSecret } from "./same-secret";

type Form = Readonly<Record<string, string>>;
type Issued = ReturnType<LocalContext["tokens"]["issue"]>;

/** What differs between the versions of Entra's token endpoint. */
interface TokenVersion {
  /** Below the tenant. */
  readonly path: string;
  /** What the token is for; empty if the form does not say it. */
  resourceOf(form: Form): string;
  /** Why the form does not name exactly one resource. */
  refusal(form: Form): LoginError | undefined;
  /** The answer's body. */
  shown(issued: Issued, form: Form): Readonly<Record<string, unknown>>;
}

const secondsLeft = ({ expiresOn }: Issued) => Math.round((expiresOn.getTime() - Date.now()) / 1000);

/** learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow */
const v2: TokenVersion = {
  path: "oauth2/v2.0/token",
  resourceOf: scopeOf,
  refusal: scopeRefusal,
  shown: (issued) => ({
    token_type: "Bearer",
    expires_in: secondsLeft(issued),
    ext_expires_in: secondsLeft(issued),
    access_token: issued.token,
  }),
};

/**
 * The older version, which ODBC's `ActiveDirectoryServicePrincipal` uses: `resource` in place of `scope`, and numbers as texts.
 * Source: learn.microsoft.com/previous-versions/azure/active-directory/azuread-dev/v1-oauth2-client-creds-grant-flow.
 */
const v1: TokenVersion = {
  path: "oauth2/token",
  resourceOf: ({ resource = "" }) => resource,
  refusal({ resource = "" }) {
    if (normaliseAudience(resource) !== "") return undefined;
    const text = "The request body must contain the following parameter: 'resource'.";
    return { status: 400, error: "invalid_request", code: 900144, text };
  },
  shown: (issued, { resource }) => ({
    token_type: "Bearer",
    expires_in: String(secondsLeft(issued)),
    ext_expires_in: String(secondsLeft(issued)),
    expires_on: String(Math.round(issued.expiresOn.getTime() / 1000)),
    not_before: String(Math.round(Date.now() / 1000)),
    resource,
    access_token: issued.token,
  }),
};

const versions = [v2, v1];

/** Entra's endpoints: discovery, public keys, and tokens for a client id and secret. Errors have Entra's numbers and form. */
export function loginApi(context: LocalContext) {
  return async (app: FastifyInstance): Promise<void> => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser(
      "application/x-www-form-urlencoded",
      { parseAs: "string" },
      (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
    );
    const authority = `${context.httpsUrl}/${context.tenantId}`;
    app.get("/:tenant/v2.0/.well-known/openid-configuration", async (request, reply) => {
      const { tenant } = request.params as { tenant: string };
      if (tenant !== context.tenantId) return fail(reply, unknownTenant(tenant));
      return {
        issuer: `${authority}/v2.0`,
        authorization_endpoint: `${authority}/oauth2/v2.0/authorize`,
        token_endpoint: `${authority}/oauth2/v2.0/token`,
        device_authorization_endpoint: `${authority}/oauth2/v2.0/devicecode`,
        end_session_endpoint: `${authority}/oauth2/v2.0/logout`,
        jwks_uri: `${authority}/discovery/v2.0/keys`,
        token_endpoint_auth_methods_supported: ["client_secret_post", "client_secret_basic"],
        response_types_supported: ["token"],
        subject_types_supported: ["pairwise"],
        id_token_signing_alg_values_supported: ["RS256"],
      };
    });
    app.get("/:tenant/discovery/v2.0/keys", async () => context.tokens.jwks);
    for (const version of versions)
      app.post(`/:tenant/${version.path}`, async (request, reply) => {
        const { tenant } = request.params as { tenant: string };
        const form = (request.body ?? {}) as Form;
        const caller = refuse(context, tenant, form, version) ?? (await signIn(context, form));
        if ("error" in caller) return fail(reply, caller);
        const issued = issue(context, caller, version.resourceOf(form));
        if ("error" in issued) return fail(reply, issued);
        return reply.header("cache-control", "no-store").send(version.shown(issued, form));
      });
  };
}

function issue(context: LocalContext, caller: Principal, scope: string) {
  try {
    return context.tokens.issue(caller, scope);
  } catch (error) {
    if (!(error instanceof UnknownAudienceError)) throw error;
    const text = error.message.replace(/^AADSTS\d+: /, "");
    return { status: 400, error: "invalid_resource", code: error.number, text };
  }
}

/** The one scope of a resource; OpenID's own scopes, which MSAL adds, do not count. */
function scopeOf(form: Form): string {
  return scopesOf(form)[0] ?? "";
}

function scopesOf(form: Form): string[] {
  return (form.scope ?? "").split(" ").filter((scope) => scope.endsWith("/.default"));
}

function refuse(
  { tenantId }: LocalContext,
  tenant: string,
  form: Form,
  version: TokenVersion,
): LoginError | undefined {
  if (tenant !== tenantId) return unknownTenant(tenant);
  if (form.grant_type !== "client_credentials") {
    return {
      status: 400,
      error: "unsupported_grant_type",
      code: 70003,
      text: `The grant type '${form.grant_type ?? ""}' is not supported here.`,
    };
  }
  return version.refusal(form);
}

function scopeRefusal(form: Form): LoginError | undefined {
  if (normaliseAudience(scopeOf(form)) === "") {
    const text = `The provided value for the input parameter 'scope' is not valid: '${form.scope ?? ""}'. Expected '<resource>/.default'.`;
    return { status: 400, error: "invalid_scope", code: 1002012, text };
  }
  if (scopesOf(form).length > 1) {
    const text = `Provided value for the input parameter scope '${form.scope}' is not valid because it contains more than one resource.`;
    return { status: 400, error: "invalid_scope", code: 28000, text };
  }
  return undefined;
}

/** The principal that the form proves to be, or why it does not. */
async function signIn(context: LocalContext, form: Form): Promise<Principal | LoginError> {
  const { deployer } = context.principals;
  if (form.client_id?.toLowerCase() === deployer.clientId) {
    if (sameSecret(form.client_secret ?? "", deployer.secret)) return deployer;
    const text = `Invalid client secret provided for app '${deployer.clientId}'.`;
    return { status: 401, error: "invalid_client", code: 7000215, text };
  }
  const text = `Application with identifier '${form.client_id ?? ""}' was not found in the directory '${context.tenantId}'.`;
  return (
    (await appSignIn(context, form)) ?? { status: 400, error: "unauthorized_client", code: 700016, text }
  );
}

function unknownTenant(tenant: string): LoginError {
  return { status: 400, error: "invalid_tenant", code: 90002, text: `Tenant '${tenant}' not found.` };
}

function fail(reply: FastifyReply, { status, error, code, text }: LoginError): FastifyReply {
  return reply.code(status).send({
    error,
    error_description: `AADSTS${code}: ${text}`,
    error_codes: [code],
    timestamp: new Date().toISOString(),
    error_uri: `https://login.microsoftonline.com/error?code=${code}`,
  });
}

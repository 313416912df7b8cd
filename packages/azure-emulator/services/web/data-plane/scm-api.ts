import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { ArmError } from "../../../control-plane/arm-error";
import { authenticate } from "../../../control-plane/bearer";
import { ARM_AUDIENCE } from "../../../control-plane/identity";
import type { LocalContext } from "../../../control-plane/local-service";
import { publicAddress } from "../../../control-plane/network/callers";
import { cutOff, remoteAddressOf } from "../../../control-plane/network/cut-off";
import { followNew } from "../../../control-plane/new-resources";
import type { ArmResource } from "../../../control-plane/resource";
import { sameId } from "../../../control-plane/resource-id";
import { armRules, refusal } from "../../../control-plane/rules/azure-rule";
import { siteAccessRules, siteAdmission } from "../resources/site-access";
import { fillInWebConfig } from "../resources/web-config";
import { type FunctionHosts, SITE_TYPE } from "../run/function-hosts";
import { PackageError, removeOldPackages, storePackage } from "./package-store";

export const deploymentRules = armRules("Deployment of code", {
  later: {
    what: "A package is accepted at once; what is wrong with it, or with the identity's role on the container (`InaccessibleStorageException`), shows when the deployment is polled: status 3.",
    source:
      "https://github.com/Azure/azure-dev/issues/8026; https://github.com/Azure/azure-functions-core-tools/issues/4346",
    answer: { status: 202, code: "InaccessibleStorageException" },
    test: ["services/web/web.itest.ts", "stops when its identity loses the storage role"],
  },
  lost: {
    what: "A deployment that could not write its package is not found by its id; `latest` says only that it failed, and its log says why.",
    source:
      "https://github.com/Azure/azure-dev/issues/4439; https://github.com/Azure/azure-functions-core-tools/blob/main/src/Cli/func/Helpers/KuduLiteDeploymentHelpers.cs",
    answer: { status: 404, code: "NotFound" },
    test: ["services/web/web.itest.ts", "stops when its identity loses the storage role"],
  },
  fresh: {
    what: "The deployment endpoint of a new site does not know its publishers yet: it answers the first requests with 401 and 403. (No page says so; it is common experience.)",
    source:
      "https://learn.microsoft.com/azure/role-based-access-control/troubleshooting#symptom---role-assignment-changes-are-not-being-detected",
    answer: { status: 403, code: "Forbidden" },
    test: ["services/web/fresh-site.itest.ts", "refuses a new site's first publishers with 401 and 403"],
    toggle: "roleDelay",
  },
});

/** Kudu's numbers for a deployment's state. */
const STATUS = { deploying: 2, failed: 3, success: 4 } as const;
/** A poll of a deployment under way is answered after this time at the latest. */
const LONGEST_POLL_MS = 1000;
const PACKAGE_LIMIT = 512 * 1024 * 1024;

interface Deployment {
  readonly id: string;
  readonly status: (typeof STATUS)[keyof typeof STATUS];
  readonly status_text: string;
  readonly message: string;
  readonly complete: boolean;
  readonly active: boolean;
  readonly start_time: string;
  readonly end_time?: string;
}

/** What is kept of a deployment besides. */
interface Ending {
  readonly log: readonly string[];
  /** Its id is not found. */
  readonly lost?: true;
}

/**
 * The deployment endpoint of Flex Consumption: `POST /scm/<app>/api/publish?type=zip` with an Entra token for Resource Manager
 * and the action `Microsoft.Web/sites/publish/Action`. Answers 202 and the id to poll at `/scm/<app>/api/deployments/<id>` (or
 * `/latest`), with its log at `/log` below. The package is stored in the app's own container with its identity; what goes wrong shows
 * in the poll only.
 */
export function scmApi(app: FastifyInstance, context: LocalContext, hosts: FunctionHosts): void {
  const deployments = new Map<string, Deployment>();
  const endings = new Map<string, Ending>();
  const newcomers = freshSites(context);
  const underWay = new Map<string, Promise<void>>();
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>(
    "*",
    { parseAs: "buffer", bodyLimit: PACKAGE_LIMIT },
    (_request, body, done) => done(null, body),
  );

  const open = (request: FastifyRequest): ArmResource => {
    const { app: name } = request.params as { app: string };
    const principal = authenticate(context.tokens, request.headers, ARM_AUDIENCE);
    const site = context.resources
      .list({ type: "Microsoft.Web/sites" })
      .find((candidate) => sameId(candidate.name, name));
    if (site === undefined) throw new ArmError(404, "NotFound", `The site '${name}' was not found.`);
    requireScmReachable(context, site, request);
    newcomers.require(site);
    context.access.require(principal, "Microsoft.Web/sites/publish/Action", site.id);
    return site;
  };

  const deploy = async (site: ArmResource, zip: Buffer): Promise<void> => {
    const sha256 = await storePackage(context, site, zip);
    await context.resources.set({
      id: `${site.id}/deployments/current`,
      type: "Microsoft.Web/sites/deployments",
      name: "current",
      properties: { sha256, bytes: zip.length },
    });
    const host = hosts.of(site);
    await host.start();
    if (host.problem !== undefined) throw new PackageError(500, `The app did not start: ${host.problem}`);
    await removeOldPackages(context, site, sha256);
    await fillInWebConfig(context, site);
  };
  /** One deployment at a time for each site. */
  const turns = new Map<string, Promise<void>>();
  const deployInTurn = (site: ArmResource, zip: Buffer): Promise<void> => {
    const run = () => deploy(site, zip);
    const turn = (turns.get(site.id) ?? Promise.resolve()).then(run, run);
    turns.set(site.id, turn);
    return turn;
  };

  app.post("/scm/:app/api/publish", async (request, reply) => {
    const site = open(request);
    const { type = "zip" } = request.query as Record<string, string | undefined>;
    if (type !== "zip" || !Buffer.isBuffer(request.body)) {
      throw new ArmError(
        400,
        "BadRequest",
        "Only a zip package can be published: ?type=zip with the package as body.",
      );
    }
    const begun: Deployment = {
      id: randomUUID(),
      status: STATUS.deploying,
      status_text: "Deploying",
      message: "",
      complete: false,
      active: false,
      start_time: new Date().toISOString(),
    };
    const remember = (deployment: Deployment) => {
      deployments.set(`${site.id.toLowerCase()} ${begun.id}`, deployment);
      deployments.set(`${site.id.toLowerCase()} latest`, deployment);
    };
    remember(begun);
    const failed = (error: Error) => {
      const lost = error instanceof PackageError && error.status === 403;
      endings.set(begun.id, { log: [error.message], ...(lost && { lost }) });
      const message = lost ? "" : error.message;
      remember({ ...begun, ...ended(), status: STATUS.failed, status_text: message, message });
    };
    const work = deployInTurn(site, request.body).then(() => {
      endings.set(begun.id, { log: ["Deployment successful."] });
      remember({ ...begun, ...ended(), status: STATUS.success, status_text: "", active: true });
    }, failed);
    underWay.set(begun.id, work);
    void work.then(() => underWay.delete(begun.id));
    const location = `${context.httpsUrl}/scm/${site.name}/api/deployments/${begun.id}`;
    return reply
      .code(202)
      .header("location", location)
      .type("application/json")
      .send(JSON.stringify(begun.id));
  });

  const find = async (request: FastifyRequest): Promise<Deployment> => {
    const site = open(request);
    const { id } = request.params as { id: string };
    const found = () => deployments.get(`${site.id.toLowerCase()} ${id}`);
    // The answer comes as soon as the deployment ends, so that nobody has to ask often.
    await Promise.race([underWay.get(found()?.id ?? ""), delay(LONGEST_POLL_MS)]);
    const deployment = found();
    if (deployment === undefined || (endings.get(deployment.id)?.lost && id !== "latest"))
      throw new ArmError(404, "NotFound", `Deployment '${id}' not found.`);
    return deployment;
  };
  app.get("/scm/:app/api/deployments/:id", find);
  app.get("/scm/:app/api/deployments/:id/log", async (request) => {
    const { id, start_time } = await find(request);
    const lines = endings.get(id)?.log ?? [];
    return lines.map((message, at) => ({ id: `${id}-${at}`, log_time: start_time, message, type: 0 }));
  });
}

/** The sites whose deployment endpoint does not know its publishers yet; none after a restart. */
function freshSites({ resources, settings }: LocalContext) {
  const fresh = followNew(resources, SITE_TYPE, () => settings.roleDelay?.refusals ?? 0);
  return {
    /** @throws ArmError 401 at first, then 403 */
    require({ id }: ArmResource) {
      const more = fresh.take(id);
      if (more === 0) return;
      if (more > 1)
        throw new ArmError(401, "Unauthorized", "You do not have permission to view this directory or page.");
      throw refusal(deploymentRules.rules.fresh, "This publisher is not known yet.");
    },
  };
}

function ended() {
  return { complete: true, end_time: new Date().toISOString() };
}

/** @throws ArmError 403 */
function requireScmReachable(context: LocalContext, site: ArmResource, request: FastifyRequest): void {
  const caller = context.callers.of(remoteAddressOf(request));
  const answer = siteAdmission(context, site, "scm", caller);
  if (answer === "nowhere") cutOff(request);
  if (answer === "forbidden")
    throw refusal(
      siteAccessRules.rules.scm,
      `The web app you have attempted to reach has blocked your access (${publicAddress(caller)}).`,
    );
}

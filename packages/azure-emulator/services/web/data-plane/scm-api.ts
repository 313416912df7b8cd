import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { ArmError } from "../../../control-plane/arm-error";
import { authenticate } from "../../../control-plane/bearer";
import { ARM_AUDIENCE } from "../../../control-plane/identity";
import type { LocalContext } from "../../../control-plane/local-service";
import type { ArmResource } from "../../../control-plane/resource";
import { sameId } from "../../../control-plane/resource-id";
import { armRules } from "../../../control-plane/rules/azure-rule";
import type { FunctionHosts } from "../run/function-hosts";
import { PackageError, removeOldPackages, storePackage } from "./package-store";

export const deploymentRules = armRules("Deployment of code", {
  later: {
    what: "A package is accepted at once; what is wrong with it, or with the identity's role on the container (`InaccessibleStorageException`), shows when the deployment is polled: status 3.",
    source:
      "https://github.com/Azure/azure-dev/issues/8026; https://github.com/Azure/azure-functions-core-tools/issues/4346",
    answer: { status: 202, code: "InaccessibleStorageException" },
    test: ["services/web/web.itest.ts", "stops when its identity loses the storage role"],
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

/**
 * The deployment endpoint of Flex Consumption: `POST /scm/<app>/api/publish?type=zip` with an Entra token for Resource Manager
 * and the action `Microsoft.Web/sites/publish/Action`. Answers 202 and the id to poll at `/scm/<app>/api/deployments/<id>` (or
 * `/latest`). The package is stored in the app's own container with its identity; what goes wrong shows in the poll only.
 */
export function scmApi(app: FastifyInstance, context: LocalContext, hosts: FunctionHosts): void {
  const deployments = new Map<string, Deployment>();
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
    const work = deployInTurn(site, request.body).then(
      () => remember({ ...begun, ...ended(), status: STATUS.success, status_text: "", active: true }),
      ({ message }: Error) =>
        remember({ ...begun, ...ended(), status: STATUS.failed, status_text: message, message }),
    );
    underWay.set(begun.id, work);
    void work.then(() => underWay.delete(begun.id));
    const location = `${context.httpsUrl}/scm/${site.name}/api/deployments/${begun.id}`;
    return reply
      .code(202)
      .header("location", location)
      .type("application/json")
      .send(JSON.stringify(begun.id));
  });

  app.get("/scm/:app/api/deployments/:id", async (request) => {
    const site = open(request);
    const { id } = request.params as { id: string };
    const found = () => deployments.get(`${site.id.toLowerCase()} ${id}`);
    // The answer comes as soon as the deployment ends, so that nobody has to ask often.
    await Promise.race([underWay.get(found()?.id ?? ""), delay(LONGEST_POLL_MS)]);
    const deployment = found();
    if (deployment === undefined)
      throw new ArmError(404, "NotFound", `There is no deployment '${id}' of '${site.name}'.`);
    return deployment;
  });
}

function ended() {
  return { complete: true, end_time: new Date().toISOString() };
}

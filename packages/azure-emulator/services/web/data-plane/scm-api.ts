import { randomUUID } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { ArmError } from "../../../control-plane/arm-error";
import { authenticate } from "../../../control-plane/bearer";
import { ARM_AUDIENCE } from "../../../control-plane/identity";
import type { LocalContext } from "../../../control-plane/local-service";
import type { ArmResource } from "../../../control-plane/resource";
import { sameId } from "../../../control-plane/resource-id";
import type { FunctionHosts } from "../run/function-hosts";
import { PackageError, removeOldPackages, storePackage } from "./package-store";

/** Kudu's numbers for a deployment's state. */
const STATUS = { deploying: 2, failed: 3, success: 4 } as const;
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
 * and the action `Microsoft.Web/sites/publish/Action`. Answers 200 once the app runs the package; with `isAsync=true` 202 and
 * the id to poll at `/scm/<app>/api/deployments/<id>` (or `/latest`). The package is stored in the app's own container.
 */
export function scmApi(app: FastifyInstance, context: LocalContext, hosts: FunctionHosts): void {
  const deployments = new Map<string, Deployment>();
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
    const { type = "zip", isAsync = "false" } = request.query as Record<string, string | undefined>;
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
      (error: Error) => {
        remember({
          ...begun,
          ...ended(),
          status: STATUS.failed,
          status_text: error.message,
          message: error.message,
        });
        throw new ArmError(
          error instanceof PackageError ? error.status : 500,
          "DeploymentFailed",
          error.message,
        );
      },
    );
    if (isAsync.toLowerCase() === "true") {
      work.catch(() => {});
      const location = `${context.httpsUrl}/scm/${site.name}/api/deployments/${begun.id}`;
      return reply
        .code(202)
        .header("location", location)
        .type("application/json")
        .send(JSON.stringify(begun.id));
    }
    await work;
    return reply.send(deployments.get(`${site.id.toLowerCase()} ${begun.id}`));
  });

  app.get("/scm/:app/api/deployments/:id", async (request) => {
    const site = open(request);
    const { id } = request.params as { id: string };
    const deployment = deployments.get(`${site.id.toLowerCase()} ${id}`);
    if (deployment === undefined)
      throw new ArmError(404, "NotFound", `There is no deployment '${id}' of '${site.name}'.`);
    return deployment;
  });
}

function ended() {
  return { complete: true, end_time: new Date().toISOString() };
}

import type { FastifyInstance } from "fastify";
import { answerOf } from "../../control-plane/arm-error";
import { authenticate } from "../../control-plane/bearer";
import { ARM_AUDIENCE } from "../../control-plane/identity";
import type { LocalContext } from "../../control-plane/local-service";
import { callerEnvironment } from "../../control-plane/network/caller-environment";
import { sameId } from "../../control-plane/resource-id";
import { EmulatorError } from "../../errors/emulator-error";
import { SUBNET_TYPE } from "./subnets";

/**
 * `GET /network/environment?subnet=<network>/<subnet>` (or an id) on the gateway, with a token for Resource Manager: the variables with
 * which a program of Node runs in the subnet. It is the emulator's own; Azure has no such thing.
 */
export function callerRoute(app: FastifyInstance, context: LocalContext): void {
  app.get("/network/environment", async (request) => {
    authenticate(context.tokens, request.headers, ARM_AUDIENCE);
    const { subnet = "" } = request.query as { readonly subnet?: string };
    return callerEnvironment(context, { kind: "subnet", subnetId: subnetOf(context, subnet) });
  });
}

function subnetOf({ resources }: LocalContext, wanted: string): string {
  const subnets = resources.list({ type: SUBNET_TYPE });
  const short = (id: string) => [id.split("/").at(-3), id.split("/").at(-1)].join("/");
  const found = subnets.find(({ id }) => sameId(id, wanted) || sameId(short(id), wanted));
  if (found !== undefined) return found.id;
  const known = subnets.map(({ id }) => short(id)).join(", ") || "there are none";
  throw answerOf(new EmulatorError("QT6151", { subnet: wanted, subnets: known }), 404);
}

import type { FastifyInstance } from "fastify";
import type { ResourceTypeCatalogue } from "../../azure-resource-types";
import type { WriteForm } from "./body-check/check-resource";
import type { Conditions } from "./conditions";
import type { FlowLog } from "./flow-log";
import type { DirectoryObjects } from "./graph/directory-objects";
import type { AccessControl, Principal, PrincipalDirectory, TokenService } from "./identity";
import type { Callers } from "./network/callers";
import type { ProviderRegistry } from "./provider-registry";
import type { ArmBody, ArmResource, ResourceStore } from "./resource";
import type { RoleDelay } from "./role-delay";

/** What every service of the emulator gets. One emulator has one context, whatever the number of tenants. */
export interface LocalContext {
  /** Folder that holds all state (`.local`); everything in it survives a kill. */
  readonly folder: string;
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly resources: ResourceStore;
  readonly principals: PrincipalDirectory;
  /** Applications and groups, as Microsoft Graph shows them. */
  readonly directory: DirectoryObjects;
  readonly tokens: TokenService;
  readonly access: AccessControl;
  readonly settings: ArmSettings;
  readonly providers: ProviderRegistry;
  readonly flow: FlowLog;
  /** From where calls come, by the address from which they connect. */
  readonly callers: Callers;
  /** A loopback port for a name; the same one after a restart if it is still free. */
  port(name: string): Promise<number>;
  readonly certificates: LocalCertificates;
  /** The gateway, without a trailing slash: one port that answers TLS and plain HTTP. */
  readonly httpsUrl: string;
  readonly httpUrl: string;
  /** Releases the folder. Opening it again in the same process closes this context too. */
  close(): Promise<void>;
}

/** What a host can choose of Resource Manager's behaviour. */
export interface ArmSettings {
  /** Namespaces for which a new subscription is not registered, such as `Microsoft.Sql`. Default: none. */
  readonly unregisteredProviders?: readonly string[];
  /** Audiences of tokens besides Azure's own, such as `api://ours`. Default: none. */
  readonly audiences?: readonly string[];
  /** The pause that the answer to a long-running operation asks for. Azure's are 15 to 30 s. Default: 1. */
  readonly retryAfterSeconds?: number;
  /** SQL servers ask their firewall rules about public addresses, this machine's too. Default: they do not. */
  readonly sqlFirewall?: boolean;
  /** How long new role assignments take. Default: up to two refused requests. */
  readonly roleDelay?: RoleDelay;
}

/** A certificate for 127.0.0.1 and localhost, signed by a CA made at the first start and kept. */
export interface LocalCertificates {
  readonly caFile: string;
  /** The CA among the authorities that this machine trusts, for clients that take one file in place of their own. */
  readonly bundleFile: string;
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** One Azure service of the emulator: the resource types it runs and the endpoints it answers. */
export interface LocalService {
  readonly name: string;
  readonly resourceTypes: readonly ResourceType[];
  /** ARM endpoints other than PUT/GET/DELETE of a resource (actions, runs, jobs). */
  readonly armRoutes?: readonly ArmRoute[];
  /**
   * Data-plane endpoints on the gateway, below a path that only this service uses. The instance is encapsulated and has
   * Fastify's standard body parsers and limits; the service registers here whatever else its routes need.
   */
  routes?(app: FastifyInstance): void;
  /** Restores what was deployed; runs once the store is loaded and the gateway listens. */
  start?(): Promise<void>;
  stop?(): Promise<void>;
}

/** A resource type that the emulator runs. A PUT observes, ensures and returns; a repeated PUT changes nothing. */
export interface ResourceType {
  /** `Microsoft.Web/sites`, compared case-insensitively; packages/azure-resource-types describes it. */
  readonly type: string;
  /** Makes the resource match the body. The result is merged over the body's `properties` (and `identity`, …) and stored. */
  put?(request: PutRequest): Promise<ArmBody>;
  /** Runs after the resource is stored and before PUT answers: for code that reads it from the store. */
  stored?(resource: ArmResource): Promise<void>;
  /**
   * Refuses a deletion: throws if something that stays needs the resource. Asked before anything is deleted, for the resource and for
   * all below it; `stays` is false for what is deleted with them.
   */
  mayDelete?(resource: ArmResource, stays: (id: string) => boolean): void;
  /** Runs before what lies below the resource is deleted: for a service that keeps some of it. */
  deleting?(resource: ArmResource): Promise<void>;
  /** Must succeed if the resource is already gone. Children are deleted first. */
  delete?(resource: ArmResource): Promise<void>;
  /** Members of `properties` that the service keeps for itself; no answer contains them. */
  readonly internal?: readonly string[];
  /** `properties` as every answer shows them, if secrets can be anywhere in them. Default: as they are stored. */
  shown?(properties: ArmResource["properties"]): ArmResource["properties"];
  /** True for names whose properties only `POST {id}/list` shows, with the action `<type>/list/action`: no GET and no list does. */
  listOnly?(name: string): boolean;
}

export interface PutRequest {
  readonly id: string;
  readonly name: string;
  readonly body: ArmBody;
  readonly existing: ArmResource | undefined;
  readonly principal: Principal;
}

/** An ARM endpoint beyond plain resources. The router checks the bearer token and the `action` before it calls `handle`. */
export interface ArmRoute {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Where its path begins. Default: a resource group. */
  readonly level?: "subscription";
  /** Fastify path below the resource group, e.g. `/providers/Microsoft.DataFactory/factories/:factory/pipelineruns/:runId`. */
  readonly path: string;
  /** The RBAC action, checked at the first resource of the path. */
  readonly action: string;
  /** OData's query options (`$filter`) that it understands; any other is refused. */
  readonly options?: readonly string[];
  handle(request: ArmRequest): Promise<ArmReply>;
}

export interface ArmRequest {
  readonly principal: Principal;
  /** Id of the resource group: `/subscriptions/…/resourceGroups/…`. */
  readonly resourceGroupId: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** Parsed JSON, or the text for other content types. */
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface ArmReply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export { ArmError } from "./arm-error";

/** Creates, reads and deletes resources as a principal; a dry run has one that deploys nothing. */
export interface ResourcePlane {
  /** The known types; {@link ResourcePlane.serves} says which of them it accepts. */
  readonly types: ResourceTypeCatalogue;
  /** True if a service implements the type, by Resource Manager's name. */
  serves(type: string): boolean;
  /** @throws ArmError 400 for an unknown type, 403, 404 if the parent is missing, 409. */
  put(id: string, body: ArmBody, principal: Principal): Promise<ArmResource>;
  /** The resource without its write-only properties. What only `POST {id}/list` shows needs the right `<type>/list/action`. */
  get(id: string, principal: Principal): Promise<ArmResource | undefined>;
  /** Deletes what lies below the id first; succeeds if the resource is already gone. @throws ArmError 409 if it is in use. */
  delete(id: string, principal: Principal): Promise<void>;
  /** Resources at or under an id, of one type or of all. */
  list(
    filter: { readonly type?: string; readonly under: string },
    principal: Principal,
  ): Promise<ArmResource[]>;
}

/** The emulator's own resources; both the REST surface and the engine use it. */
export interface ControlPlane extends ResourcePlane {
  /** Like {@link ResourcePlane.put}, under conditions, and says whether the resource is new. @throws ArmError also 412. */
  putIf(request: WriteRequest, id: string, body: ArmBody, principal: Principal): Promise<PutResult>;
  /**
   * Like {@link ResourcePlane.delete}, but resolves as soon as nothing forbids the deletion; `done` resolves when it is over.
   */
  beginDelete(
    id: string,
    principal: Principal,
    conditions: Conditions,
  ): Promise<{ readonly done: Promise<void> }>;
  /** A stored resource as a GET shows it. */
  shown(resource: ArmResource): ArmResource;
  /** True if only `POST {id}/list` shows the resource ({@link ResourceType.listOnly}). */
  listOnly(id: string): boolean;
}

export interface PutResult {
  readonly resource: ArmResource;
  readonly created: boolean;
}

/** What a request says besides its body. */
export type WriteRequest = Conditions & WriteForm;

import assert from "node:assert/strict";
import { type RoleName, readRole } from "../../infra/roles/role-files";
import type {
  ResourceAddress,
  ResourceProvider,
} from "../../packages/azure-emulator/engine/resource-provider";
import { matchesAction } from "../../packages/azure-resource-types";
import { missingIn } from "./missing-in";

/** A pattern of a role that an identity has. */
export interface Grant {
  readonly role: RoleName;
  readonly pattern: string;
}

/** What failed first without a grant. */
export interface Refusal extends Grant {
  readonly resource: ResourceAddress;
  readonly operation: "check" | "create" | "read" | "update" | "delete";
  /** Of the provider, in Azure's words. */
  readonly message: string;
}

/** What one run showed. */
export interface Withheld {
  /** In the order of the run. */
  readonly failed: readonly Refusal[];
  /** A step's read that looked for them could not see, and said so. */
  readonly unseen: readonly Grant[];
}

/** Leaves a role the actions for which `isLeft` is true. */
export type GrantOnly = (role: RoleName, isLeft: (pattern: string) => boolean) => Promise<void>;

/** More than the rights of any one call. */
const ATTEMPTS = 30;

/** The patterns that the roles grant, one by one. */
export function grantsOf(roles: readonly RoleName[]): Grant[] {
  return roles.flatMap((role) => readRole(role).Actions.map((pattern) => ({ role, pattern })));
}

/**
 * Takes every action away from an identity's roles, and gives each back once a call of a provider has failed for want of it; then that call is
 * repeated, as the next `up` would repeat it. So up to its refusal a call has what it asked for before, exactly as if this one action were
 * missing, and one run shows for each action what fails without it, instead of a run for each.
 */
export class RightsWithholder {
  #withheld: readonly Grant[] = [];
  #failed: Refusal[] = [];
  #unseen: Grant[] = [];
  #applied: Promise<void> = Promise.resolve();

  constructor(
    private readonly roles: readonly RoleName[],
    private readonly grantOnly: GrantOnly,
    private readonly refusedDuring: (run: () => Promise<unknown>) => Promise<readonly string[]>,
  ) {}

  async during(run: () => Promise<unknown>): Promise<Withheld> {
    this.#failed = [];
    this.#unseen = [];
    await this.#withhold(grantsOf(this.roles));
    try {
      await run();
      return { failed: this.#failed, unseen: this.#unseen };
    } finally {
      await this.#withhold([]);
    }
  }

  /** The provider, whose failing calls give rights back and are repeated. */
  around(provider: ResourceProvider): ResourceProvider {
    const repeated = <T>(
      operation: Refusal["operation"],
      resource: ResourceAddress,
      call: () => Promise<T>,
      failureOf: (result: T) => string = () => "",
    ) => this.#repeat({ operation, resource }, call, failureOf);
    return {
      ...provider,
      check: (resource, ...more) =>
        repeated(
          "check",
          resource,
          () => provider.check(resource, ...more),
          ({ failures }) => failures.map(({ reason }) => reason).join("\n"),
        ),
      create: (resource, ...more) => repeated("create", resource, () => provider.create(resource, ...more)),
      read: (resource, ...more) =>
        repeated("read", resource, () => this.#read(() => provider.read(resource, ...more))),
      update: (resource, ...more) => repeated("update", resource, () => provider.update(resource, ...more)),
      delete: (resource, ...more) => repeated("delete", resource, () => provider.delete(resource, ...more)),
    };
  }

  async #repeat<T>(
    call: Pick<Refusal, "operation" | "resource">,
    run: () => Promise<T>,
    failureOf: (result: T) => string,
  ): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      let failure: string;
      try {
        const result = await run();
        failure = failureOf(result);
        if (missingIn(failure).length === 0) return result;
      } catch (error) {
        failure = (error as Error).message;
        if (missingIn(failure).length === 0) throw error;
      }
      assert.ok(attempt < ATTEMPTS, failure);
      await this.#giveBack(call, failure);
    }
  }

  /**
   * Repeats a read that was refused and goes on without: behind the first refusal it may ask for more. Afterwards the rights are missing
   * again, because another resource may fail without them.
   */
  async #read<T>(read: () => Promise<T>): Promise<T> {
    const lent: Grant[] = [];
    try {
      for (;;) {
        const found: T[] = [];
        const refused = await this.refusedDuring(async () => void found.push(await read()));
        const grants = this.#withheld.filter(({ pattern }) =>
          refused.some((one) => matchesAction(pattern, one)),
        );
        if (grants.length === 0) return found[0] as T;
        lent.push(...grants);
        await this.#withhold(this.#withheld.filter((one) => !grants.includes(one)));
      }
    } finally {
      this.#unseen.push(...lent);
      if (lent.length > 0) await this.#withhold([...this.#withheld, ...lent]);
    }
  }

  async #giveBack(call: Pick<Refusal, "operation" | "resource">, message: string): Promise<void> {
    const [action = "", ...more] = missingIn(message);
    assert.deepEqual(more, [], message);
    const grant = this.#withheld.find(({ pattern }) => matchesAction(pattern, action));
    if (grant === undefined) {
      // Another call, at the same time, failed for want of the same and has it back by now.
      const isBack = this.#failed.some(({ pattern }) => matchesAction(pattern, action));
      assert.ok(isBack, `no role grants it: ${message}`);
      return this.#applied;
    }
    this.#failed.push({ ...grant, ...call, message });
    await this.#withhold(this.#withheld.filter((one) => one !== grant));
  }

  /** Takes exactly these away; one change after the other. */
  #withhold(grants: readonly Grant[]): Promise<void> {
    this.#withheld = grants;
    this.#applied = this.#applied.then(() => this.#write());
    return this.#applied;
  }

  async #write(): Promise<void> {
    for (const role of this.roles)
      await this.grantOnly(
        role,
        (pattern) => !this.#withheld.some((one) => one.role === role && one.pattern === pattern),
      );
  }
}

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConnectionPool } from "mssql";
import type { TenantOutcome } from "../../commands/fleet/outcome";
import { httpsCall } from "../../packages/azure-emulator/control-plane/https-call";
import {
  ARM_AUDIENCE,
  KEY_VAULT_AUDIENCE,
  SQL_AUDIENCE,
  STORAGE_AUDIENCE,
} from "../../packages/azure-emulator/control-plane/identity";
import type { ArmResource } from "../../packages/azure-emulator/control-plane/resource";
import { apiVersionFor } from "../../packages/azure-emulator/control-plane/testing/test-emulator";
import { type DeployingEmulator, startWithEngine, stopEmulator } from "../commands/bring-up";
import { removeEverything } from "../commands/server-choice";
import { type Environment, requireEnvironment } from "../environment";
import { emulatorWork } from "./emulator-work";
import { fleetProject } from "./testing/fleet-project";

/** One of the two tenants, and its identities. */
interface Side {
  readonly environment: Environment;
  readonly resources: readonly ArmResource[];
  /** Resources whose identity the tenant's code can use. */
  readonly identities: readonly ArmResource[];
}

describe("Two tenants of one emulator", () => {
  const folder = mkdtempSync(join(tmpdir(), "qt-isolation-"));
  const local = join(folder, "local");
  let emulator: DeployingEmulator;
  let acme: Side;
  let beta: Side;

  before(async () => {
    const root = fleetProject(join(folder, "project"), ["acme", "beta"]);
    emulator = await startWithEngine({ folder: local, pulumi: "in-process" });
    const failed: TenantOutcome[] = [];
    await emulatorWork.up(emulator, {
      ...{
        root,
        folder: local,
        tenants: ["acme", "beta"],
        refresh: false,
        stop: new AbortController().signal,
      },
      onEvent: (event) => {
        if (event.kind === "ended" && event.outcome.status !== "done") failed.push(event.outcome);
      },
    });
    assert.deepEqual(failed, []);
    [acme, beta] = [await side("acme"), await side("beta")];
  });

  after(async () => {
    if (emulator !== undefined) await stopEmulator(emulator);
    await removeEverything(local);
    rmSync(folder, { recursive: true, force: true });
  });

  async function side(tenant: string): Promise<Side> {
    const environment = await requireEnvironment(local, tenant);
    const group = `/resourcegroups/${environment.resourceGroup}`.toLowerCase();
    const resources = emulator.azure.context.resources.list().filter(({ id }) => {
      const path = id.toLowerCase();
      return path.endsWith(group) || path.includes(`${group}/`);
    });
    const isUserAssigned = ({ type }: ArmResource) => /userAssignedIdentities$/i.test(type);
    const identities = resources.filter(
      (one) => isUserAssigned(one) || one.identity?.principalId !== undefined,
    );
    return { environment, resources, identities };
  }

  const tokenOf = ({ id, name }: ArmResource, audience: string) => {
    const { principals, tokens } = emulator.azure.context;
    return tokens.issue(principals.ofResource(id, name), audience).token;
  };

  /** @returns the answer's status */
  async function call(token: string, url: string, body?: object): Promise<number> {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const sent = body === undefined ? { headers } : { headers, method: "POST", body: JSON.stringify(body) };
    return (await httpsCall(url, emulator.azure.context.certificates.ca, sent)).status;
  }

  const one = ({ resources }: Side, type: RegExp): ArmResource => {
    const found = resources.find((resource) => type.test(resource.type));
    assert.ok(found, String(type));
    return found;
  };
  const arm = (id: string) => `${emulator.azure.context.httpsUrl}${id}?api-version=${apiVersionFor(id)}`;
  const get = (token: string, id: string) => call(token, arm(id));

  /** Every way to a tenant's data, the identity that it is for, and the status that it answers. */
  const ways: readonly {
    readonly name: string;
    readonly owner: RegExp;
    go(identity: ArmResource, to: Side): Promise<number>;
  }[] = [
    {
      name: "start its pipeline",
      owner: /automationAccounts$/,
      go: (identity, to) =>
        call(tokenOf(identity, ARM_AUDIENCE), arm(`${one(to, /factories\/pipelines$/).id}/createRun`), {
          DatasetID: "d-claims-notes",
        }),
    },
    {
      name: "read its secret",
      owner: /factories$/,
      go(identity, to) {
        const { vaultUri } = one(to, /vaults$/).properties;
        const url = `${String(vaultUri)}secrets/${one(to, /vaults\/secrets$/).name}?api-version=7.4`;
        return call(tokenOf(identity, KEY_VAULT_AUDIENCE), url);
      },
    },
    {
      name: "list its function's packages",
      owner: /userAssignedIdentities$/,
      go(identity, to) {
        const { blob } = one(to, /storageAccounts$/).properties.primaryEndpoints as { blob: string };
        const url = `${blob}${one(to, /blobServices\/containers$/).name}?restype=container&comp=list`;
        return call(tokenOf(identity, STORAGE_AUDIENCE), url);
      },
    },
    {
      name: "log in to its database",
      owner: /factories$|userAssignedIdentities$/,
      async go(identity, to) {
        const [server, port] = String(one(to, /servers$/).properties.fullyQualifiedDomainName).split(",");
        const pool = new ConnectionPool({
          ...{ server: server ?? "", port: Number(port), database: one(to, /servers\/databases$/).name },
          options: { encrypt: false },
          authentication: {
            type: "azure-active-directory-access-token",
            options: { token: tokenOf(identity, SQL_AUDIENCE) },
          },
        });
        try {
          await pool.connect();
          return 200;
        } catch (error) {
          assert.match((error as Error).message, /Login failed/);
          return 403;
        } finally {
          await pool.close();
        }
      },
    },
  ];

  for (const { name, owner, go } of ways) {
    it(`let neither tenant's identities ${name} for the other`, async () => {
      for (const [own, other] of [
        [acme, beta],
        [beta, acme],
      ] as const) {
        assert.equal(own.identities.length, 3);
        for (const identity of own.identities) {
          const isFor = owner.test(identity.type);
          // A new role acts after two refused requests at most.
          let status = await go(identity, own);
          for (let refused = 1; status === 403 && refused <= 2; refused++) status = await go(identity, own);
          assert.equal(status < 300, isFor, `${identity.type} to its own tenant: ${status}`);
          assert.equal(await go(identity, other), 403, identity.type);
        }
      }
    });
  }

  it("let no identity see any resource of the other", async () => {
    for (const [own, other] of [
      [acme, beta],
      [beta, acme],
    ] as const) {
      const { arm: owner } = own.environment;
      const readable = [];
      for (const { id } of other.resources) if ((await get(owner.token, id)) === 200) readable.push(id);
      assert.ok(readable.length > 40);
      for (const identity of own.identities) {
        for (const id of readable) assert.equal(await get(tokenOf(identity, ARM_AUDIENCE), id), 403, id);
      }
    }
  });

  it("keep state, webhook and keys apart", async () => {
    const texts = [acme, beta].map(({ environment }) => JSON.stringify(environment));
    const secrets = ({ environment: { automation, function: app, quantemplate } }: Side) => [
      automation.webhookUrl,
      app.key,
      quantemplate.clientSecret,
    ];
    for (const secret of secrets(acme)) assert.ok(texts[0]?.includes(secret) && !texts[1]?.includes(secret));
    for (const secret of secrets(beta)) assert.ok(texts[1]?.includes(secret) && !texts[0]?.includes(secret));
    for (const [own, other] of [
      [acme, beta],
      [beta, acme],
    ] as const) {
      const state = JSON.stringify(await emulator.engine.exportState({ name: own.environment.stack }));
      assert.ok(state.includes(own.environment.resourceGroup));
      assert.ok(!state.includes(other.environment.resourceGroup));
    }
  });
});

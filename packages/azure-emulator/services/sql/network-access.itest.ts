import assert from "node:assert/strict";
import { ConnectionPool, type config } from "mssql";
import { SQL_AUDIENCE } from "../../control-plane/identity";
import { AZURE_IP, LAPTOP_IP } from "../../control-plane/network/callers";
import { startTestEmulator, type TestEmulator } from "../../control-plane/testing/test-emulator";
import { createNetworkService } from "../network";
import { makePrivateNetwork, type PrivateNetwork } from "../network/testing/private-network";
import { createSqlService } from ".";

/** Every expectation is a login with Microsoft's own driver. */
describe("reaching a SQL server", function () {
  this.timeout(60_000);
  let emulator: TestEmulator;
  let network: PrivateNetwork;
  let server: string;
  let port: number;

  before(async () => {
    emulator = await startTestEmulator(
      (context) => [createSqlService(context, {}), createNetworkService(context)],
      undefined,
      [],
      { sqlFirewall: true },
    );
    network = await makePrivateNetwork(emulator, emulator.group);
    server = `${emulator.group}/providers/Microsoft.Sql/servers/sql-reach`;
    await set({});
    await emulator.controlPlane.put(
      `${server}/databases/main`,
      { location: "westeurope" },
      emulator.context.principals.deployer,
    );
    const fqdn = emulator.context.resources.get(server)?.properties.fullyQualifiedDomainName;
    port = Number(String(fqdn).split(",")[1]);
  });
  after(() => emulator.stop());

  const put = (id: string, body: object) =>
    emulator.controlPlane.put(id, body, emulator.context.principals.deployer);
  const set = (properties: object) => {
    const { objectId, displayName } = emulator.context.principals.deployer;
    return put(server, {
      location: "westeurope",
      properties: {
        administrators: { sid: objectId, login: displayName, principalType: "Application" },
        ...properties,
      },
    });
  };
  const login = async (localAddress?: string) => {
    const { context } = emulator;
    const { token } = context.tokens.issue(context.principals.deployer, SQL_AUDIENCE);
    const settings: config = {
      server: "127.0.0.1",
      port,
      database: "main",
      authentication: { type: "azure-active-directory-access-token", options: { token } },
      options: { encrypt: false, trustServerCertificate: true, ...(localAddress && { localAddress }) },
    };
    const pool = new ConnectionPool(settings);
    pool.on("error", () => {});
    try {
      await pool.connect();
    } finally {
      await pool.close();
    }
  };
  const azure = () => emulator.context.callers.addressOf({ kind: "azure" });
  const refused = (number: number, words: RegExp) => (error: Error & { readonly number?: number }) => {
    assert.match(error.message, words);
    const original = (error as { originalError?: { info?: { number?: number } } }).originalError;
    assert.equal(original?.info?.number ?? error.number ?? number, number);
    return true;
  };
  const byFirewall = (ip: string) =>
    refused(40615, new RegExp(`Client with IP address '${ip.replaceAll(".", "\\.")}' is not allowed`));
  const denied = refused(47073, /Deny Public Network Access is set to Yes/);

  it("asks its firewall about what comes by the public address", async () => {
    const rule = (name: string, startIpAddress: string, endIpAddress: string) =>
      put(`${server}/firewallRules/${name}`, { properties: { startIpAddress, endIpAddress } });
    const runner = await network.from("runners");
    await assert.rejects(login(), byFirewall(LAPTOP_IP));
    await assert.rejects(login(await azure()), byFirewall(AZURE_IP));
    await rule("azure", "0.0.0.0", "0.0.0.0");
    await login(await azure());
    await assert.rejects(login(), byFirewall(LAPTOP_IP));
    await rule("laptop", "203.0.113.0", "203.0.113.20");
    await login();
    // A subnet with the service endpoint is known by its rule alone.
    await assert.rejects(login(runner), byFirewall(AZURE_IP));
    await put(`${server}/virtualNetworkRules/runners`, {
      properties: { virtualNetworkSubnetId: network.subnet("runners") },
    });
    await login(runner);
  });

  it("lets in what comes by an approved private endpoint only", async () => {
    await set({ publicNetworkAccess: "Disabled" });
    const runner = await network.from("runners");
    await assert.rejects(login(), denied);
    await assert.rejects(login(await azure()), denied);
    await assert.rejects(login(runner), denied);
    const zone = await network.zone(server, "sqlServer");
    await network.endpoint("pe-sql", server, "sqlServer", { zone });
    await login(runner);
    await assert.rejects(login(), denied);
    const [connection] = (await emulator.arm("GET", `${server}/privateEndpointConnections`)).json.value;
    const answer = (status: string) =>
      put(connection.id, {
        properties: { privateLinkServiceConnectionState: { status, description: "by the owner" } },
      });
    await answer("Rejected");
    // The name leads to an endpoint that carries nothing: there is no answer at all.
    await assert.rejects(login(runner), /socket hang up|ECONNRESET|Connection lost|closed/i);
    await answer("Approved");
    await login(runner);
    // Without the link, the name leads to the public address again.
    await emulator.controlPlane.delete(
      `${zone}/virtualNetworkLinks/link`,
      emulator.context.principals.deployer,
    );
    await assert.rejects(login(runner), denied);
  });
});

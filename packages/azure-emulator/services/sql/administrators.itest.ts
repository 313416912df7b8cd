import assert from "node:assert/strict";
import { startTestEmulator, type TestEmulator } from "../../control-plane/testing/test-emulator";
import { createSqlService } from ".";

const OTHER = "00000000-0000-0000-0000-00000000ad31";

describe("a server's administrators", () => {
  let emulator: TestEmulator;
  let sid: string;
  before(async () => {
    emulator = await startTestEmulator((context) => [createSqlService(context)]);
    sid = emulator.context.principals.deployer.objectId;
  });
  after(() => emulator?.stop());

  const serverOf = (name: string) => `${emulator.group}/providers/Microsoft.Sql/servers/${name}`;
  const administratorOf = (name: string) => `${serverOf(name)}/administrators/ActiveDirectory`;
  const entraOnlyOf = (name: string) => `${serverOf(name)}/azureADOnlyAuthentications/Default`;
  const propertiesOf = async (id: string) => (await emulator.arm("GET", id)).json.properties;
  const put = (id: string, properties: object) => emulator.arm("PUT", id, { properties });
  async function makeServer(name: string, administrators?: object): Promise<void> {
    const properties = administrators
      ? { administrators }
      : { administratorLogin: "admin1", administratorLoginPassword: "Secret-1234" };
    const made = await emulator.arm("PUT", serverOf(name), { location: "westeurope", properties });
    assert.equal(made.status, 202);
  }
  const inline = (azureADOnlyAuthentication: boolean) => ({
    administratorType: "ActiveDirectory",
    principalType: "Application",
    login: "deployer",
    sid,
    azureADOnlyAuthentication,
  });

  it("come with a server that names them, and so does the rule that only Entra's logins sign in", async () => {
    await makeServer("sql-inline", inline(true));
    const { login, azureADOnlyAuthentication } = await propertiesOf(administratorOf("sql-inline"));
    assert.deepEqual([login, azureADOnlyAuthentication], ["deployer", true]);
    assert.deepEqual(await propertiesOf(entraOnlyOf("sql-inline")), { azureADOnlyAuthentication: true });
  });

  it("change by themselves, and the server shows it", async () => {
    assert.equal((await put(administratorOf("sql-inline"), { login: "DBAs", sid: OTHER })).status, 202);
    const { administrators } = await propertiesOf(serverOf("sql-inline"));
    assert.deepEqual(administrators, {
      administratorType: "ActiveDirectory",
      azureADOnlyAuthentication: true,
      login: "DBAs",
      sid: OTHER,
    });
  });

  it("or a login with its password are needed by a new server", async () => {
    const refused = [{}, { administratorLogin: "admin1" }, { administratorLoginPassword: "Secret-1234" }];
    for (const properties of refused) {
      const { status, json } = await emulator.arm("PUT", serverOf("sql-nobody"), {
        location: "westeurope",
        properties,
      });
      assert.deepEqual([status, json.error.code], [400, "InvalidParameterValue"]);
    }
    assert.equal((await emulator.arm("GET", serverOf("sql-nobody"))).status, 404);
  });

  it("have a login and an object id in the block of a new server", async () => {
    const { login, sid: objectId, ...rest } = inline(true);
    for (const [administrators, code] of [
      [{ ...rest, sid: objectId }, "InvalidExternalAdministratorLogin"],
      [{ ...rest, login }, "InvalidExternalAdministratorSid"],
    ] as const) {
      const body = { location: "westeurope", properties: { administrators } };
      const { status, json } = await emulator.arm("PUT", serverOf("sql-half"), body);
      assert.deepEqual([status, json.error.code], [400, code]);
    }
  });

  it("of an existing server do not change with the server", async () => {
    const again = { location: "westeurope", tags: { a: "b" }, properties: { administrators: inline(true) } };
    assert.equal((await emulator.arm("PUT", serverOf("sql-inline"), again)).status, 202);
    assert.equal((await propertiesOf(serverOf("sql-inline"))).administrators.sid, OTHER);
    assert.equal((await propertiesOf(administratorOf("sql-inline"))).sid, OTHER);
  });

  it("alone sign in: the server takes no password", async () => {
    const password = { administratorLogin: "admin1", administratorLoginPassword: "Secret-1234" };
    const server = await emulator.arm("PUT", serverOf("sql-inline"), {
      location: "westeurope",
      properties: password,
    });
    assert.deepEqual([server.status, server.json.error.code], [400, "AadOnlyAuthenticationIsEnabled"]);
  });

  it("stay as long as only Entra's logins sign in", async () => {
    const refused = await emulator.arm("DELETE", administratorOf("sql-inline"));
    assert.deepEqual(
      [refused.status, refused.json.error.code],
      [400, "InvalidServerAzureADAdminDeleteOperation"],
    );
    assert.equal((await put(entraOnlyOf("sql-inline"), { azureADOnlyAuthentication: false })).status, 200);
    assert.equal((await emulator.arm("DELETE", administratorOf("sql-inline"))).status, 200);
    assert.equal((await propertiesOf(serverOf("sql-inline"))).administrators, undefined);
  });

  it("go with their server, whatever they say", async () => {
    await makeServer("sql-gone", inline(true));
    await emulator.controlPlane.delete(serverOf("sql-gone"), emulator.context.principals.deployer);
    assert.equal((await emulator.arm("GET", administratorOf("sql-gone"))).status, 404);
  });

  it("are needed for Entra-only authentication", async () => {
    await makeServer("sql-password");
    const refused = await put(entraOnlyOf("sql-password"), { azureADOnlyAuthentication: true });
    assert.deepEqual(
      [refused.status, refused.json.error.code],
      [400, "InvalidServerAADOnlyAuthNoAADAdminPropertyName"],
    );
    assert.equal((await put(administratorOf("sql-password"), { login: "DBAs", sid: OTHER })).status, 202);
    assert.equal((await put(entraOnlyOf("sql-password"), { azureADOnlyAuthentication: true })).status, 201);
    assert.equal(
      (await propertiesOf(serverOf("sql-password"))).administrators.azureADOnlyAuthentication,
      true,
    );
  });

  it("have one name", async () => {
    const other = `${serverOf("sql-password")}/administrators/Other`;
    const refused = await put(other, { login: "DBAs", sid: OTHER });
    assert.deepEqual([refused.status, refused.json.error.code], [400, "InvalidResourceName"]);
  });

  it("are judged by their type: a login and a GUID are needed", async () => {
    for (const properties of [{ sid: OTHER }, { login: "DBAs" }, { login: "DBAs", sid: "nobody" }]) {
      assert.equal((await put(administratorOf("sql-password"), properties)).status, 400);
    }
  });
});

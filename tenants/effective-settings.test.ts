import assert from "node:assert/strict";
import { diffTenants } from "../commands/tenant/diff";
import { listTenants } from "../commands/tenant/list";
import { goodFile, projectFolder } from "../commands/tenant/testing/project-folder";
import { QtError } from "../errors/qt-error";
import { effectiveSettings, uncheckedSettings } from "./effective-settings";
import { readTenant } from "./tenant";

const common = `config:
  azure-native:location: westeurope
  unknownDatasets: land
  quantemplate:tags.owner: platform
  quantemplate:tags.ring: last
  quantemplate:sql:
    default: {capacity: 4}
  quantemplate:sql.maxSizeGb: 64
  quantemplate:function:
    default: {memoryMb: 4096}
`;

describe("A tenant's effective settings", () => {
  const project = projectFolder();
  const own = `${goodFile}  quantemplate:function: {maximumInstances: 7}\n`;
  const shown = (file = own) => {
    const settings = effectiveSettings(project({ "Pulumi.acme.yaml": file }, common), "acme");
    return Object.fromEntries(settings.map(({ key, value, origin }) => [key, [value, origin]]));
  };

  it("show where each value comes from", () => {
    const settings = shown();
    assert.deepEqual(settings["azure-native:location"], ["westeurope", "Pulumi.yaml:4"]);
    assert.deepEqual(settings["quantemplate:unknownDatasets"], ["land", "Pulumi.yaml:5"]);
    assert.deepEqual(settings["quantemplate:protect"], [true, "default"]);
    assert.deepEqual(settings["quantemplate:datasets[0].keyColumns"], [["Policy"], "Pulumi.acme.yaml:10"]);
    assert.deepEqual(settings["quantemplate:datasets[0].guards.maxShrinkPercent"], [
      30,
      "Pulumi.acme.yaml:12",
    ]);
    assert.deepEqual(settings["quantemplate:datasets[0].guards.allowEmpty"], [false, "default"]);
    assert.deepEqual(settings["quantemplate:datasets[1].guards.maxShrinkPercent"], [50, "default"]);
  });

  it("merge as Pulumi does: a key with a path adds, a whole key replaces", () => {
    const settings = shown();
    assert.deepEqual(settings["quantemplate:tags.owner"], ["platform", "Pulumi.yaml:6"]);
    assert.deepEqual(settings["quantemplate:tags.ring"], ["canary", "Pulumi.acme.yaml:16"]);
    assert.deepEqual(settings["quantemplate:sql.capacity"], [4, "Pulumi.yaml:9"]);
    assert.deepEqual(settings["quantemplate:sql.maxSizeGb"], [64, "Pulumi.yaml:10"]);
    assert.deepEqual(settings["quantemplate:function.maximumInstances"], [7, "Pulumi.acme.yaml:17"]);
    assert.deepEqual(settings["quantemplate:function.memoryMb"], [2048, "default"]);
  });

  it("keep the text of a common key with a path, except true, false and whole numbers", () => {
    const lines = ['"012"', '"+5"', "true", '"-0"', '"1.5"', "012"].map(
      (value, i) => `  quantemplate:x.p${i}: ${value}\n`,
    );
    const { settings } = readTenant(
      project({ "Pulumi.acme.yaml": own }, `config:\n${lines.join("")}`),
      "acme",
    );
    assert.deepEqual(settings.get("quantemplate:x"), {
      p0: "012",
      p1: 5,
      p2: true,
      p3: 0,
      p4: "1.5",
      p5: 10,
    });
  });

  it("give a value inside JSON text the line of that text", () => {
    const settings = shown(own.replace("{maximumInstances: 7}", `'{"maximumInstances":7}'`));
    assert.deepEqual(settings["quantemplate:function.maximumInstances"], [7, "Pulumi.acme.yaml:17"]);
  });

  it("show only whether a secret is set", () => {
    assert.deepEqual(shown()["quantemplate:clientSecret"], ["set", "Pulumi.acme.yaml:5"]);
    const without = own.replace(/ {2}quantemplate:clientSecret:\n.*\n/, "");
    assert.deepEqual(shown(without)["quantemplate:clientSecret"]?.[0], "not set");
    assert.ok(!JSON.stringify(shown()).includes("ciphertext"));
  });

  it("show an encrypted value as set, along with all the rest", () => {
    const encrypted = own
      .replace("organisationId: c-acme", "organisationId: {secure: v1:marker}")
      .replace("table: premium", "table: {secure: v1:marker}")
      .concat(
        "  quantemplate:sqlAdmin: {secure: v1:marker}\n  quantemplate:deploymentSalt: {secure: v1:marker}\n",
      );
    const settings = shown(encrypted);
    assert.ok(!JSON.stringify(settings).includes("marker"));
    assert.deepEqual(settings["quantemplate:organisationId"], ["set", "Pulumi.acme.yaml:3"]);
    assert.deepEqual(settings["quantemplate:datasets[0].table"], ["set", "Pulumi.acme.yaml:9"]);
    assert.deepEqual(settings["quantemplate:datasets[1].table"], ["claims", "Pulumi.acme.yaml:14"]);
    assert.deepEqual(settings["quantemplate:sqlAdmin"], ["set", "Pulumi.acme.yaml:18"]);
    assert.deepEqual(settings["quantemplate:deploymentSalt"], ["set", "Pulumi.acme.yaml:19"]);
    assert.deepEqual(settings["quantemplate:protect"], [true, "default"]);
    const root = project({ "Pulumi.acme.yaml": encrypted, "Pulumi.beta.yaml": own }, common);
    assert.ok(
      diffTenants(root, "acme", "beta").some(
        ({ key, left }) => key.endsWith("organisationId") && left === "set",
      ),
    );
  });

  it("show what the file has if the rest comes from an environment", () => {
    const settings = shown("environment: [quantemplate/common]\nconfig:\n  quantemplate:protect: false\n");
    assert.deepEqual(settings["quantemplate:protect"], [false, "Pulumi.acme.yaml:3"]);
    assert.equal(settings["quantemplate:organisationId"], undefined);
  });

  it("are what Pulumi reads, even if the file looks different", () => {
    const salt = (text: string) =>
      shown(`${own}  quantemplate:deploymentSalt: ${text}\n`)["quantemplate:deploymentSalt"]?.[0];
    assert.equal(salt("0123"), "83");
    assert.equal(salt(""), "");
  });

  it("refuse a tenant with mistakes, but ignore what is encrypted", () => {
    const encrypted = own
      .replace("organisationId: c-acme", "organisationId: {secure: v1:x}")
      .replace("d-2", "d-1");
    assert.throws(
      () => shown(encrypted),
      (error) => {
        assert.ok(error instanceof QtError && error.code === "QT1001");
        assert.match(error.message, /1 mistake/);
        return true;
      },
    );
  });

  it("refuse a tenant with mistakes", () => {
    assert.throws(
      () => shown(own.replace("d-2", "d-1")),
      (error) => error instanceof QtError && error.code === "QT1001",
    );
  });

  it("can be shown unchecked, mistakes and all, without a secret", () => {
    const wrong = own
      .replace("d-2", "d/2")
      .replace("table: premium", "table: [x]")
      .concat("  quantemplate:sqlAdmin: {login: x, password: marker}\n  quantemplate:protect: maybe\n");
    const root = project({ "Pulumi.acme.yaml": wrong, "Pulumi.broken.yaml": "config: [" }, common);
    const settings = new Map(uncheckedSettings(root, "acme").map((it) => [it.key, [it.value, it.origin]]));
    assert.deepEqual(settings.get("quantemplate:protect"), ["maybe", "Pulumi.acme.yaml:19"]);
    assert.deepEqual(settings.get("quantemplate:datasets[1].id"), ["d/2", "Pulumi.acme.yaml:13"]);
    assert.deepEqual(settings.get("quantemplate:datasets[0].table"), [["x"], "Pulumi.acme.yaml:9"]);
    assert.deepEqual(settings.get("quantemplate:sqlAdmin.password"), ["set", "Pulumi.acme.yaml:18"]);
    assert.deepEqual(settings.get("quantemplate:unknownDatasets"), ["land", "Pulumi.yaml:5"]);
    assert.ok(uncheckedSettings(root, "broken").length > 0);
  });

  it("are compared by dataset id, not by position in the list", () => {
    const [first, second] = [/ {4}- id: d-1[\s\S]*?30\n/, / {4}- id: d-2[\s\S]*?claims\n/].map(
      (part) => own.match(part)?.[0] ?? assert.fail(),
    );
    const other = own
      .replace(`${first}${second}`, `${second}${first}`)
      .replace("table: claims", "table: notes")
      .replace("    secure: v1:ciphertext\n", "    secure: v1:other\n");
    const root = project({ "Pulumi.acme.yaml": own, "Pulumi.beta.yaml": other }, common);
    assert.deepEqual(diffTenants(root, "acme", "beta"), [
      { key: 'quantemplate:datasets["d-2"].table', left: "claims", right: "notes" },
    ]);
    assert.deepEqual(diffTenants(root, "acme", "acme"), []);
  });

  it("are listed in short, even those of a broken file", () => {
    const root = project({ "Pulumi.acme.yaml": own, "Pulumi.broken.yaml": "config: [" }, common);
    const [acme, broken] = listTenants(root);
    assert.deepEqual(acme, {
      name: "acme",
      organisationId: "c-acme",
      location: "westeurope",
      datasets: 2,
      ring: "canary",
      hasSecret: true,
      emulatorOnly: false,
    });
    assert.deepEqual(broken, {
      name: "broken",
      organisationId: null,
      location: "westeurope",
      datasets: 0,
      ring: "last",
      hasSecret: false,
      emulatorOnly: false,
    });
  });
});

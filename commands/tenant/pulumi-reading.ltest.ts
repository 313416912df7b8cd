import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkTenant } from "../../tenants/check";
import { plainValue } from "../../tenants/plain-scalar";
import { flatConfig, readTenant } from "../../tenants/tenant";
import { goodFile } from "./testing/project-folder";
import { pulumiMachines } from "./testing/pulumi-machines";

/** Values without quotes on which YAML 1.1 and 1.2 disagree, and edge cases of go-yaml. */
const plains =
  `0123 1_000 0b11 -0b11 0o17 0O17 -0o17 017 -017 018 08 0_8 0x1F 0X1F -0x1F +0x1F 0xfg 0x 0b 0b2 0x_1F
  0xFFFFFFFFFFFFFFFF 0xFFFFFFFFFFFFFFFFF 0777777777777777777777777 yes no on off y n Yes True TRUE tRue False Null NULL ~ null
  1e3 1E3 1e-3 1.5e3 1e +1e3 1e22 1e21 1e400 1_e3 12:30 12:30:45 +5 -5 -0 0 00 .5 5. -.5 +.5 ._5 .1_0 .1_ .1e3 .e3 .5.5 -_1 1_ 1__0
  1.10 1.0 1.2.3 0.1 0.0000001 1234567.5 12345678901234567 9007199254740993 18446744073709551615 18446744073709551616
  9223372036854775808 -9223372036854775808 -9223372036854775809 +9223372036854775808 123456789012345678901234
  2027-12-31 2027-1-1 2027-13-31 2027-2-30 2027-12 2027-12-31T00:00:00Z 2027-12-31t00:00:00Z 2027-12-31t00:00:00z
  2027-12-31T00:00:00 2027-12-31T24:00:00Z 2027-12-31T1:2:3Z 2027-12-31T10:00:00.5Z 2027-12-31T10:00:00-05:30
  << = inf nan Infinity NaN .infinity 0x1p-2 1-2`
    .split(/\s+/)
    .concat("2027-12-31 10:00:00", "2027-12-31 1:2:3");

describe("Settings as the real Pulumi CLI reads them", () => {
  const { machine, run } = pulumiMachines();

  async function project() {
    const on = machine();
    await run(on, "pulumi", ["stack", "init", "acme", "--no-select"]);
    /** The configuration by key, as text and as data; undefined if Pulumi refuses the files. */
    const read = async (file: string, common = "") => {
      writeFileSync(join(on.root, "Pulumi.yaml"), `name: quantemplate\nruntime: nodejs\n${common}`);
      writeFileSync(join(on.root, "Pulumi.acme.yaml"), file);
      const { code, stdout } = await run(on, "pulumi", ["config", "--json", "-s", "acme"]);
      if (code !== 0) return undefined;
      return JSON.parse(stdout) as Record<string, { value: string; objectValue?: unknown }>;
    };
    return { root: on.root, read };
  }

  it("are read the same here without quotes", async () => {
    const { root, read } = await project();
    const lines = plains.map(
      (text, i) => `  quantemplate:a${i}: ${text}\n  quantemplate:b${i}: {v: ${text}}\n`,
    );
    const theirs = (await read(`config:\n${lines.join("")}`)) ?? assert.fail();
    const ours = flatConfig(readTenant(root, "acme"));
    for (const [i, text] of plains.entries()) {
      assert.equal(ours[`quantemplate:a${i}`], theirs[`quantemplate:a${i}`]?.value, text);
      const read = plainValue(text);
      const nested = JSON.parse(theirs[`quantemplate:b${i}`]?.value ?? "") as { v: unknown };
      // Numbers that JavaScript cannot hold are kept as text here, and check reports them.
      const isInexact = typeof read === "string" && typeof nested.v === "number";
      assert.deepEqual(isInexact ? Number(read) : read, nested.v, text);
    }
  });

  it("are merged the same here, whatever is quoted under a key with a path", async () => {
    const { root, read } = await project();
    const texts = ["012", "+5", "-5", "-0", "-01", "00", "0", "1.5", "True", "true", "99999999999999999999"];
    const lines = texts.map((text, i) => `  quantemplate:o.p${i}: "${text}"\n`);
    const more =
      "  quantemplate:o.q: 012\n  quantemplate:o.r: {default: 1.5}\n  quantemplate:o.s: {default: }\n";
    const own =
      "config:\n  quantemplate:o: &o {own: x}\n  quantemplate:m: {<<: [*o, {own: y, z: 1}], a: 2}\n";
    const theirs = (await read(own, `config:\n${lines.join("")}${more}`)) ?? assert.fail();
    const { settings } = readTenant(root, "acme");
    for (const key of ["quantemplate:o", "quantemplate:m"]) {
      assert.deepEqual(settings.get(key), theirs[key]?.objectValue, key);
    }
  });

  it("are refused by check if Pulumi refuses or empties them", async () => {
    const { root, read } = await project();
    for (const line of [
      "quantemplate:tags: {owner: platform}",
      "quantemplate:tags: {default: {owner: platform}}",
      "quantemplate:tags.owner: 1.5",
      "quantemplate:alertEmail:",
      "quantemplate:sql: {default: {capacity: 1}, value: {capacity: 2}}",
      "quantemplate:sql: {default: {capacity: 1}, unit: vCores}",
      "quantemplate:protect: {type: boolean}",
      "random:x: {default: y}",
      "random:x: {value: y}",
      "random:x: {value: y, type: string}",
      "random:x: {value: }",
    ]) {
      const common = `config:\n  azure-native:location: westeurope\n  ${line}\n`;
      const theirs = await read(goodFile.replace(/encryptionsalt: .*\n/, ""), common);
      const isRefused = checkTenant(root, "acme").some(({ message }) =>
        /makes Pulumi refuse every tenant/.test(message),
      );
      assert.equal(isRefused, theirs === undefined, line);
    }
    const emptied = `${goodFile.replace(/encryptionsalt: .*\n/, "")}  quantemplate:alertEmail:\n`;
    assert.equal((await read(emptied))?.["quantemplate:alertEmail"]?.value, "");
    assert.equal(flatConfig(readTenant(root, "acme"))["quantemplate:alertEmail"], "");
    for (const number of [".inf", "-.INF", ".nan"]) {
      assert.equal(await read(`config:\n  azure-native:x: {v: ${number}}\n`), undefined, number);
      assert.ok(
        checkTenant(root, "acme").some(({ message }) => /refuses the whole file/.test(message)),
        number,
      );
    }
  });
});

import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { goodFile, projectFolder } from "../commands/tenant/testing/project-folder";
import { skip } from "../packages/kit/testing/skip";
import { checkStrayFiles, checkTenant, mistakeLine } from "./check";
import { nearest } from "./fix";
import { sharedIdentities } from "./shared-identity";
import { readTenant } from "./tenant";

describe("Checking a tenant's file", () => {
  const project = projectFolder();
  const check = (file: string, common?: string) =>
    checkTenant(project({ "Pulumi.acme.yaml": file }, common), "acme").map(mistakeLine);

  const onlyInEmulator = (file: string, value = "true") =>
    file.replace("config:\n", `config:\n  quantemplate:emulatorOnly: ${value}\n`);

  it("finds no mistake in a valid file", () => {
    assert.deepEqual(check(goodFile), []);
  });

  it("reports every mistake at once, with key, line, column and fix", () => {
    const file = `confg: {}
config:
  quantemplate:organisationId: "c acme"
  quantemplate:clientSecret: in-plain-text
  quantemplat:protect: true
  quantemplate:datsets: []
  quantemplate:protect: maybe
  quantemplate:webhookExpiry: 2027-12-31
  quantemplate:datasets:
    - id: d-1
      table: premium
      guard: {maxShrinkPercent: 30}
    - id: d-1
      table: Premium
      types:
        Sum Insured: {type: money}
  quantemplate:sql: {capacity: many}
  quantemplate:sqlAdmin: {login: DBAs}
`;
    assert.deepEqual(check(file), [
      "Pulumi.acme.yaml:1:1 confg is not part of a stack file; check its spelling. Known keys: config, environment, secretsprovider, encryptedkey, encryptionsalt.",
      "Pulumi.acme.yaml:2:1 quantemplate:clientId expects the id of a Quantemplate API client, without a blank. Add quantemplate:clientId: the id of a Quantemplate API client, without a blank. In Pulumi.yaml it applies to every tenant.",
      "Pulumi.acme.yaml:3:3 quantemplate:organisationId expects the organisation's id in Quantemplate: letters, digits, dots, hyphens and underscores, a letter or digit first. Write the organisation's id in Quantemplate: letters, digits, dots, hyphens and underscores, a letter or digit first.",
      "Pulumi.acme.yaml:4:3 quantemplate:clientSecret is in plain text here. Have Quantemplate issue another secret, and run: pulumi config set --secret quantemplate:clientSecret -s acme",
      "Pulumi.acme.yaml:5:3 quantemplat:protect is in a namespace that nothing here reads. Known namespaces: quantemplate, azure-native, random, pulumi.",
      "Pulumi.acme.yaml:6:3 quantemplate:datsets is not a setting; check its spelling. Write datasets.",
      "Pulumi.acme.yaml:7:3 quantemplate:protect expects true or false. Write true or false.",
      'Pulumi.acme.yaml:8:31 quantemplate:webhookExpiry expects quotes, because Pulumi reads it as 2027-12-31 00:00:00 +0000 UTC. Write "2027-12-31", with the quotes.',
      "Pulumi.acme.yaml:12:7 quantemplate:datasets[0].guard (dataset d-1) is not a setting; check its spelling. Write guards.",
      'Pulumi.acme.yaml:13:7 quantemplate:datasets[1].id expects a unique id; "d-1" is already used. Give one of the two another name, or remove it.',
      'Pulumi.acme.yaml:14:7 quantemplate:datasets[1].table (dataset d-1) expects a unique table; "premium" and "Premium" are both premium. Give one of the two another name, or remove it.',
      'Pulumi.acme.yaml:16:23 quantemplate:datasets[1].types["Sum Insured"].type (dataset d-1) expects text, int, bigint, decimal(p,s) with p up to 38, float, bit, date or datetime2. Write text, int, bigint, decimal(p,s) with p up to 38, float, bit, date or datetime2.',
      "Pulumi.acme.yaml:17:22 quantemplate:sql.capacity expects a number of vCores from 1 to 80. Write a number of vCores from 1 to 80.",
      "Pulumi.acme.yaml:18:3 quantemplate:sqlAdmin.objectId expects a GUID. Add quantemplate:sqlAdmin.objectId: a GUID. In Pulumi.yaml it applies to every tenant.",
    ]);
  });

  it("needs an administrator of the database, unless only the emulator has the tenant", () => {
    const without = goodFile.replace(/ {2}quantemplate:sqlAdmin.*\n/, "");
    assert.deepEqual(check(without), [
      "Pulumi.acme.yaml:2:1 quantemplate:sqlAdmin expects the Entra group that everybody who deploys is in, as {login: <its name>, objectId: <its object id>}. Add quantemplate:sqlAdmin: the Entra group that everybody who deploys is in, as {login: <its name>, objectId: <its object id>}. In Pulumi.yaml it applies to every tenant.",
    ]);
    assert.deepEqual(check(onlyInEmulator(without)), []);
  });

  it("never repeats a secret that is in plain text or in broken YAML", () => {
    for (const line of [
      "  quantemplate:clientSecret: hunter2-marker\n",
      '  quantemplate:clientSecret: "hunter2-marker\n',
      "  quantemplate:clientSecret: `hunter2-marker`\n",
      "  quantemplate:clientSecret: {secure: hunter2-marker, x: [}\n",
      "  quantemplate:clientSecret: |hunter2-marker\n",
      "  quantemplate:clientSecret: *hunter2-marker\n",
      "  quantemplate:clientSecret: !hunter2-marker x\n",
      '  quantemplate:clientSecret: "\\\\hunter2-marker"\n',
      '  quantemplate:clientSecret: "\\hunter2-marker"\n',
    ]) {
      const found = check(`config:\n${line}`);
      assert.ok(found.length > 0, line);
      assert.ok(!/hun|marker/.test(found.join("\n")), found.join("\n"));
    }
  });

  it("reports every secret in plain text, found by the setting's name, at any depth", () => {
    const file = goodFile
      .replace("table: claims", "table: claims\n      types: {Token: {type: int}}")
      .concat(
        "  azure-native:clientSecret: hunter2-marker\n  azure-native:clientCertificatePassword: 012345\n",
        "  azure-native:oidcToken: {secure: v1:x}\n  pulumi:x: {apiKeys: [{secure: v1:x}, hunter2-marker]}\n",
      );
    const common = "config:\n  azure-native:location: westeurope\n  random:access_token: hunter2-marker\n";
    assert.deepEqual(check(file, common), [
      "Pulumi.acme.yaml:18:3 azure-native:clientSecret is in plain text here. Have another one issued, and run: pulumi config set --secret azure-native:clientSecret -s acme",
      "Pulumi.acme.yaml:19:3 azure-native:clientCertificatePassword is in plain text here. Have another one issued, and run: pulumi config set --secret azure-native:clientCertificatePassword -s acme",
      "Pulumi.acme.yaml:21:40 pulumi:x.apiKeys[1] is in plain text here. Have another one issued, and run: pulumi config set --path --secret 'pulumi:x.apiKeys[1]' -s acme",
      "Pulumi.yaml:5:3 random:access_token is in plain text here. Have another one issued, remove it here, and run for each tenant: pulumi config set --secret random:access_token -s <tenant>",
    ]);
  });

  it("takes names that are for a secret, and columns of headers that sound like one", () => {
    const file = goodFile
      .replace("table: claims", "table: claims\n      columns: {Token: token_of_claim}")
      .concat('  quantemplate:names: {vaultSecret: "secret-of-{tenant}"}\n');
    assert.deepEqual(check(file), []);
  });

  it("takes the secret of the runbook's service principal as one encrypted value of the setting", () => {
    const ids =
      "clientId: 00000000-0000-0000-0000-0000000000c1, objectId: 00000000-0000-0000-0000-0000000000c2";
    const of = (credential: string) =>
      check(`${goodFile}  quantemplate:runbook: {credential: {${credential}}}\n`);
    assert.deepEqual(of(`${ids}, clientSecret: {secure: v1:x}`), []);
    const [plain = "", ...others] = of(`${ids}, clientSecret: hunter2-marker`);
    assert.deepEqual(others, []);
    assert.match(
      plain,
      /runbook\.credential\.clientSecret is in plain text here\..* config set --path --secret /,
    );
    assert.doesNotMatch(plain, /marker/);
    const [missing = ""] = of(ids);
    assert.match(missing, /runbook\.credential\.clientSecret expects .* --secret and --path/);
    assert.match(
      of(`${ids.replace("0c2", "")}, clientSecret: {secure: v1:x}`)[0] ?? "",
      /objectId expects a GUID/,
    );
  });

  it("reports a duplicate key, and checks the rest", () => {
    const found = check(`${goodFile}  quantemplate:clientId: other\n  quantemplate:network: closed\n`);
    assert.equal(found.length, 2, found.join("\n"));
    assert.match(found[0] ?? "", /^Pulumi\.acme\.yaml:17:3 this key appears twice\. Keep one of the two\.$/);
    assert.match(found[1] ?? "", /^Pulumi\.acme\.yaml:18:3 quantemplate:network expects public/);
  });

  it("reports only where the YAML breaks, not that the rest is missing", () => {
    assert.deepEqual(check("config:\n  quantemplate:datasets: [a, b\n  x: }\n"), [
      "Pulumi.acme.yaml:3:3 is not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]. Correct the YAML; it breaks here.",
    ]);
  });

  it("reports each tab in the indentation, but not the errors that follow from it", () => {
    const tabs = "is not valid YAML: Tabs are not allowed as indentation. Replace the tab with spaces.";
    assert.deepEqual(check("config:\n  a: 1\n\tb: 2\n  c: 3\n\td: 4\n"), [
      `Pulumi.acme.yaml:3:1 ${tabs}`,
      `Pulumi.acme.yaml:5:1 ${tabs}`,
    ]);
  });

  it("reports a file that is not a mapping, or not in UTF-8", () => {
    const mapping =
      "Pulumi.acme.yaml:1:1 the file is not a mapping, so it holds no settings. Write config: and the settings below it.";
    assert.deepEqual(check("hello\n"), [mapping]);
    assert.deepEqual(check("- config\n"), [mapping]);
    assert.equal(check('"config: {}\n').length, 1);
    const root = project();
    for (const text of [
      Buffer.from(`\uFEFF${goodFile}`, "utf16le"),
      Buffer.from(goodFile, "utf16le"),
      Buffer.from([0xc3, 0x28]),
    ]) {
      writeFileSync(join(root, "Pulumi.acme.yaml"), text);
      assert.deepEqual(checkTenant(root, "acme").map(mistakeLine), [
        "Pulumi.acme.yaml:1:1 the file is not UTF-8. Save it in that encoding.",
      ]);
    }
    for (const empty of ["", "# nothing yet\n", "~\n"]) assert.match(check(empty)[0] ?? "", /expects/, empty);
  });

  it("reports a second document, and checks the first", () => {
    assert.deepEqual(check(`${goodFile}  quantemplate:protect: maybe\n---\nconfig: {}\n`), [
      "Pulumi.acme.yaml:17:3 quantemplate:protect expects true or false. Write true or false.",
      "Pulumi.acme.yaml:18:1 a second document begins here, which Pulumi does not read. Remove the line --- and what follows it, or merge the two documents.",
    ]);
  });

  it("refuses a list or an object if text is expected, and suggests quotes for a number or a truth value", () => {
    const file = goodFile
      .replace("clientId: acme-azure", "clientId: [a, b]")
      .replace("ring: canary", "ring: 1, live: true")
      .concat("  quantemplate:deploymentSalt: [1]\n");
    assert.deepEqual(
      check(file).map((line) => line.replace(/^\S+ /, "")),
      [
        "quantemplate:clientId expects the id of a Quantemplate API client, without a blank. Write the id of a Quantemplate API client, without a blank.",
        'quantemplate:tags.ring expects text. Write "1", with the quotes.',
        'quantemplate:tags.live expects text. Write "true", with the quotes.',
        "quantemplate:deploymentSalt expects text. Write text.",
      ],
    );
  });

  describe("if Pulumi reads something other than what is written", () => {
    const found = (line: string) => check(`${goodFile}  ${line}\n`).map((text) => text.replace(/^\S+ /, ""));

    for (const [line, message] of [
      [
        "quantemplate:deploymentSalt: 0123",
        'quantemplate:deploymentSalt expects quotes, because Pulumi reads it as 83. Write "0123", with the quotes, or 83.',
      ],
      [
        "quantemplate:deploymentSalt: 1.50",
        'quantemplate:deploymentSalt expects quotes, because Pulumi reads it as 1.5. Write "1.50", with the quotes, or 1.5.',
      ],
      [
        "quantemplate:sql: {capacity: 010}",
        'quantemplate:sql.capacity expects quotes, because Pulumi reads it as 8. Write "010", with the quotes, or 8.',
      ],
      [
        "quantemplate:function: {nodeVersion: 1_000}",
        'quantemplate:function.nodeVersion expects quotes, because Pulumi reads it as 1000. Write "1_000", with the quotes, or 1000.',
      ],
      [
        "quantemplate:function: {maximumInstances: 0b11}",
        'quantemplate:function.maximumInstances expects quotes, because Pulumi reads it as 3. Write "0b11", with the quotes, or 3.',
      ],
      [
        "azure-native:x: {v: .inf}",
        'azure-native:x.v expects quotes, because Pulumi refuses the whole file for it. Write ".inf", with the quotes.',
      ],
      [
        "azure-native:subscriptionId: {017: x}",
        'azure-native:subscriptionId.15 expects quotes, because Pulumi reads it as 15. Write "017", with the quotes.',
      ],
      [
        "azure-native:x: {v: 12345678901234567890}",
        'azure-native:x.v expects quotes, because a number this large would lose digits. Write "12345678901234567890", with the quotes.',
      ],
      [
        "quantemplate:alertEmail:",
        "quantemplate:alertEmail expects a mail address. Write a value, or remove the key: Pulumi reads a key without a value as empty text.",
      ],
    ] as const) {
      it(`reports ${line}`, () => assert.equal(found(line)[0], message));
    }

    it("accepts what both read alike", () => {
      for (const value of [
        "yes",
        "12:30",
        "1.2.3",
        "c-1_000",
        "007x",
        '"0123"',
        "'1_000'",
        "!!str 0123",
        "True",
        "83",
        "12345678901234567890",
      ]) {
        assert.deepEqual(found(`quantemplate:deploymentSalt: ${value}`), [], value);
      }
      assert.deepEqual(found("quantemplate:sql: {minCapacity: 1.50, capacity: 2.0}"), []);
    });

    it("merges as Pulumi does: the mapping's own keys win, then the earlier of the merged mappings", () => {
      const file = goodFile
        .replace("tags:", "tags: &a")
        .concat(
          "  azure-native:x: &b {ring: b, owner: y}\n  quantemplate:sqlAdmin: &c {login: n}\n",
          "  azure-native:y: {<<: [*a, *b], own: z}\n",
        );
      const { settings, places } = readTenant(project({ "Pulumi.acme.yaml": file }), "acme");
      assert.deepEqual(settings.get("azure-native:y"), { own: "z", ring: "canary", owner: "y" });
      assert.equal(places.nearest(["azure-native:y", "owner"])?.line, 17);
      assert.deepEqual(found("azure-native:y: {<<: 3}"), [
        "<< merges a mapping or a list of mappings, and this is neither. Name a mapping, or use another key.",
      ]);
    });

    it("reports an alias inside the value that it names, and ends", () => {
      assert.deepEqual(found("azure-native:x: &x {y: [*x]}"), [
        "this alias is inside the value that it names. Write the value itself.",
      ]);
    });
  });

  describe("in the common settings", () => {
    const refused = "is written in a form that makes Pulumi refuse every tenant";
    for (const [line, fix] of [
      ["quantemplate:tags: {owner: platform}", "default"],
      ["tags: {owner: platform, default: {}}", "default"],
      ["quantemplate:tags.owner: 1.5", "default"],
      ["quantemplate:alertEmail:", "default"],
      ["quantemplate:sql: {default: {capacity: 1}, value: {capacity: 2}}", "default"],
      ["random:x: {default: y}", "value"],
      ["random:x: {value: y, type: string}", "value"],
      ["random:x: {value: }", "value"],
    ] as const) {
      it(`reports that Pulumi refuses ${line}`, () => {
        const [found, ...more] = check(goodFile, `config:\n  azure-native:location: westeurope\n  ${line}\n`);
        assert.deepEqual(more, []);
        assert.ok(found?.startsWith("Pulumi.yaml:5:3 ") && found.includes(refused), found);
        assert.ok(found?.endsWith(` or {${fix}: …} around anything else.`), found);
      });
    }

    it("accepts what Pulumi takes", () => {
      for (const line of [
        "quantemplate:tags.owner: platform",
        "quantemplate:sql: {default: {capacity: 1}, description: size}",
        "quantemplate:network: {value: public}",
        "quantemplate:protect: {type: boolean, default: true}",
        "quantemplate:alertEmail: {type: string, default: }",
        "quantemplate:sql: {}",
        "random:x: {value: {y: 1.5}, secret: false}",
      ]) {
        assert.deepEqual(
          check(goodFile, `config:\n  azure-native:location: westeurope\n  ${line}\n`),
          [],
          line,
        );
      }
    });
  });

  it("names Pulumi.yaml if the mistake is common to all tenants", () => {
    const found = check(goodFile, "config:\n  azure-native:location: West Europe\n");
    assert.match(found.join("\n"), /^Pulumi\.yaml:4:3 azure-native:location expects a region/);
  });

  it("takes names of the tenant's own, and refuses what Azure would, or what would name every tenant's alike", () => {
    const own = `${goodFile}  quantemplate:names: {keyVault: "kv-claims-{region}-prod", dataFactory: "adf-{tenant}-p01"}\n`;
    const [found, ...others] = check(own);
    assert.match(
      String(found),
      /^Pulumi\.acme\.yaml:17:24 quantemplate:names\.keyVault expects another pattern: kv-claims-westeurope-prod has 25 characters, and may have 24\./,
    );
    assert.deepEqual(others, []);
    const common =
      'config:\n  names: {default: {resourceGroup: "rg-claims", keyVault: "kv-{tenant}"}}\n  azure-native:location: westeurope\n';
    assert.deepEqual(check(goodFile, common), [
      "Pulumi.yaml:4:21 quantemplate:names.resourceGroup gives every tenant the same name. Write {tenant} or {suffix} into it.",
    ]);
  });

  it("warns of a missing secret, and says what to run", () => {
    const found = check(goodFile.replace(/ {2}quantemplate:clientSecret:\n.*\n/, ""));
    assert.deepEqual(found, [
      "Pulumi.acme.yaml:2:1 warning: quantemplate:clientSecret expects the API client's secret, set with --secret. Run: pulumi config set --secret quantemplate:clientSecret -s acme. Only the emulator works without it.",
    ]);
  });

  it("does not warn of a missing secret if only the emulator has the tenant", () => {
    const without = goodFile.replace(/ {2}quantemplate:clientSecret:\n.*\n/, "");
    assert.deepEqual(check(onlyInEmulator(without)), []);
    assert.equal(check(onlyInEmulator(without, "false")).length, 1);
    const dev = checkTenant(join(__dirname, ".."), "dev");
    assert.deepEqual(dev.map(mistakeLine), []);
  });

  it("warns once for each group of tenants that share an organisation or a client", () => {
    const of = (organisation: string, client: string) =>
      goodFile.replace("c-acme", organisation).replace("acme-azure", client);
    const root = project({
      "Pulumi.a.yaml": of("one", "client-1"),
      "Pulumi.b.yaml": of("one", "client-1"),
      "Pulumi.c.yaml": of("two", "client-1"),
      "Pulumi.d.yaml": of("one", "client-4"),
      "Pulumi.e.yaml": of("{secure: v1:x}", "client-5"),
      "Pulumi.f.yaml": of("{secure: v1:x}", "client-6"),
    });
    const found = (about?: string) =>
      sharedIdentities(root, about).map(({ tenant, mistake }) => `${tenant} ${mistakeLine(mistake)}`);
    const client =
      "the emulator refuses a client of two organisations. Write the id of the tenant's own API client.";
    const organisation =
      "in the emulator, the tenant that is deployed later takes events and login from the other. Write the tenant's own, unless both are meant to take this organisation's datasets.";
    assert.deepEqual(found(), [
      `b Pulumi.b.yaml:3:3 warning: quantemplate:organisationId is also that of a and d: ${organisation}`,
      `b Pulumi.b.yaml:4:3 warning: quantemplate:clientId is also that of a and c: ${client}`,
    ]);
    assert.deepEqual(found("c"), [
      `c Pulumi.c.yaml:4:3 warning: quantemplate:clientId is also that of a and b: ${client}`,
    ]);
    assert.deepEqual(found("e"), []);
  });

  it("warns of a passphrase only if other tenants have a key, and says how to change it", () => {
    const key = "azurekeyvault://vault.vault.azure.net/keys/stacks";
    const withKey = goodFile.replace(/encryptionsalt: .*/, `secretsprovider: ${key}\nencryptedkey: abc`);
    const found = (others: Readonly<Record<string, string>>) =>
      checkTenant(project({ "Pulumi.acme.yaml": goodFile, ...others }), "acme").map(mistakeLine);
    assert.deepEqual(found({ "Pulumi.beta.yaml": goodFile }), []);
    assert.deepEqual(found({ "Pulumi.beta.yaml": withKey }), [
      `Pulumi.acme.yaml:1:1 warning: encryptionsalt says that a passphrase encrypts the secrets, but beta has a key that needs no passphrase. Run: pulumi stack change-secrets-provider "${key}" -s acme`,
    ]);
    const versioned = withKey.replace(key, `${key}/0123456789abcdef`);
    assert.deepEqual(check(versioned), []);
  });

  it("warns of a key without its version, and says how to name it", () => {
    const key = "azurekeyvault://vault.vault.azure.net/keys/stacks";
    const of = (provider: string) =>
      check(goodFile.replace(/encryptionsalt: .*/, `secretsprovider: ${provider}\nencryptedkey: abc`));
    assert.deepEqual(of(key), [
      `Pulumi.acme.yaml:1:1 warning: secretsprovider names a key without its version: once the key rotates, nothing decrypts the stack's secrets. Run, with its present version: npm run tenant -- rotate-key ${key}/<version> --tenant acme`,
    ]);
    for (const sound of [`${key}/0123456789abcdef`, "awskms://alias/stacks?region=eu-west-1", "passphrase"])
      assert.deepEqual(of(sound), [], sound);
  });

  it("leaves encrypted settings, and those from an environment, to the program", () => {
    const encrypted = goodFile.replace("organisationId: c-acme", "organisationId: {secure: v1:x}");
    assert.deepEqual(check(encrypted), []);
    assert.deepEqual(
      check("environment: [quantemplate/common]\nconfig:\n  quantemplate:protect: false\n"),
      [],
    );
  });

  it("reports files that every command ignores", () => {
    const long = "a".repeat(101);
    const root = project({
      "Pulumi.acme.yaml": goodFile,
      "Pulumi.acme.prod.yaml": goodFile,
      "Pulumi.-x.yaml": "",
      [`Pulumi.${long}.yaml`]: "",
    });
    const strays = checkStrayFiles(root);
    assert.deepEqual(
      strays.map(({ tenant }) => tenant),
      ["-x", long, "acme.prod"],
    );
    assert.match(
      strays[2]?.mistakes.map(mistakeLine).join() ?? "",
      /^Pulumi\.acme\.prod\.yaml:1:1 is ignored by every command: .* Rename .* pulumi stack rename <name> -s acme\.prod\./,
    );
    assert.deepEqual(checkTenant(root, "acme"), []);
  });

  it("reports two files that a case-insensitive file system takes for one", function () {
    const root = project({ "Pulumi.acme.yaml": goodFile, "Pulumi.Acme.yaml": goodFile });
    if (readdirSync(root).length < 3) {
      skip(this, "this file system is case-insensitive");
    }
    assert.match(
      checkTenant(root, "Acme").map(mistakeLine).join(),
      /^Pulumi\.Acme\.yaml:1:1 differs from Pulumi\.acme\.yaml in capitals only/,
    );
  });

  it("suggests a name only if it is close", () => {
    assert.equal(nearest("organizationId", ["organisationId", "clientId"]), "organisationId");
    assert.equal(nearest("tabel", ["id", "table", "types"]), "table");
    assert.equal(nearest("tpyes", ["id", "table", "types"]), "types");
    assert.equal(nearest("colour", ["organisationId", "tags"]), undefined);
  });
});

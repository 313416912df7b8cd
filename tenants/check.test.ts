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

  it("finds nothing in a good one", () => {
    assert.deepEqual(check(goodFile), []);
  });

  it("tells every mistake at once, with key, line, column and fix", () => {
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
`;
    assert.deepEqual(check(file), [
      "Pulumi.acme.yaml:1:1 confg is no part of a stack file; check its spelling. Known there are: config, environment, secretsprovider, encryptedkey, encryptionsalt.",
      "Pulumi.acme.yaml:2:1 quantemplate:clientId expects the id of a Quantemplate API client, without a blank. Add quantemplate:clientId: the id of a Quantemplate API client, without a blank. In Pulumi.yaml it is for every tenant.",
      "Pulumi.acme.yaml:3:3 quantemplate:organisationId expects the organisation's id in Quantemplate: letters, digits, dots, hyphens and underscores, a letter or digit first. Write the organisation's id in Quantemplate: letters, digits, dots, hyphens and underscores, a letter or digit first.",
      "Pulumi.acme.yaml:4:3 quantemplate:clientSecret stands here in plain text. Have Quantemplate issue another secret, and run: pulumi config set --secret quantemplate:clientSecret -s acme",
      "Pulumi.acme.yaml:5:3 quantemplat:protect is in a namespace that nothing here reads. Known are: quantemplate, azure-native, random, pulumi.",
      "Pulumi.acme.yaml:6:3 quantemplate:datsets is no setting; check its spelling. Write datasets.",
      "Pulumi.acme.yaml:7:3 quantemplate:protect expects true or false. Write true or false.",
      'Pulumi.acme.yaml:8:31 quantemplate:webhookExpiry expects quotes, because Pulumi reads it as 2027-12-31 00:00:00 +0000 UTC. Write "2027-12-31", with the quotes.',
      "Pulumi.acme.yaml:12:7 quantemplate:datasets[0].guard (dataset d-1) is no setting; check its spelling. Write guards.",
      'Pulumi.acme.yaml:13:7 quantemplate:datasets[1].id expects an id of its own; "d-1" is there already. Give one of the two another name, or remove it.',
      'Pulumi.acme.yaml:14:7 quantemplate:datasets[1].table (dataset d-1) expects a table of its own; "premium" and "Premium" are both premium. Give one of the two another name, or remove it.',
      'Pulumi.acme.yaml:16:23 quantemplate:datasets[1].types["Sum Insured"].type (dataset d-1) expects text, int, bigint, decimal(p,s) with p up to 38, float, bit, date or datetime2. Write text, int, bigint, decimal(p,s) with p up to 38, float, bit, date or datetime2.',
      "Pulumi.acme.yaml:17:22 quantemplate:sql.capacity expects a number of vCores from 1 to 80. Write a number of vCores from 1 to 80.",
    ]);
  });

  it("never repeats a secret that stands in plain text or in broken YAML", () => {
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

  it("tells of every secret in plain text by its name, wherever it stands", () => {
    const file = goodFile
      .replace("table: claims", "table: claims\n      types: {Token: {type: int}}")
      .concat(
        "  azure-native:clientSecret: hunter2-marker\n  azure-native:clientCertificatePassword: 012345\n",
        "  azure-native:oidcToken: {secure: v1:x}\n  pulumi:x: {apiKeys: [{secure: v1:x}, hunter2-marker]}\n",
      );
    const common = "config:\n  azure-native:location: westeurope\n  random:access_token: hunter2-marker\n";
    assert.deepEqual(check(file, common), [
      "Pulumi.acme.yaml:18:3 azure-native:clientSecret stands here in plain text. Have another one issued, and run: pulumi config set --secret azure-native:clientSecret -s acme",
      "Pulumi.acme.yaml:19:3 azure-native:clientCertificatePassword stands here in plain text. Have another one issued, and run: pulumi config set --secret azure-native:clientCertificatePassword -s acme",
      "Pulumi.acme.yaml:21:40 pulumi:x.apiKeys[1] stands here in plain text. Have another one issued, and run: pulumi config set --path --secret 'pulumi:x.apiKeys[1]' -s acme",
      "Pulumi.yaml:5:3 random:access_token stands here in plain text. Have another one issued, remove it here, and run for each tenant: pulumi config set --secret random:access_token -s <tenant>",
    ]);
  });

  it("tells a key that stands twice, and goes on with the rest", () => {
    const found = check(`${goodFile}  quantemplate:clientId: other\n  quantemplate:network: private\n`);
    assert.equal(found.length, 2, found.join("\n"));
    assert.match(
      found[0] ?? "",
      /^Pulumi\.acme\.yaml:17:3 this key stands here twice\. Keep one of the two\.$/,
    );
    assert.match(found[1] ?? "", /^Pulumi\.acme\.yaml:18:3 quantemplate:network expects public/);
  });

  it("tells only where the YAML breaks, and not that the rest is missing", () => {
    assert.deepEqual(check("config:\n  quantemplate:datasets: [a, b\n  x: }\n"), [
      "Pulumi.acme.yaml:3:3 is no YAML: Flow sequence in block collection must be sufficiently indented and end with a ]. Correct the YAML; it breaks here.",
    ]);
  });

  it("tells of each tab in the indentation, and not what follows from it", () => {
    const tabs = "is no YAML: Tabs are not allowed as indentation. Write blanks for the tab.";
    assert.deepEqual(check("config:\n  a: 1\n\tb: 2\n  c: 3\n\td: 4\n"), [
      `Pulumi.acme.yaml:3:1 ${tabs}`,
      `Pulumi.acme.yaml:5:1 ${tabs}`,
    ]);
  });

  it("says what is no mapping, or in no encoding that the commands read, as that", () => {
    const mapping =
      "Pulumi.acme.yaml:1:1 the file is no mapping, which is what holds settings. Write config: and the settings below it.";
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

  it("tells of a second document, and checks the first", () => {
    assert.deepEqual(check(`${goodFile}  quantemplate:protect: maybe\n---\nconfig: {}\n`), [
      "Pulumi.acme.yaml:17:3 quantemplate:protect expects true or false. Write true or false.",
      "Pulumi.acme.yaml:18:1 a second document begins here, which Pulumi does not read. Remove the line --- and what is behind it, or bring both together.",
    ]);
  });

  it("refuses a list or an object where a text is wanted, and text of another type with quotes at hand", () => {
    const file = goodFile
      .replace("clientId: acme-azure", "clientId: [a, b]")
      .replace("ring: canary", "ring: 1\n    live: true")
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

  describe("where Pulumi reads otherwise than is written", () => {
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
        "quantemplate:sqlAdmin: {login: 1_000, objectId: 123e4567-e89b-42d3-a456-426614174000, principalType: User}",
        'quantemplate:sqlAdmin.login expects quotes, because Pulumi reads it as 1000. Write "1_000", with the quotes, or 1000.',
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
        'azure-native:x.v expects quotes, because such a number is not exact. Write "12345678901234567890", with the quotes.',
      ],
      [
        "quantemplate:alertEmail:",
        "quantemplate:alertEmail expects a mail address. Write it, or remove the key: to Pulumi a key without a value has an empty text.",
      ],
    ] as const) {
      it(`tells of ${line}`, () => assert.equal(found(line)[0], message));
    }

    it("tells nothing of what both read alike", () => {
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

    it("merges as Pulumi does: what is written beside it, and earlier ones, come first", () => {
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
        "<< merges a mapping or a list of them, and here is something else. Name a mapping, or put another key there.",
      ]);
    });

    it("ends where an alias stands within what it names", () => {
      assert.deepEqual(found("azure-native:x: &x {y: [*x]}"), [
        "this alias stands within what it names. Write the value itself.",
      ]);
    });
  });

  describe("of the common settings", () => {
    const refused = "is written here in a way for which Pulumi refuses every tenant";
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
      it(`tells that Pulumi refuses ${line}`, () => {
        const [found, ...more] = check(goodFile, `config:\n  azure-native:location: westeurope\n  ${line}\n`);
        assert.deepEqual(more, []);
        assert.ok(found?.startsWith("Pulumi.yaml:5:3 ") && found.includes(refused), found);
        assert.ok(found?.endsWith(` or {${fix}: …} around anything else.`), found);
      });
    }

    it("tells nothing of what Pulumi takes", () => {
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

  it("names Pulumi.yaml where the mistake is common to all tenants", () => {
    const found = check(goodFile, "config:\n  azure-native:location: West Europe\n");
    assert.match(found.join("\n"), /^Pulumi\.yaml:4:3 azure-native:location expects a region/);
  });

  it("warns of a secret that is missing, and says what to run", () => {
    const found = check(goodFile.replace(/ {2}quantemplate:clientSecret:\n.*\n/, ""));
    assert.deepEqual(found, [
      "Pulumi.acme.yaml:2:1 warning: quantemplate:clientSecret expects the API client's secret, set with --secret. Run: pulumi config set --secret quantemplate:clientSecret -s acme. Only the emulator does without it.",
    ]);
  });

  it("warns of no missing secret where the file says why there is none", () => {
    const without = goodFile.replace(/ {2}quantemplate:clientSecret:\n.*\n/, "");
    assert.deepEqual(check(`# no secret: the emulator gives its own\n${without}`), []);
    assert.equal(check(`# no secret:\n${without}`).length, 1);
    const dev = checkTenant(join(__dirname, ".."), "dev");
    assert.deepEqual(dev.map(mistakeLine), []);
  });

  it("warns of an organisation and a client that another tenant has, once a group", () => {
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
      "in the emulator the one deployed later takes events and login from the other. Write the tenant's own, unless both are meant to take this organisation's datasets.";
    assert.deepEqual(found(), [
      `b Pulumi.b.yaml:3:3 warning: quantemplate:organisationId is that of a and d too: ${organisation}`,
      `b Pulumi.b.yaml:4:3 warning: quantemplate:clientId is that of a and c too: ${client}`,
    ]);
    assert.deepEqual(found("c"), [
      `c Pulumi.c.yaml:4:3 warning: quantemplate:clientId is that of a and b too: ${client}`,
    ]);
    assert.deepEqual(found("e"), []);
  });

  it("warns of a passphrase only where other tenants have a key, and says how to change it", () => {
    const key = "azurekeyvault://vault.vault.azure.net/keys/stacks";
    const withKey = goodFile.replace(/encryptionsalt: .*/, `secretsprovider: ${key}\nencryptedkey: abc`);
    const found = (others: Readonly<Record<string, string>>) =>
      checkTenant(project({ "Pulumi.acme.yaml": goodFile, ...others }), "acme").map(mistakeLine);
    assert.deepEqual(found({ "Pulumi.beta.yaml": goodFile }), []);
    assert.deepEqual(found({ "Pulumi.beta.yaml": withKey }), [
      `Pulumi.acme.yaml:1:1 warning: encryptionsalt says that a passphrase encrypts the secrets, where those of beta have a key that needs none. Run: pulumi stack change-secrets-provider "${key}" -s acme`,
    ]);
    assert.deepEqual(check(withKey), []);
  });

  it("leaves what is encrypted, or comes from an environment, to the program", () => {
    const encrypted = goodFile.replace("organisationId: c-acme", "organisationId: {secure: v1:x}");
    assert.deepEqual(check(encrypted), []);
    assert.deepEqual(
      check("environment: [quantemplate/common]\nconfig:\n  quantemplate:protect: false\n"),
      [],
    );
  });

  it("tells of files that every command leaves out", () => {
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
      /^Pulumi\.acme\.prod\.yaml:1:1 is left out by every command: .* Rename .* pulumi stack rename <name> -s acme\.prod\./,
    );
    assert.deepEqual(checkTenant(root, "acme"), []);
  });

  it("tells of two files that are one where capitals do not count", function () {
    const root = project({ "Pulumi.acme.yaml": goodFile, "Pulumi.Acme.yaml": goodFile });
    if (readdirSync(root).length < 3) {
      skip(this, "this file system does not tell capitals apart");
    }
    assert.match(
      checkTenant(root, "Acme").map(mistakeLine).join(),
      /^Pulumi\.Acme\.yaml:1:1 differs from Pulumi\.acme\.yaml in capitals only/,
    );
  });

  it("suggests a name only where it is near", () => {
    assert.equal(nearest("organizationId", ["organisationId", "clientId"]), "organisationId");
    assert.equal(nearest("tabel", ["id", "table", "types"]), "table");
    assert.equal(nearest("tpyes", ["id", "table", "types"]), "types");
    assert.equal(nearest("colour", ["organisationId", "tags"]), undefined);
  });
});

import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { QtError } from "../../errors/qt-error";
import { SQL_ADMIN_KEY } from "../../infra/config-check";
import { buildVersion, executable, installationRoot } from "../../packages/kit/find-pulumi";
import { withEnvironment } from "../../packages/kit/testing/with-environment";
import { checkTenant } from "../../tenants/check";
import { effectiveSettings } from "../../tenants/effective-settings";
import { PROVIDER_VARIABLE } from "../../tenants/secrets-provider";
import { readTenant } from "../../tenants/tenant";
import { composeFile, composeSettings, type TenantAnswers } from "./compose-file";
import { type NewTenantOptions, newTenant } from "./new-tenant";
import { parseDatasetFlag, type Question } from "./questions";
import { splitList } from "./quoted-list";
import { goodFile, projectFolder } from "./testing/project-folder";

const key = "azurekeyvault://vault.vault.azure.net/keys/stacks";

const beta: TenantAnswers = { organisationId: "c-beta", clientId: "beta-azure" };

const given: TenantAnswers = {
  organisationId: "c-acme",
  clientId: "acme-azure",
  datasets: [{ id: "d-1", table: "premium", keyColumns: ["Policy"] }],
};

describe("A new tenant", () => {
  const project = projectFolder();

  /** On a machine without a Pulumi CLI. */
  async function make(root: string, options: Partial<NewTenantOptions> = {}, environment = {}) {
    const machine = { HOME: root, USERPROFILE: root, PATH: "", [PROVIDER_VARIABLE]: "", ...environment };
    let made: Awaited<ReturnType<typeof newTenant>> | undefined;
    await withEnvironment(machine, async () => {
      made = await newTenant({ root, name: "acme", given, secret: false, ...options });
    });
    return made ?? assert.fail();
  }
  const code = (expected: string) => (error: unknown) => error instanceof QtError && error.code === expected;

  it("has a file without only the secret, and gets the commands to set it", async () => {
    const root = project();
    const made = await make(root, { secret: "marker-secret" });
    assert.equal(made.hasSecret, false);
    assert.match(made.reason ?? "", /no Pulumi CLI/);
    assert.deepEqual(made.next, [
      "Install the Pulumi CLI: https://www.pulumi.com/docs/install/",
      "pulumi stack init acme",
      "pulumi config set --secret quantemplate:clientSecret -s acme",
      'pulumi config set --path quantemplate:sqlAdmin.login "<group of the deployers>" -s acme',
      'pulumi config set --path quantemplate:sqlAdmin.objectId "<its object id>" -s acme',
      "pulumi up -s acme",
    ]);
    assert.deepEqual(
      checkTenant(root, "acme").map(({ key, isWarning }) => [key, isWarning]),
      [
        ["quantemplate:clientSecret", true],
        ["quantemplate:sqlAdmin", undefined],
      ],
    );
    assert.ok(!JSON.stringify(made).includes("marker"));
    assert.ok(!readFileSync(join(root, "Pulumi.acme.yaml"), "utf8").includes("marker"));
  });

  it("is not told to deploy with a CLI that has no language host", async () => {
    const root = project();
    const binary = join(installationRoot(buildVersion), "bin", executable).replace(homedir(), root);
    mkdirSync(dirname(binary), { recursive: true });
    writeFileSync(binary, "#!/bin/sh\n", { mode: 0o755 });
    const { next } = await make(root);
    assert.deepEqual(next.slice(-4), [
      "Install the Pulumi CLI: https://www.pulumi.com/docs/install/",
      'pulumi config set --path quantemplate:sqlAdmin.login "<group of the deployers>" -s acme',
      'pulumi config set --path quantemplate:sqlAdmin.objectId "<its object id>" -s acme',
      "pulumi up -s acme",
    ]);
    assert.match(next[0] ?? "", /\.pulumi.* stack init acme$/);
  });

  it("lists everything that is missing at once, and writes nothing", async () => {
    const root = project({}, "");
    await assert.rejects(make(root, { given: {} }), (error) => {
      assert.ok(error instanceof QtError && error.code === "QT9103");
      assert.match(error.message, /--organisation-id, --client-id, --location, --dataset\./);
      return true;
    });
    assert.deepEqual(readdirSync(root), ["Pulumi.yaml"]);
  });

  it("is refused with every mistake in the flags, before anything is written", async () => {
    const root = project();
    const datasets = [{ id: "d/1", table: "t" }];
    await assert.rejects(make(root, { given: { ...given, clientId: " ", datasets } }), (error) => {
      assert.ok(error instanceof QtError && error.code === "QT9104");
      assert.match(error.message, /2 mistake.*clientId.*datasets\[0\]\.id/s);
      return true;
    });
    assert.deepEqual(readdirSync(root), ["Pulumi.yaml"]);
  });

  it("refuses a name that exists, and names that Azure would refuse", async () => {
    const root = project({ "Pulumi.acme.yaml": goodFile });
    await assert.rejects(make(root), code("QT9102"));
    // One file on macOS and Windows.
    await assert.rejects(make(root, { name: "Acme" }), (error) => {
      assert.ok(error instanceof QtError && error.code === "QT9102");
      assert.match(error.message, /tenant acme already exists: Pulumi\.acme\.yaml/);
      return true;
    });
    await assert.rejects(make(root, { name: "../acme" }), code("QT9101"));
    await assert.rejects(make(root, { name: "beta", from: "gamma" }), (error) => {
      assert.ok(error instanceof QtError && error.code === "QT9113");
      assert.match(error.message, /no tenant gamma; the tenants are: acme/);
      return true;
    });
  });

  it("copies another tenant's settings, but no secret, salt or comment", async () => {
    const file = goodFile
      .replace("encryptionsalt: v1:abc", "encryptionsalt: v1:marker-salt # marker-comment")
      .replace("ciphertext", "marker-cipher")
      .replace("table: claims", "table: claims\n      keyColumns: [{secure: v1:marker-nested}]");
    const root = project({ "Pulumi.acme.yaml": `${file}  quantemplate:protect: false\n` });
    await make(root, { name: "beta", from: "acme", given: beta });
    const text = readFileSync(join(root, "Pulumi.beta.yaml"), "utf8");
    assert.ok(!/marker|secret|secure|encryptionsalt/.test(text.split("\n").slice(1).join("\n")), text);
    const settings = new Map(effectiveSettings(root, "beta").map(({ key, value }) => [key, value]));
    assert.equal(settings.get("quantemplate:organisationId"), "c-beta");
    assert.equal(settings.get("quantemplate:clientId"), "beta-azure");
    assert.equal(settings.get("quantemplate:protect"), false);
    assert.equal(settings.get("quantemplate:datasets[0].guards.maxShrinkPercent"), 30);
  });

  it("copies only the other tenant's own settings, and leaves common settings common", async () => {
    const root = project(
      { "Pulumi.acme.yaml": goodFile },
      "config:\n  azure-native:location: westeurope\n  tags.owner: platform\n",
    );
    await make(root, { name: "beta", from: "acme", given: beta });
    const { own, settings } = readTenant(root, "beta");
    assert.deepEqual(own.get("quantemplate:tags"), { ring: "canary" });
    assert.deepEqual(settings.get("quantemplate:tags"), { ring: "canary", owner: "platform" });
    assert.ok(!own.has("azure-native:location"));
  });

  it("asks for settings that the other tenant has encrypted", async () => {
    const file = `${goodFile}  azure-native:location: {secure: v1:x}\n`;
    const root = project({ "Pulumi.acme.yaml": file }, "");
    await assert.rejects(make(root, { name: "beta", from: "acme", given: beta }), (error) => {
      assert.ok(error instanceof QtError && error.code === "QT9103");
      assert.match(error.message, /Missing: --location\./);
      return true;
    });
  });

  it("asks for its own organisation and API client instead of copying them", async () => {
    const root = project({ "Pulumi.acme.yaml": goodFile });
    await assert.rejects(make(root, { name: "beta", from: "acme", given: {} }), (error) => {
      assert.ok(error instanceof QtError && error.code === "QT9103");
      assert.match(error.message, /Missing: --organisation-id, --client-id\./);
      return true;
    });
    const asked: Question[] = [];
    const ask = async (question: Question) => {
      asked.push(question);
      return (
        { Organisation: "c-beta", "API client": "beta-azure" }[question.message] ?? question.initial ?? ""
      );
    };
    await make(root, { name: "beta", from: "acme", given: {}, ask });
    assert.deepEqual(
      asked.map(({ message, initial }) => [message, initial]),
      [
        ["Organisation", undefined],
        ["API client", undefined],
        ["Azure region", "westeurope"],
        ["Secrets provider", undefined],
      ],
    );
    assert.equal(readTenant(root, "beta").settings.get("quantemplate:clientId"), "beta-azure");
  });

  it("is refused before the first question for mistakes that no question corrects", async () => {
    const file = `${goodFile}  quantemplate:budget: {monthlyAmount: 1, startDate: "2027-01-01"}\n`;
    const root = project({ "Pulumi.acme.yaml": file });
    const ask = async () => assert.fail("asked");
    await assert.rejects(make(root, { name: "beta", from: "acme", given: {}, ask }), (error) => {
      assert.ok(error instanceof QtError && error.code === "QT9104");
      assert.match(error.message, /have 1 mistake:\n.*alertEmail/);
      return true;
    });
    await assert.rejects(make(root, { name: "beta", given: { clientId: "a b" }, ask }), code("QT9104"));
  });

  it("is never refused for an answer that a question accepted", async () => {
    const text = fc.oneof(
      // Few values, so that clashes are frequent.
      { arbitrary: fc.constantFrom("d-1", "d-2", "d-3", "premium", "Premium"), weight: 6 },
      fc.constantFrom(
        "d-1",
        "d-2",
        "D 1",
        "premium",
        "Premium",
        "pre_mium",
        "Line",
        "_id",
        "Line, LINE",
        '"a, b", c',
      ),
      fc.constantFrom(
        "_fivetran_x",
        "qt_row_id",
        "Line No, line_no",
        "",
        "_version",
        '"',
        "1bad name",
        "é",
        "?",
      ),
      fc.string({ unit: "grapheme", maxLength: 12 }),
    );
    const root = project();
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 8, maxLength: 40 }), async (answers) => {
        const left = [...answers];
        const ask = async ({ message, problem }: Question) => {
          if (message === "Secrets provider") return "";
          for (let answer = left.shift(); answer !== undefined; answer = left.shift()) {
            if (problem(answer) === undefined) return answer;
          }
          // Every question accepts one of these.
          const last = ["", "c-acme", "westeurope"].find((answer) => problem(answer) === undefined);
          return (
            last ?? Array.from({ length: 50 }, (_, i) => `t${i}`).find((it) => !problem(it)) ?? assert.fail()
          );
        };
        try {
          await make(root, { given: {}, ask });
          assert.deepEqual(
            checkTenant(root, "acme").filter(({ key, isWarning }) => !isWarning && key !== SQL_ADMIN_KEY),
            [],
          );
        } finally {
          rmSync(join(root, "Pulumi.acme.yaml"), { force: true });
        }
      }),
    );
  });

  it("does not copy a secret that is in plain text by mistake", async () => {
    const file = goodFile
      .replace("clientSecret:\n    secure: v1:ciphertext", "clientSecret: marker-plain")
      .replace("table: claims", "table: claims\n      types: {Token: {type: int}}")
      .concat(
        "  azure-native:clientSecret: marker-plain\n  azure-native:clientId: kept\n",
        "  pulumi:x: {db_password: marker-plain, apiKeys: [marker-plain, {secure: v1:marker}], y: kept}\n",
        '  pulumi:json: \'{"a":[{"sasToken":"marker-plain"}]}\'\n',
      );
    const root = project({ "Pulumi.acme.yaml": file });
    await make(root, { name: "beta", from: "acme", given: beta });
    assert.ok(!readFileSync(join(root, "Pulumi.beta.yaml"), "utf8").includes("marker"));
    const { own } = readTenant(root, "beta");
    assert.equal(own.get("azure-native:clientId"), "kept");
    assert.deepEqual(own.get("pulumi:x"), { apiKeys: [], y: "kept" });
    assert.deepEqual((own.get("quantemplate:datasets") as { types?: unknown }[])[1]?.types, {
      Token: { type: "int" },
    });
  });

  it("asks for missing settings, explains them, and leaves a common region common", async () => {
    const root = project();
    const answers = ["c-acme", "acme-azure", "westeurope", "d-1", "Premium", "Policy, Line", "", key];
    const questions: Question[] = [];
    const { next } = await make(root, {
      given: {},
      secret: undefined,
      ask: async (question) => {
        const answer = answers[questions.push(question) - 1] ?? assert.fail(question.message);
        assert.equal(question.problem(answer), undefined, question.message);
        assert.ok(question.explanation.length > 10, question.message);
        return answer;
      },
    });
    assert.equal(questions.length, answers.length);
    assert.equal(questions[2]?.initial, "westeurope");
    assert.match(questions[3]?.problem("d/1") ?? "", /^Expects a Quantemplate dataset id/);
    assert.equal(questions[6]?.problem("d-1"), 'Expects a unique id; "d-1" is already used');
    assert.match(questions[5]?.problem("Line No, line_no") ?? "", /^Expects a unique column/);
    assert.match(questions[5]?.problem('"Loss, gross') ?? "", /^Expects a closing quote/);
    assert.equal(questions[5]?.problem('"Loss, gross", Loss'), undefined);
    assert.equal(questions[4]?.becomes?.("Policy Reference"), "Becomes the table policy_reference");
    assert.equal(questions[4]?.becomes?.("policy"), undefined);
    assert.match(questions[7]?.problem("azurekeyvault:/v") ?? "", /^Expects azurekeyvault:\/\//);
    assert.equal(questions[7]?.problem(""), undefined);
    assert.equal(next[1], `pulumi stack init acme --secrets-provider "${key}"`);
    const { settings } = readTenant(root, "acme");
    assert.deepEqual(settings.get("quantemplate:datasets"), [
      { id: "d-1", table: "Premium", keyColumns: ["Policy", "Line"] },
    ]);
    assert.ok(!readFileSync(join(root, "Pulumi.acme.yaml"), "utf8").includes("westeurope"));
  });

  describe("has its secrets encrypted", () => {
    const withKey = (provider: string) => `secretsprovider: ${provider}\nencryptedkey: abc\nconfig: {}\n`;
    const init = async (root: string, options: Partial<NewTenantOptions> = {}, environment = {}) => {
      const { next, secretsProvider } = await make(root, { name: "new", ...options }, environment);
      const [, provider] =
        /^pulumi stack init new(?: --secrets-provider "?([^"]+)"?)?$/.exec(next[1] ?? "") ?? [];
      assert.equal(provider, secretsProvider, next[1]);
      return provider;
    };
    const other = key.replace("vault", "other");
    const two = {
      "Pulumi.acme.yaml": `${withKey(key)}${goodFile.slice(goodFile.indexOf("config"))}`.replace(
        "config: {}\n",
        "",
      ),
      "Pulumi.beta.yaml": withKey(`"${other}" # a separate vault`),
      "Pulumi.dev.yaml": "encryptionsalt: v1:x\nconfig: {}\n",
    };

    it("as Pulumi decides, if nothing else is configured", async () => {
      assert.equal(await init(project()), undefined);
      assert.equal(await init(project({ "Pulumi.dev.yaml": "encryptionsalt: v1:x\n" })), undefined);
    });

    it("by the given key, else by Pulumi's variable, else by the cloned tenant's key", async () => {
      const variable = { [PROVIDER_VARIABLE]: "awskms://alias/x?region=eu" };
      assert.equal(
        await init(project(two), { from: "acme", secretsProvider: "passphrase" }, variable),
        "passphrase",
      );
      assert.equal(await init(project(two), { from: "acme" }, variable), variable[PROVIDER_VARIABLE]);
      assert.equal(await init(project(two), { from: "acme" }), key);
    });

    it("by the key that all others share, and by none if they have several", async () => {
      const { "Pulumi.beta.yaml": _, ...one } = two;
      assert.equal(await init(project(one)), key);
      assert.equal(await init(project(two)), undefined);
    });

    it("by Pulumi's default if the suggested key is deleted on a terminal", async () => {
      const { "Pulumi.beta.yaml": _, ...one } = two;
      const asked: Question[] = [];
      const ask = async (question: Question) => {
        asked.push(question);
        return question.message === "Secrets provider" ? "" : (question.initial ?? "");
      };
      assert.equal(await init(project(one), { ask }), "default");
      assert.equal(asked.find(({ message }) => message === "Secrets provider")?.initial, key);
    });

    it("never by a provider that Pulumi does not know or that a shell would interpret", async () => {
      for (const secretsProvider of [
        "vault",
        "azurekeyvault:",
        'azurekeyvault://x";rm',
        "awskms://$(x)",
        "",
      ]) {
        const root = project();
        await assert.rejects(make(root, { secretsProvider }), code("QT9104"), secretsProvider);
        assert.deepEqual(readdirSync(root), ["Pulumi.yaml"]);
      }
    });
  });

  it("does not overwrite a file that was created during the questions", async () => {
    const root = project();
    const file = join(root, "Pulumi.acme.yaml");
    const ask = async ({ initial }: Question) => {
      writeFileSync(file, "config: {}\n");
      return initial ?? "";
    };
    await assert.rejects(make(root, { ask }), code("QT9102"));
    assert.equal(readFileSync(file, "utf8"), "config: {}\n");
  });

  it("is read back as it was given, even if values look like another type or like YAML", () => {
    const text = fc.oneof(
      fc.constantFrom(
        "2027-01-01",
        "yes",
        "null",
        "0x1F",
        "012",
        "1e3",
        "~",
        "- a",
        "a: b",
        "#x",
        "12:30",
        "{a}",
        "é",
        "'\"",
      ),
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }),
    );
    const header = text.filter((value) => /[a-z]/i.test(value));
    const answers = fc.record({
      organisationId: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,12}$/),
      clientId: text.filter((value) => /^\S+$/.test(value)),
      datasets: fc.uniqueArray(
        fc.record({ id: fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,12}$/), key: header }),
        { minLength: 1, maxLength: 4, selector: ({ id }) => id },
      ),
    });
    const root = project();
    fc.assert(
      fc.property(answers, ({ datasets, ...rest }) => {
        const given = {
          ...rest,
          datasets: datasets.map(({ id, key }, i) => ({ id, table: `t${i}`, keyColumns: [key] })),
        };
        writeFileSync(join(root, "Pulumi.acme.yaml"), composeFile(composeSettings(given)));
        const { settings } = readTenant(root, "acme");
        assert.equal(settings.get("quantemplate:organisationId"), given.organisationId);
        assert.equal(settings.get("quantemplate:clientId"), given.clientId);
        assert.deepEqual(settings.get("quantemplate:datasets"), given.datasets);
        assert.deepEqual(
          checkTenant(root, "acme").filter(({ key, isWarning }) => !isWarning && key !== SQL_ADMIN_KEY),
          [],
        );
      }),
    );
  });

  it("has quotes around text that Pulumi would read as another type", async () => {
    for (const clientId of [
      "0o17",
      "0O17",
      "0X1F",
      "-_1",
      "1_0.5",
      ".1_0",
      "2027-1-1",
      ".inf",
      "12345678901234567890",
    ]) {
      const root = project();
      await make(root, { given: { ...given, clientId } });
      assert.match(readFileSync(join(root, "Pulumi.acme.yaml"), "utf8"), /clientId: "/, clientId);
      assert.equal(readTenant(root, "acme").settings.get("quantemplate:clientId"), clientId);
    }
  });

  it("reports at the question that another dataset has the table", async () => {
    const answers = ["c-acme", "acme-azure", "westeurope", "d-1", "Premium", "", "d-2", "claims", "", "", ""];
    const questions: Question[] = [];
    const ask = async (question: Question) => answers[questions.push(question) - 1] ?? assert.fail();
    await make(project(), { given: {}, ask });
    assert.equal(
      questions[7]?.problem("PREMIUM"),
      'Expects a unique table; "Premium" and "PREMIUM" are both premium',
    );
  });

  it("accepts headers with commas in quotes", () => {
    const headers = fc.array(
      fc.string({ unit: "grapheme", minLength: 1 }).filter((text) => text.trim() === text),
    );
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(headers, (list) => {
        assert.deepEqual(splitList(list.map(quoted).join(", ")), list);
        const flag = ["id=d-1", "table=t", ...list.map((header) => `key=${quoted(header)}`)].join(",");
        assert.deepEqual(parseDatasetFlag(flag)?.keyColumns, list);
      }),
    );
    assert.deepEqual(splitList('a b, 5" pipe,, "x, y" ,'), ["a b", '5" pipe', "x, y"]);
    for (const open of ['"a', 'a, "b', '"a" b']) assert.equal(splitList(open), undefined, open);
  });

  it("accepts datasets only from flags of one form", () => {
    assert.deepEqual(parseDatasetFlag("id=d-1, table=t,key=A B,key=C=D"), {
      id: "d-1",
      table: "t",
      keyColumns: ["A B", "C=D"],
    });
    for (const wrong of ["d-1", "id=d-1", "id=a,id=b,table=t", "id=a,table=t,colour=red", ""]) {
      assert.equal(parseDatasetFlag(wrong), undefined, wrong);
    }
  });
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { readDefinitions } from "../../../infra/studio-files";
import { withoutCredentials } from "./credentials";

/** Texts that hold a secret at `#`. */
const holding: Record<string, readonly string[]> = {
  "a connection string": [
    "Server=x;Password=#;Encrypt=true",
    "Server=x;User ID=sa;Pwd = #;Encrypt=true",
    "DefaultEndpointsProtocol=https;AccountKey=#",
    "DB_PASSWORD=#",
    "SharedAccessSignature=#",
    "Password = #, User = sa",
  ],
  "a quoted one": [
    'Password="#"',
    "Server=x;Password='#';Encrypt=true",
    '"password": "#"',
    '{\\"password\\": \\"#\\"',
    "create login a with password = N'#'",
  ],
  "a script": ["$password = '#'", '$script:apiKey="#"', "export const token = '#';"],
  "a line of YAML": [
    "password: #",
    "a: 1\n  - db-password: #  # of the database\r\n",
    "{user: sa, password: #}",
    '"clientSecret": #\n',
  ],
  "an address": ["mssql://sa:#@host/db", "redis://:#@host", "see https://user:#@host, please"],
  "a query": [
    "https://x/?a=1&sig=#&b=2",
    "sig=#",
    "?code=#",
    "&client_secret=#&scope=x",
    "%3Fsig%3D#%26b%3D2",
    "%253Fa%253D1%2526sig%253D#",
  ],
  "a header": ["Authorization: Bearer #"],
};
const secrets = ["hunter2hunter2", "p@ss0word1", "Zm9vYmFyYmF6+/=="];
/** How a secret is encoded there. */
const encoded: Record<string, (value: string) => string> = {
  "a query": encodeURIComponent,
  "an address": (value) => value.replaceAll("/", "%2F"),
  "a header": (value) => Buffer.from(value).toString("base64"),
};
const quoted = ["p@ss;word1", "it is a s;ecret", "$ecret,1"];

const tokens: Record<string, string> = {
  "a token of GitHub as a user": "https://ghp_abcDEF123456@github.com",
  "a long user alone": "https://a1b2c3d4e5f6a7b8c9d0e1f2@host/x",
  "a JWT":
    "token is eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
  "a private key": "-----BEGIN RSA PRIVATE KEY-----\nMIIEabc\nabc==\n-----END RSA PRIVATE KEY-----",
  "a private key that was cut off": "-----BEGIN PRIVATE KEY-----\nMIIEabc\nabc==",
};

/** Texts that only mention secrets. */
const harmless = [
  "$secretName = 'x'",
  "$secretNames: 'x'",
  "$password = $credential.GetNetworkCredential().Password",
  "$script:token = $answer.access_token",
  "$token = Get-AutomationVariable -Name 'x'",
  "$token = Get-ArmToken",
  '$token = "$(Get-ArmToken)"',
  'Authorization = "Bearer $(Get-ArmToken)"',
  `password: \${{ secrets.PASSWORD }}`,
  "password: null",
  "password: string;",
  'password = ""',
  "The password: it is asked for, and a token = one more.",
  "if (token == 'x' || secret => 1)",
  "where token =~ 'x' | project secret",
  "@concat('{\"clientSecret\":\"', activity('GetSecret').output.value, '\"}')",
  `@concat('grant_type=x&client_secret=', uriComponent(activity('GetSecret').output.value))`,
  '{"host":"redis://h:1","mail":"x@y"}',
  "[parameters('password')]",
  '"password": "[parameters(\'password\')]"',
  "quantemplate:clientSecret: expects the API client's secret, set with --secret",
  "ssh://git@github.com/x, https://user@host, https://host:8080/a@b",
  "design=1, config=2, https://x/?design=3",
  "-----BEGIN CERTIFICATE-----\nMIIEabc\n-----END CERTIFICATE-----",
];

describe("Credentials in a text", () => {
  for (const [where, texts] of Object.entries(holding)) {
    it(`are masked in ${where}, and nothing around them`, () => {
      const values = where === "a quoted one" ? [...secrets, ...quoted] : secrets;
      for (const text of texts) {
        for (const value of values) {
          const held = encoded[where]?.(value) ?? value;
          assert.equal(
            withoutCredentials(text.replace("#", () => held)),
            text.replace("#", "[secret]"),
            text,
          );
        }
      }
    });
  }

  for (const [what, text] of Object.entries(tokens)) {
    it(`are ${what}`, () => assert.doesNotMatch(withoutCredentials(text), /abc|a1b2|eyJ/i));
  }

  it("are the tokens of known services, as a whole and only from their usual length on", () => {
    const forms: Record<string, [string, string]> = {
      ghp_: ["a1B2c3", "a1B2"],
      gho_: ["a1B2c3", "a1B2"],
      ghs_: ["a1B2c3", "a1B2"],
      ghr_: ["a1B2c3", "a1B2"],
      ghu_: ["a1B2c3", "a1B2"],
      github_pat_: ["a1B2c3_d4", "a1"],
      "glpat-": ["a1B2-c3_d4", "a-1"],
      "pul-": ["0123456789abcdef0123", "0123456789abcdef"],
      "xoxb-": ["123-456-aBc", "12"],
      "xoxp-": ["123-456-aBc", "12"],
    };
    for (const [prefix, [token, short]] of Object.entries(forms)) {
      assert.equal(
        withoutCredentials(`with ${prefix}${token}, twice ${prefix}${token}.`),
        "with [secret], twice [secret].",
      );
      for (const other of [`${prefix}${short}`, `x${prefix}${token}`])
        assert.equal(withoutCredentials(`with ${other}.`), `with ${other}.`);
    }
    const jwt = "eyJhbGciOiJI.eyJzdWIi.c2ln_-";
    for (const token of [jwt, `${jwt}.two.more`, "eyJhbGciOiJI..x"])
      assert.equal(withoutCredentials(`a ${token}, b`), "a [secret], b");
    assert.equal(withoutCredentials("eyJhbGciOiJI.one"), "eyJhbGciOiJI.one");
  });

  it("are private keys, up to their end or the text's", () => {
    for (const kind of ["", "RSA ", "EC ", "OPENSSH "])
      assert.equal(
        withoutCredentials(`a\n-----BEGIN ${kind}PRIVATE KEY-----\nMII\n-----END ${kind}PRIVATE KEY-----\nb`),
        `a\n-----BEGIN ${kind}PRIVATE KEY-----[secret]-----END ${kind}PRIVATE KEY-----\nb`,
      );
    assert.equal(
      withoutCredentials(
        "-----BEGIN PGP PRIVATE KEY BLOCK-----\nMII\n-----END PGP PRIVATE KEY BLOCK-----\nb",
      ),
      "-----BEGIN PGP PRIVATE KEY BLOCK-----[secret]-----END PGP PRIVATE KEY BLOCK-----\nb",
    );
  });

  it("are the credentials of a header, but not the words after its scheme", () => {
    const masked: Record<string, string> = {
      "Basic c2E6aHVudGVyMg==": "Basic [secret]",
      "basic  c2E6aHVudGVyMg=": "basic  [secret]",
      "Basic QWxhZGRpbg": "Basic [secret]",
      "BEARER  abc.DEF~1/2+3=": "BEARER  [secret]",
    };
    for (const [text, expected] of Object.entries(masked))
      assert.equal(withoutCredentials(`${text}, x`), `${expected}, x`);
    for (const text of [
      "Basic authentication",
      "Basic Authentication",
      "basic self-service",
      "Basic c2E6",
      "Bearer of 1",
    ])
      assert.equal(withoutCredentials(text), text);
  });

  it("are the values of names in any case, each once", () => {
    const masked: Record<string, string> = {
      "HTTPS://A1b2c3d4e5f6a7b8c9d0@h http://a1b2c3d4e5f6a7b8c9d0@h": "HTTPS://[secret]@h http://[secret]@h",
      "x?SIG=a&Token=b c?sig=d": "x?SIG=[secret]&Token=[secret] c?sig=[secret]",
      "SIG=a sig=b": "SIG=[secret] sig=[secret]",
      "%3FSIG%3Da%26b%3D1 %3fsig%3db": "%3FSIG%3D[secret]%26b%3D1 %3fsig%3d[secret]",
      'PassWord: \\"a\\", password: \\"b\\"': `PassWord: \\"[secret]\\", password: \\"[secret]\\"`,
      "{Password: a, password: b}": "{Password: [secret], password: [secret]}",
      // A variable cannot be all of what a connection string or an environment holds.
      "password=$ecret": "password=[secret]",
      "User = sa; Password = get.it; Encrypt = true": "User = sa; Password = [secret]; Encrypt = true",
      "User = sa; Password = get.it": "User = sa; Password = [secret]",
      "Password = get.it ;x y=1": "Password = [secret] ;x y=1",
    };
    for (const [text, expected] of Object.entries(masked)) assert.equal(withoutCredentials(text), expected);
  });

  it("are not references to values, or code, but values that only begin or end like them", () => {
    const references = [
      ...[
        "$x",
        `\${x.y}`,
        "$(x y)",
        "[x]",
        "<x>",
        "&x",
        "*x",
        "~",
        "@{x}",
        "@Model.Value}",
        "%x.y%",
        "#{x}",
        "!Ref",
      ],
      ...["null", "None", "true;", "undefined", "missing,"],
    ];
    for (const value of references)
      assert.equal(withoutCredentials(`password: "${value}"`), `password: "${value}"`);
    for (const value of ["a$x", "x null", "nullx", "50%x%", "a#{x}", "@x", "Ref!x"])
      assert.equal(withoutCredentials(`password: "${value}"`), 'password: "[secret]"', value);
    for (const value of ["f(x", "a.b", "_a.b_1.c2", "Get-ArmToken"]) {
      assert.equal(withoutCredentials(`password: ${value}`), `password: ${value}`);
      assert.equal(withoutCredentials(`{a: 1, password: ${value}}`), `{a: 1, password: ${value}}`);
    }
    for (const value of ["1a.b", "a.1b", "a.b-", "a.b.", "get-it", "xGet-It", "Get-It-", "abc"])
      assert.equal(withoutCredentials(`password: ${value}`), "password: [secret]", value);
    assert.equal(withoutCredentials("{a: 1, password: $x}"), "{a: 1, password: $x}");
  });

  it("are masked if they contain quotes", () => {
    for (const text of ["mssql://sa:hun'ter2@host", `Password="'hunter2'"`, "Server=x;Password=hun'ter2;"])
      assert.doesNotMatch(withoutCredentials(text), /hun|ter2/, text);
  });

  it("are not found in texts that only mention them", () => {
    for (const text of harmless) assert.equal(withoutCredentials(text), text);
  });

  it("are not found in what this project deploys", () => {
    const { objects } = readDefinitions();
    const runbook = readFileSync(join(__dirname, "../../../runbooks/Start-QuantemplateLoad.ps1"), "utf8");
    for (const text of [runbook, JSON.stringify(objects), JSON.stringify(objects, undefined, 2)]) {
      const lines = text.split("\n");
      const masked = withoutCredentials(text).split("\n");
      assert.deepEqual(
        masked.filter((line, index) => line !== lines[index]),
        [],
      );
    }
  });

  it("are masked once: masking again changes nothing", () => {
    const piece = fc.constantFrom(
      ...Object.values(holding).flat(),
      ...Object.values(tokens),
      ...harmless,
      "\n",
      " ",
      '"',
      "'",
      ";",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        const once = withoutCredentials(pieces.join("").replaceAll("#", "hunter2hunter2"));
        assert.equal(withoutCredentials(once), once);
      }),
    );
  });
});

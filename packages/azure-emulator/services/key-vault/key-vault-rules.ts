import { armRules } from "../../control-plane/rules/azure-rule";

const docs = (page: string) => `https://learn.microsoft.com/azure/key-vault/${page}`;
const SOFT_DELETE = docs("general/soft-delete-overview");
const secrets = (title: string) => ["services/key-vault/data-plane/secrets-api.itest.ts", title] as const;
const keys = (title: string) => ["services/key-vault/data-plane/keys-api.itest.ts", title] as const;
const vault = (title: string) => ["services/key-vault/resources/vault.itest.ts", title] as const;
const service = (title: string) => ["services/key-vault/key-vault.itest.ts", title] as const;

/** What Key Vault refuses; the routes have the words. */
export const keyVaultRules = armRules("Key Vault", {
  deletedName: {
    what: "The name of a deleted secret or key is taken until that is purged, recovered, or its time is over.",
    source: SOFT_DELETE,
    answer: { status: 409, code: "Conflict" },
    test: secrets("are deleted, listed as deleted, recovered and purged"),
    moreTests: [keys("are changed, deleted, recovered and purged")],
  },
  deletedVault: {
    what: "The name of a deleted vault is taken until it is purged or recovered; recovered, it has its secrets and keys.",
    source: `${SOFT_DELETE}; ${docs("general/key-vault-recovery")}`,
    answer: { status: 409, code: "ConflictError" },
    test: vault("keeps its name, and comes back with its secrets"),
  },
  purgeObject: {
    what: "Purge protection forbids to purge a deleted secret or key.",
    source: `${SOFT_DELETE}#purge-protection`,
    answer: { status: 403, code: "Forbidden" },
    test: secrets("cannot be purged in a vault with purge protection"),
    moreTests: [keys("cannot be purged in a vault with purge protection")],
  },
  purgeVault: {
    what: "Purge protection forbids to purge a deleted vault.",
    source: `${SOFT_DELETE}#purge-protection`,
    answer: { status: 405, code: "MethodNotAllowed" },
    test: vault("keeps its name, and comes back with its secrets"),
  },
  settings: {
    what: "Soft delete and purge protection cannot be switched off, nor the days of retention changed.",
    source: SOFT_DELETE,
    answer: { status: 400, code: "BadRequest" },
    test: service("keeps purge protection on and soft delete as it is"),
  },
  objects: {
    what: "Names have 1 to 127 letters, digits and hyphens, a secret's value 25 KB, an object 15 tags.",
    source: `${docs("general/about-keys-secrets-certificates#vault-name-and-object-name")}; ${docs("secrets/about-secrets")}`,
    answer: { status: 400, code: "BadParameter" },
    test: secrets("are refused if they break Key Vault's rules"),
  },
  disabled: {
    what: "The value of a disabled secret is not answered; `nbf` and `exp` of a secret are information only.",
    source: docs("secrets/about-secrets#secret-attributes"),
    answer: { status: 403, code: "Forbidden" },
    test: secrets("keep tags, type and attributes of each version"),
    moreTests: [secrets("can be read before and after their time: it is information only")],
  },
  keyTimes: {
    what: "A key encrypts and wraps in its time only, and only if it is enabled and for that; it decrypts and unwraps at any time.",
    source: docs("keys/about-keys-details#key-attributes"),
    answer: { status: 403, code: "Forbidden" },
    test: keys("refuse an operation that they are not for"),
    moreTests: [keys("decrypt and unwrap after their time")],
  },
  pages: {
    what: "A list has 25 entries on a page at most.",
    source: "https://learn.microsoft.com/rest/api/keyvault/secrets/get-secrets/get-secrets",
    answer: { status: 400, code: "BadParameter" },
    test: secrets("are listed in pages, and the versions too"),
  },
});

"""The `az` command line, with the emulator registered as a cloud of its own in a configuration folder of its own."""

import json
import os
import subprocess
import sys
import tempfile
import unittest
import uuid

SUBSCRIPTION = os.environ["AZURE_SUBSCRIPTION_ID"]
OBJECT_ID = os.environ["AZURE_OBJECT_ID"]
ENDPOINT = os.environ["AZURE_RESOURCE_MANAGER_ENDPOINT"]


def az(*args):
    """Runs a command; its output as JSON, or None."""
    command = [sys.executable, "-m", "azure.cli", *args, "--output", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise AssertionError(f"az {' '.join(args)}\n{done.stderr}")
    return json.loads(done.stdout) if done.stdout.strip() else None


def fresh(prefix):
    return prefix + uuid.uuid4().hex[:10]


def setUpModule():
    global folder
    folder = tempfile.TemporaryDirectory()
    os.environ.update(
        AZURE_CONFIG_DIR=folder.name,
        AZURE_CORE_COLLECT_TELEMETRY="false",
        AZURE_CORE_ONLY_SHOW_ERRORS="true",
        # The authority is not Microsoft's.
        AZURE_CORE_INSTANCE_DISCOVERY="false",
    )
    az("cloud", "register", "--name", "emulator", "--endpoint-resource-manager", ENDPOINT)
    az("cloud", "set", "--name", "emulator")
    az(
        "login",
        "--service-principal",
        "--username",
        os.environ["AZURE_CLIENT_ID"],
        "--password",
        os.environ["AZURE_CLIENT_SECRET"],
        "--tenant",
        os.environ["AZURE_TENANT_ID"],
    )


def tearDownModule():
    folder.cleanup()


class Az(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.group = fresh("rg")
        az("group", "create", "--name", cls.group, "--location", "westeurope", "--tags", "a=b")
        os.environ.update(AZURE_DEFAULTS_GROUP=cls.group, AZURE_DEFAULTS_LOCATION="westeurope")

    @classmethod
    def tearDownClass(cls):
        az("group", "delete", "--name", cls.group, "--yes")

    def names(self, *args):
        return [item["name"] for item in az(*args)]

    def assign(self, role, scope):
        who = ["--assignee-object-id", OBJECT_ID, "--assignee-principal-type", "ServicePrincipal"]
        az("role", "assignment", "create", *who, "--role", role, "--scope", scope)

    def test_account_and_groups(self):
        self.assertEqual(az("account", "show")["id"], SUBSCRIPTION)
        self.assertIn("westeurope", self.names("account", "list-locations"))
        az("provider", "register", "--namespace", "Microsoft.Sql")
        self.assertEqual(az("provider", "show", "--namespace", "Microsoft.Sql")["registrationState"], "Registered")
        self.assertTrue(az("group", "exists", "--name", self.group))
        self.assertIn(self.group, self.names("group", "list", "--tag", "a=b"))
        self.assertEqual(az("group", "update", "--name", self.group, "--set", "tags.c=d")["tags"]["c"], "d")
        url = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{self.group}?api-version=2024-03-01"
        self.assertEqual(az("rest", "--method", "get", "--url", url)["name"], self.group)

    def test_identities_and_roles(self):
        name = fresh("id")
        principal = az("identity", "create", "--name", name)["principalId"]
        self.assertIn(name, self.names("identity", "list"))
        self.assertEqual([role["roleName"] for role in az("role", "definition", "list", "--name", "Reader")], ["Reader"])
        who = ["--assignee-object-id", principal]
        scope = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{self.group}"
        az("role", "assignment", "create", *who, "--assignee-principal-type", "ServicePrincipal", "--role", "Reader", "--scope", scope)
        found = az("role", "assignment", "list", "--scope", scope, "--fill-principal-name", "false")
        self.assertEqual([role["principalId"] for role in found], [principal])
        az("role", "assignment", "delete", *who, "--role", "Reader", "--scope", scope)
        az("identity", "delete", "--name", name)
        self.assertNotIn(name, self.names("identity", "list"))

    def test_key_vault(self):
        name = fresh("kv")
        vault = az("keyvault", "create", "--name", name, "--enable-rbac-authorization", "true")
        self.assertIn(name, self.names("keyvault", "list"))
        self.assertEqual(az("keyvault", "update", "--name", name, "--set", "tags.a=b")["tags"], {"a": "b"})
        self.assign("Key Vault Secrets Officer", vault["id"])
        secret = f"{vault['properties']['vaultUri']}secrets/word"
        # `az keyvault secret set` takes a vault by its name below Azure's domain only.
        resource = ["--resource", "https://vault.azure.net", "--body", '{"value": "x"}']
        az("rest", "--method", "put", "--url", f"{secret}?api-version=7.6", *resource)
        self.assertEqual(az("keyvault", "secret", "show", "--id", secret)["value"], "x")
        az("keyvault", "secret", "set-attributes", "--id", secret, "--tags", "x=y")
        self.assertEqual(len(az("keyvault", "secret", "list-versions", "--id", secret)), 1)
        az("keyvault", "secret", "delete", "--id", secret)
        az("keyvault", "secret", "recover", "--id", secret.replace("/secrets/", "/deletedsecrets/"))
        self.assertEqual(self.names("keyvault", "secret", "list", "--id", vault["properties"]["vaultUri"]), ["word"])
        az("keyvault", "delete", "--name", name)
        self.assertIn(name, self.names("keyvault", "list-deleted"))
        az("keyvault", "purge", "--name", name, "--location", "westeurope")

    def test_storage(self):
        name = fresh("st")
        self.assertTrue(az("storage", "account", "check-name", "--name", name)["nameAvailable"])
        account = az("storage", "account", "create", "--name", name, "--sku", "Standard_LRS", "--allow-shared-key-access", "false")
        self.assertIn(name, self.names("storage", "account", "list"))
        self.assertEqual(az("storage", "account", "update", "--name", name, "--tags", "a=b")["tags"], {"a": "b"})
        self.assign("Storage Blob Data Owner", account["id"])
        at = ["--auth-mode", "login", "--blob-endpoint", account["primaryEndpoints"]["blob"]]
        az("storage", "container", "create", "--name", "box", *at)
        self.assertEqual(self.names("storage", "container", "list", *at), ["box"])
        with tempfile.TemporaryDirectory() as place:
            sent, got = os.path.join(place, "sent"), os.path.join(place, "got")
            with open(sent, "wb") as file:
                file.write(b"hello")
            blob = ["--container-name", "box", "--name", "a/b.txt", *at]
            az("storage", "blob", "upload", *blob, "--file", sent)
            self.assertEqual(az("storage", "blob", "show", *blob)["properties"]["contentLength"], 5)
            self.assertEqual(self.names("storage", "blob", "list", "--container-name", "box", *at), ["a/b.txt"])
            az("storage", "blob", "download", *blob, "--file", got)
            with open(got, "rb") as file:
                self.assertEqual(file.read(), b"hello")
            az("storage", "blob", "delete", *blob)
            self.assertFalse(az("storage", "blob", "exists", *blob)["exists"])
        az("storage", "container", "delete", "--name", "box", *at)
        az("storage", "account", "delete", "--name", name, "--yes")

    def test_sql(self):
        name = fresh("sql")
        admin = ["--external-admin-principal-type", "Application", "--external-admin-name", "deployer"]
        az("sql", "server", "create", "--name", name, "--enable-ad-only-auth", *admin, "--external-admin-sid", OBJECT_ID)
        self.assertIn(name, self.names("sql", "server", "list"))
        only = az("sql", "server", "ad-only-auth", "get", "--name", name, "--resource-group", self.group)
        self.assertTrue(only["azureAdOnlyAuthentication"])
        size = ["--edition", "GeneralPurpose", "--family", "Gen5", "--capacity", "1", "--compute-model", "Serverless"]
        made = az("sql", "db", "create", "--server", name, "--name", "orders", *size)
        self.assertEqual(made["status"], "Online")
        rule = ["--server", name, "--name", "office"]
        addresses = ["--start-ip-address", "10.0.0.1", "--end-ip-address", "10.0.0.2"]
        az("sql", "server", "firewall-rule", "create", *rule, *addresses)
        self.assertEqual(self.names("sql", "server", "firewall-rule", "list", "--server", name), ["office"])
        az("sql", "server", "firewall-rule", "delete", *rule)
        self.assertIn("orders", self.names("sql", "db", "list", "--server", name))
        az("sql", "server", "delete", "--name", name, "--yes")

    def test_directory(self):
        name = fresh("app")
        app = az("ad", "app", "create", "--display-name", name)
        self.assertEqual([item["appId"] for item in az("ad", "app", "list", "--display-name", name)], [app["appId"]])
        issuer = {"issuer": "https://token.actions.githubusercontent.com", "subject": "repo:acme/data:environment:dev"}
        trust = json.dumps({"name": "github", **issuer, "audiences": ["api://AzureADTokenExchange"]})
        credential = ["ad", "app", "federated-credential"]
        az(*credential, "create", "--id", app["appId"], "--parameters", trust)
        self.assertEqual(self.names(*credential, "list", "--id", app["appId"]), ["github"])
        made = az("ad", "sp", "create", "--id", app["appId"])
        self.assertEqual(az("ad", "sp", "show", "--id", app["appId"])["id"], made["id"])
        self.assertEqual([item["id"] for item in az("ad", "sp", "list", "--display-name", name)], [made["id"]])
        group = az("ad", "group", "create", "--display-name", name, "--mail-nickname", name)
        az("ad", "group", "member", "add", "--group", group["id"], "--member-id", made["id"])
        self.assertEqual([item["id"] for item in az("ad", "group", "member", "list", "--group", group["id"])], [made["id"]])
        az("ad", "group", "delete", "--group", group["id"])
        az("ad", "sp", "delete", "--id", made["id"])
        az("ad", "app", "delete", "--id", app["appId"])
        self.assertEqual(az("ad", "app", "list", "--display-name", name), [])
        scope = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{self.group}"
        deployer = az("ad", "sp", "create-for-rbac", "--name", fresh("rbac"), "--role", "Reader", "--scopes", scope)
        self.assertTrue(deployer["password"])
        az("ad", "app", "delete", "--id", deployer["appId"])

    def test_offers(self):
        self.assertIn("westeurope", self.names("functionapp", "list-flexconsumption-locations"))
        self.assertEqual(az("policy", "assignment", "list"), [])

    def test_monitor(self):
        name = fresh("law")
        az("monitor", "log-analytics", "workspace", "create", "--name", name)
        self.assertIn(name, self.names("monitor", "log-analytics", "workspace", "list", "--resource-group", self.group))
        az("monitor", "action-group", "create", "--name", "ag")
        self.assertEqual(self.names("monitor", "action-group", "list", "--resource-group", self.group), ["ag"])
        az("monitor", "action-group", "delete", "--name", "ag")
        az("monitor", "log-analytics", "workspace", "delete", "--name", name, "--yes")

    def test_resources(self):
        name = fresh("adf")
        factory = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{self.group}/providers/Microsoft.DataFactory/factories/{name}"
        az("resource", "create", "--id", factory, "--location", "westeurope", "--properties", "{}")
        self.assertEqual(az("resource", "show", "--ids", factory)["name"], name)
        az("resource", "tag", "--ids", factory, "--tags", "a=b")
        self.assertEqual(self.names("resource", "list", "--resource-type", "Microsoft.DataFactory/factories"), [name])
        az("resource", "delete", "--ids", factory)

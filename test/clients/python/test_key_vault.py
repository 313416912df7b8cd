"""Vaults through Resource Manager, secrets through azure-keyvault-secrets."""

import uuid

from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError
from azure.keyvault.secrets import SecretClient
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.keyvault import KeyVaultManagementClient
from support import LOCATION, OBJECT_ID, SUBSCRIPTION, TENANT, GroupCase, credential, fresh, management, names

SECRETS_OFFICER = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"


def vault_body(**more):
    properties = {"tenantId": TENANT, "sku": {"family": "A", "name": "standard"}, "enableRbacAuthorization": True}
    return {"location": LOCATION, "properties": {**properties, **more}}


class KeyVault(GroupCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.management = management(KeyVaultManagementClient)
        cls.name = fresh("kv")
        cls.vault = cls.management.vaults.begin_create_or_update(cls.group, cls.name, vault_body()).result()
        role = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{SECRETS_OFFICER}"
        management(AuthorizationManagementClient).role_assignments.create(
            cls.vault.id, str(uuid.uuid4()), {"properties": {"roleDefinitionId": role, "principalId": OBJECT_ID}}
        )
        # The host is not Azure's.
        uri = cls.vault.properties.vault_uri
        cls.secrets = SecretClient(uri, credential, verify_challenge_resource=False)

    def test_vaults(self):
        vaults = self.management.vaults
        self.assertEqual(vaults.get(self.group, self.name).properties.provisioning_state, "Succeeded")
        self.assertEqual(vaults.update(self.group, self.name, {"tags": {"a": "b"}}).tags, {"a": "b"})
        self.assertIn(self.name, names(vaults.list_by_resource_group(self.group)))
        self.assertIn(self.name, names(vaults.list_by_subscription()))
        asked = {"name": self.name, "type": "Microsoft.KeyVault/vaults"}
        self.assertFalse(vaults.check_name_availability(asked).name_available)
        other = fresh("kv")
        vaults.begin_create_or_update(self.group, other, vault_body()).result()
        vaults.delete(self.group, other)
        self.refused(404, lambda: vaults.get(self.group, other), "ResourceNotFound")
        self.assertEqual(vaults.get_deleted(other, LOCATION).name, other)
        self.assertIn(other, names(vaults.list_deleted()))
        vaults.begin_purge_deleted(other, LOCATION).result()

    def test_secrets_through_resource_manager(self):
        secrets = self.management.secrets
        made = secrets.create_or_update(self.group, self.name, "by-arm", {"properties": {"value": "v"}})
        self.assertIsNone(made.properties.value)
        self.assertEqual(secrets.get(self.group, self.name, "by-arm").name, "by-arm")
        secrets.update(self.group, self.name, "by-arm", {"tags": {"a": "b"}})
        self.assertIn("by-arm", names(secrets.list(self.group, self.name)))
        self.assertEqual(self.secrets.get_secret("by-arm").value, "v")

    def test_secrets(self):
        secrets = self.secrets
        with self.assertRaises(ResourceNotFoundError):
            secrets.get_secret("none")
        first = secrets.set_secret("word", "one", content_type="text", tags={"a": "b"})
        second = secrets.set_secret("word", "two")
        self.assertEqual(secrets.get_secret("word").value, "two")
        old = secrets.get_secret("word", first.properties.version)
        self.assertEqual((old.value, old.properties.tags), ("one", {"a": "b"}))
        secrets.update_secret_properties("word", second.properties.version, tags={"c": "d"})
        self.assertEqual(secrets.get_secret("word").properties.tags, {"c": "d"})
        self.assertIn("word", names(secrets.list_properties_of_secrets()))
        self.assertEqual(len(list(secrets.list_properties_of_secret_versions("word"))), 2)
        secrets.begin_delete_secret("word").result()
        with self.assertRaises(ResourceNotFoundError):
            secrets.get_secret("word")
        self.assertIn("word", names(secrets.list_deleted_secrets()))
        with self.assertRaises(ResourceExistsError):
            secrets.set_secret("word", "three")
        secrets.begin_recover_deleted_secret("word").result()
        self.assertEqual(secrets.get_secret("word").value, "two")
        secrets.begin_delete_secret("word").result()
        secrets.purge_deleted_secret("word")
        with self.assertRaises(HttpResponseError):
            secrets.set_secret("bad_name!", "x")

"""Storage accounts and containers through Resource Manager, blobs through azure-storage-blob."""

import uuid

from azure.core import MatchConditions
from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceModifiedError, ResourceNotFoundError
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.storage import StorageManagementClient
from azure.storage.blob import BlobServiceClient
from support import LOCATION, OBJECT_ID, SUBSCRIPTION, GroupCase, credential, fresh, management, names

BLOB_OWNER = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b"


class Storage(GroupCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.storage = management(StorageManagementClient)
        cls.name = fresh("st")
        cls.account = cls.storage.storage_accounts.begin_create(
            cls.group,
            cls.name,
            {"location": LOCATION, "kind": "StorageV2", "sku": {"name": "Standard_LRS"}},
        ).result()
        role = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{BLOB_OWNER}"
        management(AuthorizationManagementClient).role_assignments.create(
            cls.account.id, str(uuid.uuid4()), {"properties": {"roleDefinitionId": role, "principalId": OBJECT_ID}}
        )
        cls.blobs = BlobServiceClient(cls.account.primary_endpoints.blob, credential)

    def test_accounts(self):
        accounts = self.storage.storage_accounts
        self.assertEqual(self.account.provisioning_state, "Succeeded")
        self.assertEqual(accounts.get_properties(self.group, self.name).sku.name, "Standard_LRS")
        self.assertFalse(accounts.check_name_availability({"name": self.name, "type": "Microsoft.Storage/storageAccounts"}).name_available)
        self.assertEqual(accounts.update(self.group, self.name, {"tags": {"a": "b"}}).tags, {"a": "b"})
        self.assertIn(self.name, names(accounts.list_by_resource_group(self.group)))
        self.assertIn(self.name, names(accounts.list()))
        other = fresh("st")
        parameters = {"location": LOCATION, "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
        accounts.begin_create(self.group, other, parameters).result()
        accounts.delete(self.group, other)
        accounts.delete(self.group, other)
        self.refused(404, lambda: accounts.get_properties(self.group, other), "ResourceNotFound")

    def test_containers(self):
        containers = self.storage.blob_containers
        name = fresh("c")
        self.assertEqual(containers.create(self.group, self.name, name, {}).name, name)
        self.assertEqual(containers.get(self.group, self.name, name).public_access, "None")
        changed = containers.update(self.group, self.name, name, {"properties": {"metadata": {"k": "v"}}})
        self.assertEqual(changed.metadata, {"k": "v"})
        self.assertIn(name, names(containers.list(self.group, self.name)))
        containers.delete(self.group, self.name, name)
        self.refused(404, lambda: containers.get(self.group, self.name, name))

    def test_blobs(self):
        container = self.blobs.create_container(fresh("c"))
        self.assertTrue(container.exists())
        self.assertIn(container.container_name, names(self.blobs.list_containers()))
        with self.assertRaises(ResourceExistsError):
            self.blobs.create_container(container.container_name)
        blob = container.get_blob_client("a/b c.txt")
        self.assertFalse(blob.exists())
        with self.assertRaises(ResourceNotFoundError):
            blob.download_blob()
        blob.upload_blob(b"hello", metadata={"who": "me"})
        with self.assertRaises(ResourceExistsError):
            blob.upload_blob(b"clobber")
        self.assertEqual(blob.download_blob().readall(), b"hello")
        self.assertEqual(blob.download_blob(offset=1, length=3).readall(), b"ell")
        properties = blob.get_blob_properties()
        self.assertEqual((properties.size, properties.metadata), (5, {"who": "me"}))
        blob.upload_blob(b"again", overwrite=True, etag=properties.etag, match_condition=MatchConditions.IfNotModified)
        with self.assertRaises(ResourceModifiedError):
            blob.upload_blob(b"late", overwrite=True, etag=properties.etag, match_condition=MatchConditions.IfNotModified)
        blob.set_blob_metadata({"k": "v"})
        blob.set_http_headers()
        big = bytes(range(256)) * 40_000
        container.upload_blob("big", big, max_concurrency=4)
        self.assertEqual(container.download_blob("big").readall(), big)
        for index in range(5):
            container.upload_blob(f"list/{index}", b"")
        self.assertEqual(len(list(container.list_blobs(name_starts_with="list/", results_per_page=2))), 5)
        self.assertEqual(names(container.walk_blobs()), ["a/", "big", "list/"])
        lease = blob.acquire_lease(15)
        with self.assertRaises(HttpResponseError):
            blob.delete_blob()
        lease.release()
        blob.delete_blob()
        self.assertFalse(blob.exists())
        container.delete_container()
        self.assertFalse(container.exists())

    def test_keys_are_refused(self):
        with self.assertRaises(HttpResponseError):
            self.blobs.get_service_properties()

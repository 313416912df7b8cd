"""A Function app on Flex Consumption: plan, site, settings, code and keys."""

import json
import os
import urllib.error
import urllib.request
import uuid

from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.msi import ManagedServiceIdentityClient
from azure.mgmt.storage import StorageManagementClient
from azure.mgmt.web import WebSiteManagementClient
from support import LOCATION, SUBSCRIPTION, GroupCase, credential, fresh, management, names

BLOB_OWNER = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b"
class Web(GroupCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.web = management(WebSiteManagementClient)
        storage = management(StorageManagementClient)
        cls.account = storage.storage_accounts.begin_create(
            cls.group, fresh("st"), {"location": LOCATION, "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
        ).result()
        storage.blob_containers.create(cls.group, cls.account.name, "code", {})
        identities = management(ManagedServiceIdentityClient).user_assigned_identities
        cls.identity = identities.create_or_update(cls.group, fresh("id"), {"location": LOCATION})
        role = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{BLOB_OWNER}"
        management(AuthorizationManagementClient).role_assignments.create(
            cls.account.id,
            str(uuid.uuid4()),
            {"properties": {"roleDefinitionId": role, "principalId": cls.identity.principal_id, "principalType": "ServicePrincipal"}},
        )
        plan = {
            "location": LOCATION,
            "kind": "functionapp",
            "sku": {"name": "FC1", "tier": "FlexConsumption"},
            "properties": {"reserved": True},
        }
        cls.plan = cls.web.app_service_plans.begin_create_or_update(cls.group, "plan", plan).result()
        cls.name = fresh("func")
        cls.site = cls.web.web_apps.begin_create_or_update(cls.group, cls.name, cls.body()).result()

    @classmethod
    def body(cls):
        deployment = {
            "type": "blobContainer",
            "value": f"{cls.account.primary_endpoints.blob}code",
            "authentication": {"type": "UserAssignedIdentity", "userAssignedIdentityResourceId": cls.identity.id},
        }
        return {
            "location": LOCATION,
            "kind": "functionapp,linux",
            "identity": {"type": "UserAssigned", "userAssignedIdentities": {cls.identity.id: {}}},
            "properties": {
                "serverFarmId": cls.plan.id,
                "functionAppConfig": {
                    "deployment": {"storage": deployment},
                    "runtime": {"name": "node", "version": "22"},
                    "scaleAndConcurrency": {"instanceMemoryMB": 2048, "maximumInstanceCount": 40},
                },
            },
        }

    def test_plans(self):
        plans = self.web.app_service_plans
        self.assertEqual(plans.get(self.group, "plan").sku.name, "FC1")
        self.assertEqual(names(plans.list_by_resource_group(self.group)), ["plan"])
        self.assertEqual(self.plan.provisioning_state, "Succeeded")

    def test_changes(self):
        sites = self.web.web_apps
        changed = sites.update(self.group, self.name, {"tags": {"a": "b"}, "properties": {"httpsOnly": True}})
        self.assertEqual((changed.tags, changed.https_only), ({"a": "b"}, True))
        self.assertEqual(sites.get(self.group, self.name).server_farm_id, self.plan.id)

    def test_basic_publishing(self):
        sites = self.web.web_apps
        closed = {"properties": {"allow": False}}
        self.assertFalse(sites.update_ftp_allowed(self.group, self.name, closed).allow)
        self.assertFalse(sites.get_ftp_allowed(self.group, self.name).allow)
        self.assertFalse(sites.update_scm_allowed(self.group, self.name, closed).allow)
        self.assertFalse(sites.get_scm_allowed(self.group, self.name).allow)

    def test_sites(self):
        sites = self.web.web_apps
        self.assertEqual(sites.get(self.group, self.name).state, "Running")
        self.assertEqual(names(sites.list_by_resource_group(self.group)), [self.name])
        self.assertIn(self.name, names(sites.list()))
        settings = {
            "AzureWebJobsStorage__accountName": self.account.name,
            "AzureWebJobsStorage__credential": "managedidentity",
            "AzureWebJobsStorage__clientId": self.identity.client_id,
        }
        sites.update_application_settings(self.group, self.name, {"properties": settings})
        self.assertEqual(sites.list_application_settings(self.group, self.name).properties, settings)
        scm = [state.name for state in self.site.host_name_ssl_states if state.host_type == "Repository"][0]
        token = credential.get_token("https://management.azure.com/.default").token
        with open(os.environ["FUNCTION_PACKAGE"], "rb") as file:
            package = file.read()
        request = urllib.request.Request(
            f"https://{scm}/api/publish?type=zip",
            data=package,
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/zip"},
        )
        self.assertEqual(urllib.request.urlopen(request).status, 202)
        poll = urllib.request.Request(
            f"https://{scm}/api/deployments/latest", headers={"Authorization": f"Bearer {token}"}
        )
        # Kudu's numbers: 3 is a failure, 4 a success. The emulator answers when there is news.
        while (deployment := json.load(urllib.request.urlopen(poll)))["status"] not in (3, 4):
            pass
        self.assertEqual(deployment["status"], 4, deployment)
        address = f"https://{self.site.default_host_name}/api/hello"
        with self.assertRaises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(address)
        self.assertEqual(caught.exception.code, 401)
        keys = sites.list_host_keys(self.group, self.name)
        with urllib.request.urlopen(f"{address}?code={keys.function_keys['default']}") as answer:
            self.assertEqual(answer.read(), b"hello")
        self.assertEqual(
            [name.split("/")[-1] for name in names(sites.list_functions(self.group, self.name))], ["hello"]
        )
        made = sites.create_or_update_function_secret(self.group, self.name, "hello", "mine", {"properties": {"name": "mine", "value": "k"}})
        self.assertEqual(made.name, "mine")
        self.assertEqual(sites.list_function_keys(self.group, self.name, "hello")["mine"], "k")
        sites.delete_function_secret(self.group, self.name, "hello", "mine")
        sites.delete(self.group, self.name)
        self.refused(404, lambda: sites.get(self.group, self.name), "ResourceNotFound")

"""What the suites share: the emulator's address from the environment, a credential, and fresh names."""

import os
import unittest
import uuid

from azure.core.exceptions import HttpResponseError
from azure.identity import EnvironmentCredential
from azure.mgmt.resource.resources import ResourceManagementClient

LOCATION = "westeurope"
SUBSCRIPTION = os.environ["AZURE_SUBSCRIPTION_ID"]
TENANT = os.environ["AZURE_TENANT_ID"]
OBJECT_ID = os.environ["AZURE_OBJECT_ID"]
ENDPOINT = os.environ["AZURE_RESOURCE_MANAGER_ENDPOINT"]

# The authority is not Microsoft's, so there is no directory of authorities to ask.
credential = EnvironmentCredential(disable_instance_discovery=True)


def management(client, **options):
    """A client of azure-mgmt-*, for the emulator."""
    return client(
        credential,
        SUBSCRIPTION,
        base_url=ENDPOINT,
        credential_scopes=["https://management.azure.com/.default"],
        # Operations that end later are polled without a pause.
        polling_interval=0,
        **options,
    )


def fresh(prefix):
    """A name that nothing has yet, of lower-case letters and digits."""
    return prefix + uuid.uuid4().hex[:10]


class GroupCase(unittest.TestCase):
    """Cases in a resource group of their own."""

    @classmethod
    def setUpClass(cls):
        cls.resources = management(ResourceManagementClient)
        cls.group = fresh("rg")
        cls.resources.resource_groups.create_or_update(cls.group, {"location": LOCATION})

    @classmethod
    def tearDownClass(cls):
        cls.resources.resource_groups.begin_delete(cls.group).result()

    def refused(self, status, call, code=None):
        """The call fails with the status, and the code if one is given."""
        with self.assertRaises(HttpResponseError) as caught:
            call()
        self.assertEqual(caught.exception.status_code, status, str(caught.exception))
        if code is not None:
            self.assertEqual(caught.exception.error.code, code, str(caught.exception))


def names(found):
    return sorted(item.name for item in found)


def group_id(group):
    return f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{group}"

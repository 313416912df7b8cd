"""Subscriptions, groups, generic resources, identities and roles."""

import uuid

from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.msi import ManagedServiceIdentityClient
from azure.mgmt.resource.resources import ResourceManagementClient
from azure.mgmt.resource.subscriptions import SubscriptionClient
from support import ENDPOINT, LOCATION, OBJECT_ID, SUBSCRIPTION, GroupCase, credential, fresh, group_id, management, names

READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"


class Resources(GroupCase):
    def test_subscription(self):
        client = SubscriptionClient(
            credential, base_url=ENDPOINT, credential_scopes=["https://management.azure.com/.default"]
        )
        self.assertIn(SUBSCRIPTION, [found.subscription_id for found in client.subscriptions.list()])
        self.assertEqual(client.subscriptions.get(SUBSCRIPTION).state, "Enabled")
        self.assertIn(LOCATION, names(client.subscriptions.list_locations(SUBSCRIPTION)))
        self.assertEqual(len(list(client.tenants.list())), 1)

    def test_providers(self):
        provider = self.resources.providers.get("Microsoft.KeyVault")
        self.assertEqual(provider.registration_state, "Registered")
        self.assertIn("vaults", [kind.resource_type for kind in provider.resource_types])
        self.assertEqual(self.resources.providers.register("Microsoft.KeyVault").namespace, "Microsoft.KeyVault")
        self.assertIn("Microsoft.Sql", [found.namespace for found in self.resources.providers.list()])

    def test_groups(self):
        groups = self.resources.resource_groups
        name = fresh("rg")
        self.assertFalse(groups.check_existence(name))
        self.refused(404, lambda: groups.get(name), "ResourceGroupNotFound")
        made = groups.create_or_update(name, {"location": LOCATION, "tags": {"a": "1"}})
        self.assertEqual((made.name, made.properties.provisioning_state), (name, "Succeeded"))
        self.assertTrue(groups.check_existence(name))
        self.assertEqual(groups.update(name, {"tags": {"b": "2"}}).tags, {"b": "2"})
        self.assertIn(name, names(groups.list()))
        self.assertEqual(names(groups.list(filter="tagName eq 'b' and tagValue eq '2'")), [name])
        groups.begin_delete(name).result()
        self.assertFalse(groups.check_existence(name))
        self.refused(404, lambda: groups.begin_delete(name), "ResourceGroupNotFound")

    def test_generic(self):
        name = fresh("law")
        resource = f"{group_id(self.group)}/providers/Microsoft.OperationalInsights/workspaces/{name}"
        by_id = self.resources.resources
        version = {"api_version": "2023-09-01"}
        by_id.begin_create_or_update_by_id(resource, {"location": LOCATION, "properties": {}}, **version).result()
        self.assertEqual(by_id.get_by_id(resource, **version).name, name)
        found = by_id.list_by_resource_group(
            self.group, filter="resourceType eq 'Microsoft.OperationalInsights/workspaces'"
        )
        self.assertEqual(names(found), [name])
        by_id.begin_update_by_id(resource, {"tags": {"x": "y"}}, **version).result()
        self.assertEqual(by_id.get_by_id(resource, **version).tags, {"x": "y"})
        by_id.begin_delete_by_id(resource, **version).result()
        self.refused(404, lambda: by_id.get_by_id(resource, **version), "ResourceNotFound")

    def test_identities_and_roles(self):
        identities = management(ManagedServiceIdentityClient).user_assigned_identities
        name = fresh("id")
        made = identities.create_or_update(self.group, name, {"location": LOCATION})
        self.assertTrue(made.principal_id and made.client_id and made.tenant_id)
        self.assertEqual(identities.get(self.group, name).client_id, made.client_id)
        self.assertEqual(identities.update(self.group, name, {"tags": {"a": "b"}}).tags, {"a": "b"})
        self.assertIn(name, names(identities.list_by_resource_group(self.group)))
        self.assertIn(name, names(identities.list_by_subscription()))

        client = management(AuthorizationManagementClient)
        scope = group_id(self.group)
        reader = list(client.role_definitions.list(scope, filter="roleName eq 'Reader'"))
        self.assertEqual([role.name for role in reader], [READER])
        self.assertEqual(client.role_definitions.get(scope, READER).role_name, "Reader")
        assignments = client.role_assignments
        assignment = str(uuid.uuid4())
        wanted = {
            "properties": {
                "roleDefinitionId": reader[0].id,
                "principalId": made.principal_id,
                "principalType": "ServicePrincipal",
            }
        }
        self.assertEqual(assignments.create(scope, assignment, wanted).principal_id, made.principal_id)
        self.refused(409, lambda: assignments.create(scope, str(uuid.uuid4()), wanted), "RoleAssignmentExists")
        self.assertEqual(assignments.get(scope, assignment).role_definition_id, reader[0].id)
        here = assignments.list_for_scope(scope, filter=f"principalId eq '{made.principal_id}'")
        self.assertEqual(names(here), [assignment])
        self.assertIn(assignment, names(assignments.list_for_resource_group(self.group)))
        assignments.delete(scope, assignment)
        self.refused(404, lambda: assignments.get(scope, assignment))

        role = str(uuid.uuid4())
        body = {
            "role_name": f"Looker {role}",
            "description": "Looks",
            "role_type": "CustomRole",
            "permissions": [{"actions": ["*/read"], "not_actions": []}],
            "assignable_scopes": [scope],
        }
        from azure.mgmt.authorization.models import RoleDefinition

        made_role = client.role_definitions.create_or_update(scope, role, RoleDefinition(**body))
        self.assertEqual(made_role.role_type, "CustomRole")
        self.assertIn(role, names(client.role_definitions.list(scope, filter="type eq 'CustomRole'")))
        client.role_definitions.delete(scope, role)

        identities.delete(self.group, name)
        self.refused(404, lambda: identities.get(self.group, name), "ResourceNotFound")

    def test_owner(self):
        client = management(AuthorizationManagementClient)
        mine = client.role_assignments.list_for_subscription(filter=f"principalId eq '{OBJECT_ID}'")
        self.assertEqual(len(list(mine)), 1)

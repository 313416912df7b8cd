"""Workspaces, Application Insights, alerts and diagnostic settings."""

import datetime

from azure.mgmt.applicationinsights import ApplicationInsightsManagementClient
from azure.mgmt.loganalytics import LogAnalyticsManagementClient
from azure.mgmt.monitor import MonitorManagementClient
from azure.mgmt.storage import StorageManagementClient
from support import LOCATION, GroupCase, fresh, group_id, management, names


class Monitor(GroupCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.logs = management(LogAnalyticsManagementClient).workspaces
        cls.name = fresh("law")
        body = {"location": LOCATION, "properties": {"sku": {"name": "PerGB2018"}, "retentionInDays": 30}}
        cls.workspace = cls.logs.begin_create_or_update(cls.group, cls.name, body).result()

    def test_workspaces(self):
        logs = self.logs
        self.assertEqual(logs.get(self.group, self.name).provisioning_state, "Succeeded")
        self.assertEqual(logs.update(self.group, self.name, {"tags": {"a": "b"}}).tags, {"a": "b"})
        self.assertIn(self.name, names(logs.list_by_resource_group(self.group)))
        self.assertIn(self.name, names(logs.list()))
        other = fresh("law")
        logs.begin_create_or_update(self.group, other, {"location": LOCATION}).result()
        logs.begin_delete(self.group, other).result()
        self.refused(404, lambda: logs.get(self.group, other), "ResourceNotFound")

    def test_components(self):
        components = management(ApplicationInsightsManagementClient).components
        name = fresh("appi")
        body = {
            "location": LOCATION,
            "kind": "web",
            "properties": {"Application_Type": "web", "WorkspaceResourceId": self.workspace.id},
        }
        made = components.create_or_update(self.group, name, body)
        self.assertTrue(made.instrumentation_key and made.connection_string and made.app_id)
        self.assertEqual(components.get(self.group, name).app_id, made.app_id)
        self.assertEqual(components.update_tags(self.group, name, {"tags": {"a": "b"}}).tags, {"a": "b"})
        self.assertEqual(names(components.list_by_resource_group(self.group)), [name])
        components.delete(self.group, name)
        self.refused(404, lambda: components.get(self.group, name))

    def test_alerts(self):
        client = management(MonitorManagementClient)
        groups = client.action_groups
        body = {"location": "Global", "group_short_name": "ag", "enabled": True, "email_receivers": []}
        group = groups.create_or_update(self.group, "ag", body)
        self.assertEqual(groups.get(self.group, "ag").group_short_name, "ag")
        self.assertEqual(names(groups.list_by_resource_group(self.group)), ["ag"])
        self.assertFalse(groups.update(self.group, "ag", {"enabled": False}).enabled)

        from azure.mgmt.monitor import models

        criterion = models.MetricCriteria(
            name="c", metric_name="Availability", operator="LessThan", threshold=1, time_aggregation="Average"
        )
        storage = management(StorageManagementClient).storage_accounts
        account = storage.begin_create(
            self.group, fresh("st"), {"location": LOCATION, "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
        ).result()
        alert = models.MetricAlertResource(
            location="global",
            severity=3,
            enabled=True,
            scopes=[account.id],
            evaluation_frequency="PT5M",
            window_size="PT5M",
            criteria=models.MetricAlertSingleResourceMultipleMetricCriteria(all_of=[criterion]),
            actions=[models.MetricAlertAction(action_group_id=group.id)],
        )
        client.metric_alerts.create_or_update(self.group, "m", alert)
        self.assertEqual(client.metric_alerts.get(self.group, "m").severity, 3)
        self.assertEqual(names(client.metric_alerts.list_by_resource_group(self.group)), ["m"])
        client.metric_alerts.delete(self.group, "m")
        self.refused(404, lambda: client.metric_alerts.get(self.group, "m"))

        settings = client.diagnostic_settings
        wanted = models.DiagnosticSettingsResource(
            workspace_id=self.workspace.id, metrics=[models.MetricSettings(category="Transaction", enabled=True)]
        )
        settings.create_or_update(account.id, "d", wanted)
        self.assertEqual(settings.get(account.id, "d").workspace_id, self.workspace.id)
        self.assertEqual(names(settings.list(account.id)), ["d"])
        settings.delete(account.id, "d")
        self.refused(404, lambda: settings.get(account.id, "d"))
        groups.delete(self.group, "ag")
        self.refused(404, lambda: groups.get(self.group, "ag"))

    def test_log_alerts(self):
        """The models of azure-mgmt-monitor are of 2018, in which a rule had another shape."""
        condition = {"query": "AzureDiagnostics", "timeAggregation": "Count", "operator": "GreaterThan", "threshold": 0}
        properties = {
            "severity": 3,
            "enabled": True,
            "scopes": [self.workspace.id],
            "evaluationFrequency": "PT5M",
            "windowSize": "PT5M",
            "criteria": {"allOf": [condition]},
        }
        rule = f"{group_id(self.group)}/providers/Microsoft.Insights/scheduledQueryRules/q"
        self.life(rule, "2023-12-01", {"location": LOCATION, "properties": properties}, "severity", 3)

    def test_budgets(self):
        month = datetime.date.today().replace(day=1).isoformat()
        properties = {
            "category": "Cost",
            "amount": 10.5,
            "timeGrain": "Monthly",
            "timePeriod": {"startDate": f"{month}T00:00:00Z"},
        }
        budget = f"{group_id(self.group)}/providers/Microsoft.Consumption/budgets/b"
        self.life(budget, "2024-08-01", {"properties": properties}, "amount", 10.5)

    def life(self, resource, version, body, name, value):
        """Makes, reads and deletes a resource by its id."""
        resources = self.resources.resources
        resources.begin_create_or_update_by_id(resource, body, api_version=version).result()
        self.assertEqual(resources.get_by_id(resource, api_version=version).properties[name], value)
        resources.begin_delete_by_id(resource, api_version=version).result()
        self.refused(404, lambda: resources.get_by_id(resource, api_version=version))

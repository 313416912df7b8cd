"""Automation accounts and what is in them."""

import datetime
import io
import uuid

from azure.mgmt.automation import AutomationClient
from azure.mgmt.automation import models
from support import LOCATION, GroupCase, fresh, management, names


class Automation(GroupCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client = management(AutomationClient)
        cls.name = fresh("aa")
        cls.place = (cls.group, cls.name)
        body = {"location": LOCATION, "properties": {"sku": {"name": "Basic"}}}
        cls.account = cls.client.automation_account.create_or_update(*cls.place, body)

    def test_accounts(self):
        accounts = self.client.automation_account
        self.assertEqual(accounts.get(*self.place).state, "Ok")
        self.assertEqual(accounts.update(*self.place, {"tags": {"a": "b"}}).tags, {"a": "b"})
        self.assertIn(self.name, names(accounts.list_by_resource_group(self.group)))
        self.assertIn(self.name, names(accounts.list()))
        other = (self.group, fresh("aa"))
        accounts.create_or_update(*other, {"location": LOCATION, "properties": {"sku": {"name": "Basic"}}})
        accounts.delete(*other)
        self.refused(404, lambda: accounts.get(*other), "ResourceNotFound")

    def test_assets(self):
        variables, credentials = self.client.variable, self.client.credential
        variables.create_or_update(*self.place, "v", {"name": "v", "properties": {"value": '"x"', "isEncrypted": False}})
        self.assertEqual(variables.get(*self.place, "v").value, '"x"')
        variables.update(*self.place, "v", {"name": "v", "properties": {"value": '"y"'}})
        self.assertEqual(names(variables.list_by_automation_account(*self.place)), ["v"])
        variables.delete(*self.place, "v")
        self.refused(404, lambda: variables.get(*self.place, "v"))
        credentials.create_or_update(*self.place, "c", {"name": "c", "properties": {"userName": "u", "password": "p"}})
        self.assertEqual(credentials.get(*self.place, "c").user_name, "u")
        credentials.update(*self.place, "c", {"name": "c", "properties": {"userName": "w", "password": "p"}})
        self.assertEqual(names(credentials.list_by_automation_account(*self.place)), ["c"])
        credentials.delete(*self.place, "c")
        self.refused(404, lambda: credentials.get(*self.place, "c"))

    def test_runbooks(self):
        runbooks, drafts, jobs = self.client.runbook, self.client.runbook_draft, self.client.job
        body = {"location": LOCATION, "properties": {"runbookType": "PowerShell72", "draft": {}}}
        runbooks.create_or_update(*self.place, "r", body)
        self.assertEqual(runbooks.get(*self.place, "r").state, "New")
        drafts.begin_replace_content(*self.place, "r", io.BytesIO(b"Write-Output 'x'")).result()
        runbooks.begin_publish(*self.place, "r").result()
        self.assertEqual(runbooks.get(*self.place, "r").state, "Published")
        self.assertEqual("".join(runbooks.get_content(*self.place, "r")), "Write-Output 'x'")
        self.assertEqual(names(runbooks.list_by_automation_account(*self.place)), ["r"])
        webhooks = self.client.webhook
        uri = webhooks.generate_uri(*self.place)
        expiry = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=300)
        wanted = models.WebhookCreateOrUpdateParameters(
            name="w", is_enabled=True, uri=uri.strip('"'), expiry_time=expiry, runbook=models.RunbookAssociationProperty(name="r")
        )
        webhooks.create_or_update(*self.place, "w", wanted)
        self.assertTrue(webhooks.get(*self.place, "w").is_enabled)
        webhooks.update(*self.place, "w", {"name": "w", "properties": {"isEnabled": False}})
        self.assertEqual(names(webhooks.list_by_automation_account(*self.place)), ["w"])
        job = str(uuid.uuid4())
        jobs.create(*self.place, job, {"properties": {"runbook": {"name": "r"}, "parameters": {}}})
        self.assertEqual(jobs.get(*self.place, job).runbook.name, "r")
        self.assertEqual(len(list(jobs.list_by_automation_account(*self.place))), 1)
        webhooks.delete(*self.place, "w")
        runbooks.delete(*self.place, "r")
        self.refused(404, lambda: runbooks.get(*self.place, "r"))

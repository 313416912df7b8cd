"""Factories, their parts and runs."""

import datetime
import time

from azure.mgmt.datafactory import DataFactoryManagementClient
from azure.mgmt.datafactory.models import (
    DatasetReference,
    DatasetResource,
    DelimitedTextDataset,
    Factory,
    HttpLinkedService,
    HttpServerLocation,
    LinkedServiceReference,
    LinkedServiceResource,
    PipelineReference,
    PipelineResource,
    RunFilterParameters,
    ScheduleTrigger,
    ScheduleTriggerRecurrence,
    SetVariableActivity,
    TriggerPipelineReference,
    TriggerResource,
    VariableSpecification,
)
from support import LOCATION, GroupCase, fresh, management, names


class DataFactory(GroupCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client = management(DataFactoryManagementClient)
        cls.name = fresh("adf")
        cls.place = (cls.group, cls.name)
        cls.factory = cls.client.factories.create_or_update(*cls.place, Factory(location=LOCATION))

    def test_factories(self):
        factories = self.client.factories
        self.assertEqual(self.factory.provisioning_state, "Succeeded")
        self.assertEqual(factories.get(*self.place).name, self.name)
        self.assertEqual(factories.update(*self.place, {"tags": {"a": "b"}}).tags, {"a": "b"})
        self.assertIn(self.name, names(factories.list_by_resource_group(self.group)))
        self.assertIn(self.name, names(factories.list()))
        other = (self.group, fresh("adf"))
        factories.create_or_update(*other, Factory(location=LOCATION))
        factories.delete(*other)
        self.refused(404, lambda: factories.get(*other), "ResourceNotFound")

    def test_parts(self):
        client = self.client
        service = LinkedServiceResource(
            properties=HttpLinkedService(url="https://127.0.0.1:1/", authentication_type="Anonymous")
        )
        made = client.linked_services.create_or_update(*self.place, "web", service)
        self.assertTrue(made.etag)
        self.assertEqual(names(client.linked_services.list_by_factory(*self.place)), ["web"])
        dataset = DatasetResource(
            properties=DelimitedTextDataset(
                linked_service_name=LinkedServiceReference(type="LinkedServiceReference", reference_name="web"),
                location=HttpServerLocation(relative_url="x.csv"),
                column_delimiter=",",
                quote_char='"',
                escape_char='"',
                first_row_as_header=True,
            )
        )
        client.datasets.create_or_update(*self.place, "csv", dataset)
        self.assertEqual(client.datasets.get(*self.place, "csv").properties.type, "DelimitedText")
        self.assertEqual(names(client.datasets.list_by_factory(*self.place)), ["csv"])
        self.refused(400, lambda: client.linked_services.delete(*self.place, "web"))
        client.datasets.delete(*self.place, "csv")
        client.linked_services.delete(*self.place, "web")
        # Azure answers 204, which the client takes for done.
        client.linked_services.delete(*self.place, "web")
        self.refused(404, lambda: client.linked_services.get(*self.place, "web"))

    def pipeline(self):
        set_it = SetVariableActivity(name="Set", variable_name="v", value="x")
        return PipelineResource(activities=[set_it], variables={"v": VariableSpecification(type="String")})

    def test_runs(self):
        client = self.client
        first = client.pipelines.create_or_update(*self.place, "p", self.pipeline())
        client.pipelines.create_or_update(*self.place, "p", self.pipeline(), if_match=first.etag)
        self.refused(412, lambda: client.pipelines.create_or_update(*self.place, "p", self.pipeline(), if_match="nope"))
        self.assertIn("p", names(client.pipelines.list_by_factory(*self.place)))
        run = client.pipelines.create_run(*self.place, "p")
        while client.pipeline_runs.get(*self.place, run.run_id).status in ("Queued", "InProgress"):
            time.sleep(0.05)
        self.assertEqual(client.pipeline_runs.get(*self.place, run.run_id).status, "Succeeded")
        now = datetime.datetime.now(datetime.timezone.utc)
        hour = datetime.timedelta(hours=1)
        window = RunFilterParameters(last_updated_after=now - hour, last_updated_before=now + hour)
        activities = client.activity_runs.query_by_pipeline_run(*self.place, run.run_id, window).value
        self.assertEqual([(one.activity_name, one.status) for one in activities], [("Set", "Succeeded")])
        runs = client.pipeline_runs.query_by_factory(*self.place, window).value
        self.assertIn(run.run_id, [one.run_id for one in runs])

        client.pipelines.create_or_update(*self.place, "t", self.pipeline())
        start = now + datetime.timedelta(days=1)
        reference = PipelineReference(type="PipelineReference", reference_name="t")
        trigger = TriggerResource(
            properties=ScheduleTrigger(
                recurrence=ScheduleTriggerRecurrence(frequency="Day", interval=1, start_time=start, time_zone="UTC"),
                pipelines=[TriggerPipelineReference(pipeline_reference=reference)],
            )
        )
        client.triggers.create_or_update(*self.place, "daily", trigger)
        self.assertEqual(client.triggers.get(*self.place, "daily").properties.runtime_state, "Stopped")
        client.triggers.begin_start(*self.place, "daily").result()
        self.assertEqual(client.triggers.get(*self.place, "daily").properties.runtime_state, "Started")
        self.refused(400, lambda: client.triggers.create_or_update(*self.place, "daily", trigger))
        self.refused(400, lambda: client.triggers.delete(*self.place, "daily"))
        client.triggers.begin_stop(*self.place, "daily").result()
        self.assertEqual(names(client.triggers.list_by_factory(*self.place)), ["daily"])
        self.refused(400, lambda: client.pipelines.delete(*self.place, "t"))
        client.triggers.delete(*self.place, "daily")
        client.pipelines.delete(*self.place, "t")
        client.pipelines.delete(*self.place, "p")
        self.refused(404, lambda: client.pipelines.get(*self.place, "p"))

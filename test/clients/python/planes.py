"""Vaults, blobs and factories through Microsoft's Python clients.

Reads from standard input where the emulator is (JSON), runs every case, and writes what failed (JSON: case -> reason).
"""

import datetime
import hashlib
import json
import os
import sys
import uuid

SETTINGS = json.load(sys.stdin)
os.environ["REQUESTS_CA_BUNDLE"] = SETTINGS["caFile"]

from azure.core import MatchConditions  # noqa: E402
from azure.core.exceptions import (  # noqa: E402
    HttpResponseError,
    ResourceExistsError,
    ResourceModifiedError,
    ResourceNotFoundError,
)
from azure.identity import ClientSecretCredential  # noqa: E402
from azure.keyvault.keys import KeyClient  # noqa: E402
from azure.keyvault.keys.crypto import CryptographyClient  # noqa: E402
from azure.keyvault.secrets import SecretClient  # noqa: E402
from azure.mgmt.datafactory import DataFactoryManagementClient, models  # noqa: E402
from azure.storage.blob import BlobBlock, BlobServiceClient, ContentSettings  # noqa: E402

CREDENTIAL = ClientSecretCredential(
    SETTINGS["tenantId"],
    SETTINGS["clientId"],
    SETTINGS["clientSecret"],
    authority=SETTINGS["armUrl"],
    disable_instance_discovery=True,
)
GROUP = SETTINGS["group"]
SERVICE = BlobServiceClient(SETTINGS["blobs"], credential=CREDENTIAL)
SECRETS = SecretClient(SETTINGS["vault"], CREDENTIAL, verify_challenge_resource=False)
KEYS = KeyClient(SETTINGS["vault"], CREDENTIAL, verify_challenge_resource=False)
FACTORIES = DataFactoryManagementClient(
    CREDENTIAL,
    SETTINGS["subscriptionId"],
    base_url=SETTINGS["armUrl"],
    credential_scopes=["https://management.azure.com/.default"],
)


def fresh(prefix):
    return prefix + uuid.uuid4().hex[:8]


def refuses(call, kind, code=None, status=None):
    """Asserts that a call fails as Azure does."""
    try:
        call()
    except kind as error:
        assert code is None or code in str(error), str(error)
        assert status is None or error.status_code == status, error.status_code
        return
    raise AssertionError("it was accepted")


def new_container():
    container = SERVICE.get_container_client(fresh("box-"))
    container.create_container(metadata={"stage": "test"})
    return container


def containers():
    container = new_container()
    refuses(container.create_container, ResourceExistsError, "ContainerAlreadyExists")
    assert container.get_container_properties().metadata == {"stage": "test"}
    container.set_container_metadata({"stage": "other"})
    found = {each.name: each.metadata for each in SERVICE.list_containers(include_metadata=True)}
    assert found[container.container_name] == {"stage": "other"}
    container.delete_container()
    refuses(container.get_container_properties, ResourceNotFoundError)


def blobs():
    blob = new_container().get_blob_client("folder/a name.txt")
    settings = ContentSettings(content_type="text/plain", cache_control="no-store")
    blob.upload_blob(b"hello", content_settings=settings, metadata={"by": "suite"}, validate_content=True)
    refuses(lambda: blob.upload_blob(b"x"), ResourceExistsError, "BlobAlreadyExists")
    blob.upload_blob(b"hello world", overwrite=True, metadata={"by": "suite"}, content_settings=settings)
    assert blob.download_blob(validate_content=True).readall() == b"hello world"
    assert blob.download_blob(offset=6, length=3).readall() == b"wor"
    found = blob.get_blob_properties()
    assert (found.size, found.metadata) == (11, {"by": "suite"})
    assert bytes(found.content_settings.content_md5) == hashlib.md5(b"hello world").digest()
    blob.set_blob_metadata({"by": "another"})
    blob.set_http_headers(ContentSettings(content_type="application/json"))
    stale = {"etag": found.etag, "match_condition": MatchConditions.IfNotModified}
    refuses(lambda: blob.upload_blob(b"z", overwrite=True, **stale), ResourceModifiedError, "ConditionNotMet")
    blob.delete_blob()
    assert blob.exists() is False
    refuses(blob.get_blob_properties, ResourceNotFoundError)
    refuses(blob.download_blob, ResourceNotFoundError, "BlobNotFound")


def leases():
    blob = new_container().get_blob_client("leased")
    blob.upload_blob(b"x")
    lease = blob.acquire_lease(15)
    refuses(blob.delete_blob, HttpResponseError, "LeaseIdMissing")
    blob.set_blob_metadata({"a": "b"}, lease=lease)
    lease.renew()
    lease.change("11111111-1111-1111-1111-111111111111")
    lease.release()
    assert blob.acquire_lease(-1).break_lease(0) == 0
    blob.delete_blob()


def blocks():
    container = new_container()
    large = container.get_blob_client("large")
    content = os.urandom(100 * 1024 * 1024)
    large.upload_blob(content, max_concurrency=4, validate_content=True)
    assert large.download_blob(max_concurrency=4).readall() == content
    blob = container.get_blob_client("blocks")
    for block in ["000", "001"]:
        blob.stage_block(block, b"part" + block.encode(), validate_content=True)
    assert len(blob.get_block_list("uncommitted")[1]) == 2
    blob.commit_block_list([BlobBlock("000"), BlobBlock("001")])
    assert blob.download_blob().readall() == b"part000part001"


def blob_lists():
    container = new_container()
    for name in ["l/1", "l/2", "l/m/3"]:
        container.get_blob_client(name).upload_blob(b"x", metadata={"name": name})
    pages = container.list_blobs(name_starts_with="l/", results_per_page=2).by_page()
    assert [[blob.name for blob in page] for page in pages] == [["l/1", "l/2"], ["l/m/3"]]
    assert sorted(entry.name for entry in container.walk_blobs("l/", delimiter="/")) == ["l/1", "l/2", "l/m/"]
    [first] = container.list_blobs(name_starts_with="l/1", include=["metadata"])
    assert first.metadata == {"name": "l/1"}


def what_blobs_lack():
    container = new_container()
    blob = container.get_blob_client("x")
    blob.upload_blob(b"x")
    refuses(blob.create_snapshot, HttpResponseError, "Snapshot Blob", 501)
    refuses(container.get_blob_client("log").create_append_blob, HttpResponseError, "AppendBlob", 501)
    refuses(lambda: blob.start_copy_from_url(blob.url), HttpResponseError, "copying", 501)


def secrets():
    name = fresh("secret-")
    first = SECRETS.set_secret(name, "one", tags={"stage": "test"}, content_type="text/plain")
    assert first.properties.vault_url == SETTINGS["vault"].rstrip("/")
    SECRETS.set_secret(name, "two")
    assert SECRETS.get_secret(name).value == "two"
    assert SECRETS.get_secret(name, first.properties.version).value == "one"
    assert len(list(SECRETS.list_properties_of_secret_versions(name))) == 2
    assert SECRETS.update_secret_properties(name, tags={"stage": "new"}).tags == {"stage": "new"}
    assert name in [each.name for each in SECRETS.list_properties_of_secrets(max_page_size=1)]
    assert SECRETS.begin_delete_secret(name).result().scheduled_purge_date
    refuses(lambda: SECRETS.set_secret(name, "three"), ResourceExistsError)
    assert name in [each.name for each in SECRETS.list_deleted_secrets()]
    SECRETS.begin_recover_deleted_secret(name).wait()
    SECRETS.begin_delete_secret(name).wait()
    SECRETS.purge_deleted_secret(name)
    refuses(lambda: SECRETS.get_deleted_secret(name), ResourceNotFoundError)
    refuses(lambda: SECRETS.set_secret("bad_name!", "x"), HttpResponseError, status=400)


def keys():
    name = fresh("key-")
    key = KEYS.create_rsa_key(name, size=2048)
    cryptography = CryptographyClient(key.id, CREDENTIAL, verify_challenge_resource=False)
    wrapped = cryptography.wrap_key("RSA-OAEP-256", b"data key")
    KEYS.create_rsa_key(name, size=2048)
    assert cryptography.unwrap_key("RSA-OAEP-256", wrapped.encrypted_key).key == b"data key"
    assert len(list(KEYS.list_properties_of_key_versions(name))) == 2
    assert name in [each.name for each in KEYS.list_properties_of_keys()]
    KEYS.begin_delete_key(name).wait()
    KEYS.begin_recover_deleted_key(name).wait()
    KEYS.begin_delete_key(name).wait()
    KEYS.purge_deleted_key(name)
    refuses(lambda: KEYS.get_key(name), ResourceNotFoundError)


def factories():
    factory = fresh("adf-")
    at = (GROUP, factory)
    made = FACTORIES.factories.create_or_update(*at, models.Factory(location="westeurope"))
    assert FACTORIES.factories.get(*at).e_tag == made.e_tag
    assert factory in [each.name for each in FACTORIES.factories.list()]
    # As JSON: this version of the client sends some types under the name of their base.
    activity = {"name": "Pause", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 1}}
    pipeline = FACTORIES.pipelines.create_or_update(*at, "p", {"properties": {"activities": [activity]}})
    stale = {"etag": "nope", "match_condition": MatchConditions.IfNotModified}
    body = {"properties": {"activities": []}}
    refuses(lambda: FACTORIES.pipelines.create_or_update(*at, "p", body, **stale), HttpResponseError, status=412)
    same = {"etag": pipeline.etag, "match_condition": MatchConditions.IfModified}
    assert FACTORIES.pipelines.get(*at, "p", **same) is None
    run_of(at)
    recurrence = {"frequency": "Day", "interval": 1, "startTime": "2026-01-01T00:00:00Z", "timeZone": "UTC"}
    reference = {"pipelineReference": {"type": "PipelineReference", "referenceName": "p"}}
    trigger = {"type": "ScheduleTrigger", "pipelines": [reference], "typeProperties": {"recurrence": recurrence}}
    FACTORIES.triggers.create_or_update(*at, "t", {"properties": trigger})
    FACTORIES.triggers.begin_start(*at, "t").wait()
    enabled = "TriggerEnabledCannotUpdate"
    refuses(lambda: FACTORIES.triggers.delete(*at, "t"), HttpResponseError, enabled, 400)
    refuses(lambda: FACTORIES.pipelines.delete(*at, "p"), HttpResponseError, "referenced by t", 400)
    FACTORIES.triggers.begin_stop(*at, "t").wait()
    FACTORIES.triggers.delete(*at, "t")
    FACTORIES.pipelines.delete(*at, "p")
    assert list(FACTORIES.pipelines.list_by_factory(*at)) == []
    FACTORIES.factories.delete(*at)
    refuses(lambda: FACTORIES.factories.get(*at), ResourceNotFoundError)


def run_of(at):
    started = FACTORIES.pipelines.create_run(*at, "p")
    status = "Queued"
    while status in ("Queued", "InProgress"):
        status = FACTORIES.pipeline_runs.get(*at, started.run_id).status
    assert status == "Succeeded", status
    now = datetime.datetime.now(datetime.timezone.utc)
    day = datetime.timedelta(days=1)
    window = models.RunFilterParameters(last_updated_after=now - day, last_updated_before=now + day)
    [run] = FACTORIES.pipeline_runs.query_by_factory(*at, window).value
    assert run.run_id == started.run_id
    assert len(FACTORIES.activity_runs.query_by_pipeline_run(*at, started.run_id, window).value) == 1
    assert FACTORIES.trigger_runs.query_by_factory(*at, window).value == []


CASES = [containers, blobs, leases, blocks, blob_lists, what_blobs_lack, secrets, keys, factories]


def outcome(case):
    try:
        case()
        return None
    except Exception as error:  # every failure is a result
        return f"{type(error).__name__}: {error}"


if __name__ == "__main__":
    results = {case.__name__: outcome(case) for case in CASES}
    json.dump(results, sys.stdout)

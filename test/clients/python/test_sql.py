"""SQL servers through Resource Manager; the database over TDS with two drivers of different families."""

import os
import struct
import unittest

from azure.mgmt.sql import SqlManagementClient
from support import LOCATION, OBJECT_ID, TENANT, GroupCase, credential, fresh, management, names

TABLE = "CREATE TABLE dbo.orders (id int IDENTITY PRIMARY KEY, item nvarchar(100) NOT NULL);\n"
PROCEDURE = "CREATE PROCEDURE dbo.place_order @item nvarchar(100) AS\nINSERT INTO dbo.orders (item) VALUES (@item);\n"
LIST = "SELECT id, item FROM dbo.orders ORDER BY id;\n"


def server_body():
    administrator = {
        "administratorType": "ActiveDirectory",
        "azureADOnlyAuthentication": True,
        "login": "deployer",
        "principalType": "Application",
        "sid": OBJECT_ID,
        "tenantId": TENANT,
    }
    return {"location": LOCATION, "properties": {"administrators": administrator, "version": "12.0"}}


def database_body():
    return {"location": LOCATION, "sku": {"name": "GP_S_Gen5_1"}, "properties": {"autoPauseDelay": 60}}


class Sql(GroupCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sql = management(SqlManagementClient)
        cls.name = fresh("sql")
        cls.server = cls.sql.servers.begin_create_or_update(cls.group, cls.name, server_body()).result()
        cls.sql.databases.begin_create_or_update(cls.group, cls.name, "shop", database_body()).result()
        host, port = cls.server.fully_qualified_domain_name.split(",")
        cls.address = (host, int(port))

    def test_servers(self):
        servers = self.sql.servers
        self.assertEqual(servers.get(self.group, self.name).state, "Ready")
        self.assertEqual(servers.begin_update(self.group, self.name, {"tags": {"a": "b"}}).result().tags, {"a": "b"})
        self.assertIn(self.name, names(servers.list_by_resource_group(self.group)))
        self.assertIn(self.name, names(servers.list()))
        other = fresh("sql")
        servers.begin_create_or_update(self.group, other, server_body()).result()
        servers.begin_delete(self.group, other).result()
        self.refused(404, lambda: servers.get(self.group, other), "ResourceNotFound")

    def test_databases(self):
        databases = self.sql.databases
        made = databases.begin_create_or_update(self.group, self.name, "other", database_body()).result()
        self.assertEqual((made.status, made.sku.name), ("Online", "GP_S_Gen5_1"))
        self.assertIn("other", names(databases.list_by_server(self.group, self.name)))
        databases.begin_update(self.group, self.name, "other", {"tags": {"a": "b"}}).result()
        self.assertEqual(databases.get(self.group, self.name, "other").tags, {"a": "b"})
        databases.begin_delete(self.group, self.name, "other").result()
        self.refused(404, lambda: databases.get(self.group, self.name, "other"))

    def test_settings(self):
        sql = self.sql
        only = sql.server_azure_ad_only_authentications.get(self.group, self.name, "Default")
        self.assertTrue(only.azure_ad_only_authentication)
        audit = {"properties": {"state": "Disabled"}}
        sql.server_blob_auditing_policies.begin_create_or_update(self.group, self.name, audit).result()
        self.assertEqual(sql.server_blob_auditing_policies.get(self.group, self.name).state, "Disabled")
        alerts = sql.server_security_alert_policies
        alerts.begin_create_or_update(self.group, self.name, "Default", {"properties": {"state": "Enabled"}}).result()
        self.assertEqual(alerts.get(self.group, self.name, "Default").state, "Enabled")
        backups = sql.backup_short_term_retention_policies
        backups.begin_create_or_update(self.group, self.name, "shop", "default", {"properties": {"retentionDays": 14}}).result()
        self.assertEqual(backups.get(self.group, self.name, "shop", "default").retention_days, 14)

    def test_firewall(self):
        rules = self.sql.firewall_rules
        rule = {"properties": {"startIpAddress": "10.0.0.1", "endIpAddress": "10.0.0.2"}}
        self.assertEqual(rules.create_or_update(self.group, self.name, "r", rule).start_ip_address, "10.0.0.1")
        self.assertEqual(rules.get(self.group, self.name, "r").end_ip_address, "10.0.0.2")
        self.assertEqual(names(rules.list_by_server(self.group, self.name)), ["r"])
        rules.delete(self.group, self.name, "r")
        self.refused(404, lambda: rules.get(self.group, self.name, "r"))

    def token(self):
        return credential.get_token("https://database.windows.net/.default").token

    def check_database(self, connection, marks):
        cursor = connection.cursor()
        for statement in ("BEGIN TRANSACTION", "ROLLBACK TRANSACTION"):
            cursor.execute(statement)
        cursor.execute("SELECT 1")
        self.assertEqual(cursor.fetchone()[0], 1)
        cursor.execute(f"EXEC dbo.place_order @item = {marks}", ("é 'x'",))
        cursor.execute(LIST)
        self.assertEqual(cursor.fetchall()[-1][1], "é 'x'")

    def test_python_tds(self):
        import pytds

        host, port = self.address
        options = {"cafile": os.environ["SSL_CERT_FILE"], "validate_host": False, "autocommit": True}
        with pytds.connect(
            host, "shop", port=port, access_token_callable=self.token, **options
        ) as connection:
            cursor = connection.cursor()
            cursor.execute(TABLE)
            cursor.execute(PROCEDURE)
            self.check_database(connection, "%s")

    def test_then_mssql_python(self):
        """After python-tds, by the alphabet: it uses the procedure that was made there."""
        import mssql_python

        host, port = self.address
        text = self.token().encode("utf-16-le")
        # SQL_COPT_SS_ACCESS_TOKEN of ODBC. The driver takes no file of authorities.
        attributes = {1256: struct.pack("<i", len(text)) + text}
        server = f"Server=tcp:{host},{port};Database=shop;Encrypt=yes;TrustServerCertificate=yes"
        try:
            connection = mssql_python.connect(server, attrs_before=attributes, autocommit=True)
        except mssql_python.OperationalError as error:
            if "Failed to load the driver" in str(error):
                raise unittest.SkipTest("the libraries that Microsoft's ODBC driver needs are missing") from None
            raise
        self.check_database(connection, "?")
        connection.close()

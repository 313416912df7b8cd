import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import com.azure.core.management.AzureEnvironment;
import com.azure.core.management.exception.ManagementException;
import com.azure.core.management.profile.AzureProfile;
import com.azure.identity.ClientSecretCredentialBuilder;
import com.azure.resourcemanager.keyvault.KeyVaultManager;
import com.azure.resourcemanager.msi.MsiManager;
import com.azure.resourcemanager.resources.ResourceManager;
import com.azure.resourcemanager.storage.StorageManager;
import com.microsoft.sqlserver.jdbc.SQLServerDataSource;
import com.microsoft.sqlserver.jdbc.SQLServerDriver;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/** What Java's clients of Azure do with the emulator. The argument names the part. */
public class Clients {
    static final String ENDPOINT = System.getenv("AZURE_RESOURCE_MANAGER_ENDPOINT");
    static final String SUBSCRIPTION = System.getenv("AZURE_SUBSCRIPTION_ID");

    public static void main(String[] parts) throws Exception {
        trustEmulator();
        switch (parts[0]) {
            case "resources" -> resources();
            case "sql" -> sql();
            case "url" -> readUrl(parts[1], Arrays.copyOfRange(parts, 2, parts.length));
            default -> throw new IllegalArgumentException(parts[0]);
        }
        // Netty's threads would keep the process for a while.
        System.exit(0);
    }

    /** Java trusts a store of its own format only. */
    static void trustEmulator() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (var file = new FileInputStream(System.getenv("NODE_EXTRA_CA_CERTS"))) {
            store.setCertificateEntry("emulator", CertificateFactory.getInstance("X.509").generateCertificate(file));
        }
        Path path = Files.createTempFile("trust", ".p12");
        path.toFile().deleteOnExit();
        try (var file = new FileOutputStream(path.toFile())) {
            store.store(file, "changeit".toCharArray());
        }
        System.setProperty("javax.net.ssl.trustStore", path.toString());
        System.setProperty("javax.net.ssl.trustStorePassword", "changeit");
    }

    static TokenCredential credential() {
        return new ClientSecretCredentialBuilder()
            .tenantId(System.getenv("AZURE_TENANT_ID"))
            .clientId(System.getenv("AZURE_CLIENT_ID"))
            .clientSecret(System.getenv("AZURE_CLIENT_SECRET"))
            .authorityHost(ENDPOINT)
            // The authority is not Microsoft's.
            .disableInstanceDiscovery()
            .build();
    }

    static AzureProfile profile() {
        Map<String, String> endpoints = new HashMap<>(AzureEnvironment.AZURE.getEndpoints());
        endpoints.put("resourceManagerEndpointUrl", ENDPOINT);
        endpoints.put("activeDirectoryEndpointUrl", ENDPOINT);
        return new AzureProfile(System.getenv("AZURE_TENANT_ID"), SUBSCRIPTION, new AzureEnvironment(endpoints));
    }

    static String fresh(String prefix) {
        return prefix + Long.toString(System.nanoTime(), 36);
    }

    static void check(boolean holds, Object seen) {
        if (!holds) throw new AssertionError(String.valueOf(seen));
    }

    static void resources() {
        ResourceManager manager = ResourceManager.authenticate(credential(), profile()).withSubscription(SUBSCRIPTION);
        check(manager.subscriptions().listAsync().count().block() == 1, "subscriptions");
        String group = fresh("rg-java-");
        manager.resourceGroups().define(group).withRegion("westeurope").withTag("a", "b").create();
        check(manager.resourceGroups().contain(group), group);
        check(manager.resourceGroups().listByTag("a", "b").stream().anyMatch(one -> one.name().equals(group)), group);

        MsiManager identities = MsiManager.authenticate(credential(), profile());
        var identity = identities.identities().define(fresh("id-")).withRegion("westeurope").withExistingResourceGroup(group).create();
        check(identities.identities().getById(identity.id()).clientId() != null, identity.id());

        StorageManager storage = StorageManager.authenticate(credential(), profile());
        String name = fresh("st");
        check(storage.storageAccounts().checkNameAvailability(name).isAvailable(), name);
        var account = storage.storageAccounts().define(name).withRegion("westeurope").withExistingResourceGroup(group)
            .disableSharedKeyAccess().create();
        check(account.endPoints().primary().blob().contains(name), account.endPoints().primary().blob());
        account.update().withTag("a", "b").apply();
        check(storage.storageAccounts().getById(account.id()).tags().containsKey("a"), account.tags());
        var container = storage.blobContainers().defineContainer("box").withExistingStorageAccount(account)
            .withPublicAccess(com.azure.resourcemanager.storage.models.PublicAccess.NONE).create();
        check(storage.blobContainers().list(group, name).stream().count() == 1, container.name());
        storage.storageAccounts().deleteById(account.id());

        KeyVaultManager vaults = KeyVaultManager.authenticate(credential(), profile());
        var vault = vaults.vaults().define(fresh("kv-")).withRegion("westeurope").withExistingResourceGroup(group)
            .withRoleBasedAccessControl().create();
        check(vaults.vaults().getByResourceGroup(group, vault.name()).vaultUri() != null, vault.vaultUri());
        vaults.vaults().deleteById(vault.id());
        vaults.vaults().purgeDeleted(vault.name(), "westeurope");

        manager.resourceGroups().deleteByName(group);
        try {
            manager.resourceGroups().getByName(group);
            throw new AssertionError("The group is still there.");
        } catch (ManagementException error) {
            check(error.getValue().getCode().equals("ResourceGroupNotFound"), error.getValue().getCode());
        }
    }

    static void sql() throws Exception {
        ResourceManager manager = ResourceManager.authenticate(credential(), profile()).withSubscription(SUBSCRIPTION);
        String group = fresh("rg-java-");
        manager.resourceGroups().define(group).withRegion("westeurope").create();
        var administrators = Map.of("administratorType", "ActiveDirectory", "azureADOnlyAuthentication", true, "login", "deployer",
            "principalType", "Application", "sid", System.getenv("AZURE_OBJECT_ID"), "tenantId", System.getenv("AZURE_TENANT_ID"));
        String name = fresh("sql-java-");
        var server = manager.genericResources().define(name).withRegion("westeurope").withExistingResourceGroup(group)
            .withResourceType("servers").withProviderNamespace("Microsoft.Sql").withoutPlan().withApiVersion("2023-08-01")
            .withProperties(Map.of("administrators", administrators)).create();
        manager.genericResources().define("shop").withRegion("westeurope").withExistingResourceGroup(group)
            .withResourceType("databases").withProviderNamespace("Microsoft.Sql").withoutPlan()
            .withParentResourcePath("servers/" + name).withApiVersion("2023-08-01").withProperties(Map.of()).create();
        Object domain = ((Map<?, ?>) server.properties()).get("fullyQualifiedDomainName");
        String[] address = String.valueOf(domain).split(",");

        String scope = "https://database.windows.net/.default";
        SQLServerDataSource source = new SQLServerDataSource();
        source.setServerName(address[0]);
        source.setPortNumber(Integer.parseInt(address[1]));
        source.setDatabaseName("shop");
        source.setTrustStore(System.getProperty("javax.net.ssl.trustStore"));
        source.setTrustStorePassword("changeit");
        source.setAccessToken(credential().getTokenSync(new TokenRequestContext().addScopes(scope)).getToken());
        for (String encrypt : new String[] {"true", "strict"}) {
            source.setEncrypt(encrypt);
            try (Connection connection = source.getConnection()) {
                use(connection, encrypt);
            }
        }
    }

    static void use(Connection connection, String encrypt) throws SQLException {
        try (var statement = connection.createStatement()) {
            if (encrypt.equals("true")) {
                statement.execute("CREATE TABLE dbo.orders (id int IDENTITY PRIMARY KEY, item nvarchar(100) NOT NULL);\n");
                statement.execute("CREATE PROCEDURE dbo.place_order @item nvarchar(100) AS\nINSERT INTO dbo.orders (item) VALUES (@item);\n");
            }
            connection.setAutoCommit(false);
            place(connection, "lost");
            connection.rollback();
            connection.setAutoCommit(true);
            place(connection, "é 'x' " + encrypt);
            String last = "";
            try (var rows = statement.executeQuery("SELECT id, item FROM dbo.orders ORDER BY id;\n")) {
                while (rows.next()) check(!(last = rows.getString(2)).equals("lost"), last);
            }
            check(last.equals("é 'x' " + encrypt), last);
        }
        try (var call = connection.prepareCall("{call dbo.nothing_of_that_name}")) {
            call.execute();
            throw new AssertionError("There is no such procedure.");
        } catch (SQLException error) {
            check(error.getErrorCode() == 2812, error);
        }
    }

    static void place(Connection connection, String item) throws SQLException {
        try (var call = connection.prepareCall("{call dbo.place_order(?)}")) {
            call.setNString(1, item);
            call.execute();
        }
    }

    /** The driver reads from the URL what was written into it: a name and its value, one after the other. */
    static void readUrl(String url, String[] expected) throws SQLException {
        Map<String, String> found = new HashMap<>();
        for (var property : new SQLServerDriver().getPropertyInfo(url, new Properties())) found.put(property.name, property.value);
        for (int index = 0; index < expected.length; index += 2)
            check(expected[index + 1].equals(found.get(expected[index])), expected[index] + ": " + found.get(expected[index]));
    }
}

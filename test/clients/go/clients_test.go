// Package clients holds what Go's clients of Azure do with the emulator.
package clients

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	mssql "github.com/microsoft/go-mssqldb"
)

var endpoint = os.Getenv("AZURE_RESOURCE_MANAGER_ENDPOINT")

// token signs in as the deployer, from the environment.
func token(t *testing.T, scope string) string {
	t.Helper()
	credential, err := azidentity.NewEnvironmentCredential(&azidentity.EnvironmentCredentialOptions{
		ClientOptions: azcore.ClientOptions{Cloud: cloud.Configuration{ActiveDirectoryAuthorityHost: endpoint}},
		// The authority is not Microsoft's.
		DisableInstanceDiscovery: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	found, err := credential.GetToken(context.Background(), policy.TokenRequestOptions{Scopes: []string{scope}})
	if err != nil {
		t.Fatal(err)
	}
	return found.Token
}

// put makes a resource, waits until it is there, and returns its properties.
func put(t *testing.T, id, version string, body any) map[string]any {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	if status, answer := call(t, http.MethodPut, id, version, text); status >= 300 {
		t.Fatalf("PUT %s: %d %v", id, status, answer)
	}
	for {
		if status, found := call(t, http.MethodGet, id, version, nil); status == http.StatusOK {
			properties, _ := found["properties"].(map[string]any)
			return properties
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func call(t *testing.T, method, id, version string, body []byte) (int, map[string]any) {
	t.Helper()
	request, err := http.NewRequest(method, endpoint+id+"?api-version="+version, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token(t, "https://management.azure.com/.default"))
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer := map[string]any{}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil && err != io.EOF {
		t.Fatal(err)
	}
	return response.StatusCode, answer
}

// newDatabase makes a server and a database, and returns the server's host and port.
func newDatabase(t *testing.T) (string, string) {
	t.Helper()
	group := fmt.Sprintf("/subscriptions/%s/resourceGroups/rg-go-%d", os.Getenv("AZURE_SUBSCRIPTION_ID"), time.Now().UnixNano())
	put(t, group, "2024-03-01", map[string]any{"location": "westeurope"})
	server := fmt.Sprintf("%s/providers/Microsoft.Sql/servers/sql-go-%d", group, time.Now().UnixNano())
	administrators := map[string]any{
		"administratorType": "ActiveDirectory", "azureADOnlyAuthentication": true, "login": "deployer",
		"principalType": "Application", "sid": os.Getenv("AZURE_OBJECT_ID"), "tenantId": os.Getenv("AZURE_TENANT_ID"),
	}
	properties := map[string]any{"administrators": administrators}
	made := put(t, server, "2023-08-01", map[string]any{"location": "westeurope", "properties": properties})
	put(t, server+"/databases/shop", "2023-08-01", map[string]any{"location": "westeurope"})
	host, port, _ := strings.Cut(made["fullyQualifiedDomainName"].(string), ",")
	return host, port
}

func TestSQL(t *testing.T) {
	host, port := newDatabase(t)
	open := func(encrypt string) *sql.DB {
		url := fmt.Sprintf("sqlserver://%s:%s?database=shop&encrypt=%s", host, port, encrypt)
		connector, err := mssql.NewAccessTokenConnector(url, func() (string, error) {
			return token(t, "https://database.windows.net/.default"), nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return sql.OpenDB(connector)
	}
	database := open("true")
	for _, statement := range []string{
		"CREATE TABLE dbo.orders (id int IDENTITY PRIMARY KEY, item nvarchar(100) NOT NULL);\n",
		"CREATE PROCEDURE dbo.place_order @item nvarchar(100) AS\nINSERT INTO dbo.orders (item) VALUES (@item);\n",
	} {
		if _, err := database.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	database.Close()
	for _, encrypt := range []string{"disable", "true", "strict"} {
		t.Run(encrypt, func(t *testing.T) { useDatabase(t, open(encrypt), "é 'x' "+encrypt) })
	}
}

func useDatabase(t *testing.T, database *sql.DB, item string) {
	defer database.Close()
	var one int
	if err := database.QueryRow("SELECT 1").Scan(&one); err != nil || one != 1 {
		t.Fatal(one, err)
	}
	transaction, err := database.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := transaction.Exec("dbo.place_order", sql.Named("item", "lost")); err != nil {
		t.Fatal(err)
	}
	if err := transaction.Rollback(); err != nil {
		t.Fatal(err)
	}
	if _, err := database.Exec("dbo.place_order", sql.Named("item", item)); err != nil {
		t.Fatal(err)
	}
	rows, err := database.Query("SELECT id, item FROM dbo.orders ORDER BY id;\n")
	if err != nil {
		t.Fatal(err)
	}
	var id int
	var last string
	for rows.Next() {
		if err := rows.Scan(&id, &last); err != nil || last == "lost" {
			t.Fatal(last, err)
		}
	}
	if last != item {
		t.Fatal(last)
	}
	_, err = database.Exec("dbo.nothing_of_that_name")
	if found, ok := err.(mssql.Error); !ok || found.Number != 2812 {
		t.Fatal(err)
	}
}

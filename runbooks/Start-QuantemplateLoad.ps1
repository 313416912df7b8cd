<#
.SYNOPSIS
    Loads a Quantemplate dataset: starts the Data Factory pipeline QT_fetch_data when a DatasetUpdated event arrives, and waits for its end.

.DESCRIPTION
    Started by a webhook. Runs on Windows PowerShell 5.1 (deployed there: webhook data is reported broken on 7) and on PowerShell 7; needs no
    module. Running it twice for one event is harmless, because publishing an unchanged snapshot changes nothing; Automation starts an
    interrupted job again from the beginning. The job fails unless the pipeline succeeds.

    Automation variables: ADF-CredentialName (empty: the account's managed identity), ADF-TenantID, ADF-SubscriptionID,
    ADF-ResourceGroupName, ADF-DataFactoryName, QT-Datasets (text, JSON: {"ids":["d-1"],"unknown":"ignore"|"land"}).

    Callers of a webhook can set WebhookData only. The other parameters serve other clouds and the local stand-in.
#>
param(
    [object] $WebhookData,
    [string] $PipelineName = 'QT_fetch_data',
    [string] $ArmEndpoint = 'https://management.azure.com',
    [string] $LoginEndpoint = 'https://login.microsoftonline.com',
    [double] $FirstPollSeconds = 5,
    [double] $LongestPollSeconds = 60,
    [double] $DeadlineMinutes = 150  # Automation stops a job after three hours without a word.
)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
[Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12

function Test-JsonObject($Value) {
    $Value -is [System.Management.Automation.PSCustomObject] -or $Value -is [hashtable]
}

function ConvertFrom-JsonObject([string] $Text, [string] $What) {
    # PowerShell 7 unwraps a list of one object, so the first character is asked, not the result.
    if ($Text -notmatch '\A[ \t\r\n]*\{') { throw "Rejected: $What is not a JSON object." }
    try { ConvertFrom-Json -InputObject $Text } catch { throw "Rejected: $What is not valid JSON." }
}

function Get-Setting([string] $Name, [switch] $AllowEmpty) {
    try { $value = Get-AutomationVariable -Name $Name } catch { throw "Automation variable '$Name' is missing. Deploy the stack again to restore it." }
    if (-not $AllowEmpty -and -not "$value".Trim()) { throw "Automation variable '$Name' is empty. Deploy the stack again to restore it." }
    "$value".Trim()
}

# One request, repeated where the answer was throttling, a server fault or none at all (status 0).
function Invoke-Request([hashtable] $Request, [string] $What, [int[]] $AlsoRetry = @()) {
    $pause = $FirstPollSeconds
    for ($attempt = 1; ; $attempt++) {
        try { return Invoke-RestMethod @Request -UseBasicParsing -TimeoutSec 100 } catch {
            $response = $_.Exception.Response
            $status = if ($response) { [int] $response.StatusCode } else { 0 }
            $detail = if ($_.ErrorDetails -and $_.ErrorDetails.Message) { $_.ErrorDetails.Message } else { $_.Exception.Message }
        }
        $again = $status -in (@(0, 408, 429) + $AlsoRetry) -or $status -ge 500
        if (-not $again -or $attempt -ge 5) {
            try { $problem = (ConvertFrom-Json -InputObject $detail).error } catch { $problem = $null }
            if ($problem.message) { $detail = "$($problem.code): $($problem.message)" }
            throw "$What failed with status ${status}: $detail"
        }
        Start-Sleep -Milliseconds ([int] ($pause * 1000))
        $pause = [Math]::Min($pause * 2, $LongestPollSeconds)
    }
}

function Get-ArmToken {
    if ($script:token -and [DateTime]::UtcNow -lt $script:tokenRenewal) { return $script:token }
    if ($credentialName) {
        try { $credential = Get-AutomationPSCredential -Name $credentialName } catch { $credential = $null }
        if (-not $credential) { throw "Automation credential '$credentialName' is missing (variable 'ADF-CredentialName' names it)." }
        $answer = Invoke-Request @{
            Method = 'Post'
            Uri    = '{0}/{1}/oauth2/v2.0/token' -f $LoginEndpoint.TrimEnd('/'), [Uri]::EscapeDataString($tenantId)
            Body   = @{
                grant_type    = 'client_credentials'
                client_id     = $credential.UserName
                client_secret = $credential.GetNetworkCredential().Password
                scope         = 'https://management.azure.com/.default'
            }
        } "Signing in with credential '$credentialName'"
    } else {
        if (-not $env:IDENTITY_ENDPOINT) { throw 'The Automation account has no managed identity, and variable ADF-CredentialName is empty.' }
        $answer = Invoke-Request @{
            Method  = 'Get'
            Uri     = "$($env:IDENTITY_ENDPOINT)?resource=https://management.azure.com/"
            Headers = @{ 'X-IDENTITY-HEADER' = $env:IDENTITY_HEADER; Metadata = 'True' }
        } "Signing in with the account's managed identity"
    }
    $script:tokenRenewal = [DateTime]::UtcNow.AddMinutes(30)
    $script:token = $answer.access_token
    $script:token
}

function Invoke-DataFactory([string] $Method, [string] $Path, $Body, [int[]] $AlsoRetry = @()) {
    $request = @{
        Method  = $Method
        Uri     = "$factoryUrl/${Path}?api-version=2018-06-01"
        Headers = @{ Authorization = "Bearer $(Get-ArmToken)"; 'x-ms-client-request-id' = $jobId }
    }
    if ($null -ne $Body) {
        $request.Body = [Text.Encoding]::UTF8.GetBytes((ConvertTo-Json -InputObject $Body -Depth 6 -Compress))
        $request.ContentType = 'application/json; charset=utf-8'
    }
    Invoke-Request $request "Data Factory '$factoryName', $Path," $AlsoRetry
}

# --- The event -------------------------------------------------------------------------------------------------------------------------------
if (-not $WebhookData) {
    Write-Output 'Not started by a webhook. Nothing to do.'
    return
}
if ($WebhookData -is [string]) { $WebhookData = ConvertFrom-JsonObject $WebhookData 'the webhook data' }
$body = $WebhookData.RequestBody
if ($body -is [string]) { $body = ConvertFrom-JsonObject $body 'the request body' }
if (-not (Test-JsonObject $body)) { throw 'Rejected: the request body is not a JSON object.' }
$payload = if (Test-JsonObject $body.payload) { $body.payload } else { $null }

$eventName = @($body.name, $body.eventName, $payload.eventName) | Where-Object { $_ -is [string] -and $_ } | Select-Object -First 1
if (-not $eventName) { throw 'Rejected: the event has no name (name, eventName or payload.eventName).' }
if ($eventName -ne 'DatasetUpdated') {
    $shown = $eventName.Substring(0, [Math]::Min(60, $eventName.Length)) -replace '[^A-Za-z0-9 ._-]', '?'
    Write-Output "Not supported event: $shown. Nothing to do."
    return
}
$datasetId = $payload.datasetId
if ($datasetId -isnot [string] -or $datasetId -cnotmatch '\A[A-Za-z0-9][A-Za-z0-9._-]{0,199}\z') {
    throw 'Rejected: payload.datasetId is missing or is not an id (letters, digits, ".", "_" and "-", at most 200, the first one a letter or digit).'
}

# --- The settings ----------------------------------------------------------------------------------------------------------------------------
$credentialName = Get-Setting 'ADF-CredentialName' -AllowEmpty
$tenantId = Get-Setting 'ADF-TenantID'
$factoryName = Get-Setting 'ADF-DataFactoryName'
$factoryUrl = '{0}/subscriptions/{1}/resourceGroups/{2}/providers/Microsoft.DataFactory/factories/{3}' -f $ArmEndpoint.TrimEnd('/'),
    [Uri]::EscapeDataString((Get-Setting 'ADF-SubscriptionID')),
    [Uri]::EscapeDataString((Get-Setting 'ADF-ResourceGroupName')),
    [Uri]::EscapeDataString($factoryName)
$datasetsText = Get-Setting 'QT-Datasets'
try { $datasets = ConvertFrom-JsonObject $datasetsText 'QT-Datasets' } catch { $datasets = $null }
if ($datasets.ids -isnot [array] -or $datasets.unknown -cnotin 'ignore', 'land') {
    throw "Automation variable 'QT-Datasets' is not JSON of the form {""ids"":[...],""unknown"":""ignore""|""land""}. Deploy the stack again to restore it."
}
if ($datasets.ids -cnotcontains $datasetId) {
    if ($datasets.unknown -ceq 'ignore') {
        Write-Output "Dataset $datasetId is not configured, and unknown datasets are ignored. Nothing to do."
        return
    }
    Write-Output "Dataset $datasetId is not configured: it lands in a table without a key."
}

# --- The pipeline ----------------------------------------------------------------------------------------------------------------------------
$jobId = "$($PSPrivateMetadata.JobId.Guid)"
if (-not $jobId) { $jobId = "$([Guid]::NewGuid())" }

# A run that still waits behind the pipeline's concurrency will fetch what this event announces.
$now = [DateTime]::UtcNow
$query = @{
    lastUpdatedAfter  = $now.AddDays(-1).ToString('o')
    lastUpdatedBefore = $now.AddMinutes(5).ToString('o')
    filters           = @(
        @{ operand = 'PipelineName'; operator = 'Equals'; values = @($PipelineName) },
        @{ operand = 'Status'; operator = 'Equals'; values = @('Queued') }
    )
}
do {
    $page = Invoke-DataFactory Post 'queryPipelineRuns' $query
    $queued = $page.value | Where-Object { $_.parameters.DatasetID -ceq $datasetId } | Select-Object -First 1
    $query['continuationToken'] = $page.continuationToken
} while (-not $queued -and $page.continuationToken)
if ($queued) {
    Write-Output "Run $($queued.runId) of dataset $datasetId is still queued and will fetch this update. Nothing to start."
    return
}

$runId = (Invoke-DataFactory Post "pipelines/$PipelineName/createRun" @{ DatasetID = $datasetId }).runId
if (-not $runId) { throw "Data Factory '$factoryName' gave no run id for pipeline $PipelineName." }
Write-Output "Started $PipelineName for dataset ${datasetId}: run $runId"

$clock = [Diagnostics.Stopwatch]::StartNew()
$pause = $FirstPollSeconds
$lastStatus = ''
while ($true) {
    # A run may be unreadable (404) for a moment after its start.
    $run = Invoke-DataFactory Get "pipelineruns/$runId" $null @(404)
    if ($run.status -ne $lastStatus) { Write-Output "Run ${runId}: $($run.status)" }
    $lastStatus = $run.status
    if ($run.status -and $run.status -notin 'Queued', 'InProgress', 'Canceling') { break }
    if ($clock.Elapsed.TotalMinutes -ge $DeadlineMinutes) {
        throw "Run $runId of dataset $datasetId is still $($run.status) after $DeadlineMinutes minutes. It goes on in Data Factory; look at it there."
    }
    Start-Sleep -Milliseconds ([int] ($pause * 1000))
    $pause = [Math]::Min($pause * 1.5, $LongestPollSeconds)
}
if ($run.status -ne 'Succeeded') {
    throw "$PipelineName ended $($run.status) for dataset $datasetId (run $runId): $($run.message)"
}
Write-Output "Dataset $datasetId loaded in $([Math]::Round($clock.Elapsed.TotalSeconds, 1)) s."

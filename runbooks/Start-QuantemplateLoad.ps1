<#
.SYNOPSIS
    Starts the Data Factory pipeline QT_fetch_data for a Quantemplate dataset when a DatasetUpdated event of it arrives.

.DESCRIPTION
    Started by a webhook. Does the same on Windows PowerShell 5.1 (deployed there: webhook data is reported broken on 7) and on PowerShell 7,
    because it sends requests and reads JSON by .NET itself: the cmdlets of the two differ. Needs no module. Running it twice for one event is
    harmless, because publishing an unchanged snapshot changes nothing; Automation starts an interrupted job again from the beginning.

    The job ends once the run is started, because Automation starts only so many jobs at once and a further event is lost. Where the tenant
    says so (QT-WaitForEnd), it waits for the run's end and fails unless the run succeeded.

    Automation variables: ADF-CredentialName (empty: the account's managed identity), ADF-TenantID, ADF-SubscriptionID,
    ADF-ResourceGroupName, ADF-DataFactoryName, QT-WaitForEnd (text: true or false), QT-Datasets (text, JSON:
    {"ids":["d-1"],"unknown":"ignore"|"land"}).

    In an account that several tenants share, each tenant's variables have names that begin with its VariablesPrefix, which its webhook gives.
    Whoever starts the runbook by hand there gives it too.

    Callers of a webhook can set WebhookData only. The other parameters serve other clouds and the local stand-in.
#>
param(
    [object] $WebhookData,
    [string] $PipelineName = 'QT_fetch_data',
    [string] $VariablesPrefix = '',
    [string] $ArmEndpoint = 'https://management.azure.com',
    [string] $LoginEndpoint = 'https://login.microsoftonline.com',
    [double] $FirstPollSeconds = 5,
    [double] $LongestPollSeconds = 60,
    [double] $LongestRetryAfterSeconds = 300,
    [double] $RequestSeconds = 100,
    [double] $DeadlineMinutes = 150  # from the job's start; Automation stops a job after three hours without a word
)

$ErrorActionPreference = 'Stop'
$began = (Get-Date).ToUniversalTime()
Add-Type -AssemblyName System.Net.Http
[Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12
$handler = New-Object Net.Http.HttpClientHandler
$handler.AllowAutoRedirect = $false  # no endpoint here redirects, and what is sent may be a secret
$http = New-Object Net.Http.HttpClient $handler
$http.Timeout = [TimeSpan]::FromSeconds($RequestSeconds)
$http.DefaultRequestHeaders.ExpectContinue = $false

# --- JSON ------------------------------------------------------------------------------------------------------------------------------------
$jsonToken = [regex] ('\G[ \t\r\n]*(?:(?<mark>[{}\[\],:])|"(?<text>(?>[^"\\\x00-\x1F]+|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*)"|' +
    'true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)')

# Reads strictly, and texts as they were written: ConvertFrom-Json makes dates of some, and takes more for JSON than there is. Numbers, true,
# false and null become $null, because nothing here asks for them.
function Read-JsonObject([string] $Text, [string] $What) {
    if ($Text -cnotmatch '\A[ \t\r\n]*\{') { throw "Rejected: $What is not a JSON object." }
    $around = New-Object Collections.Stack
    $wanted = '{'  # the kinds of token that may come next: a mark itself, k(ey), t(ext), w(ord)
    foreach ($token in $jsonToken.Matches($Text)) {
        $kind = $token.Groups['mark'].Value
        $isText = $token.Groups['text'].Success
        if ($isText) { $kind = if ($wanted.Contains('k')) { 'k' } else { 't' } } elseif (-not $kind) { $kind = 'w' }
        if (-not $wanted.Contains($kind)) { throw "Rejected: $What is not valid JSON." }
        $end = $token.Index + $token.Length

        $value = $null
        if ($isText) { $value = [regex]::Unescape($token.Groups['text'].Value) }
        if ($kind -ceq '{') { $value = New-Object 'Collections.Generic.Dictionary[string,object]' ([StringComparer]::Ordinal) }
        if ($kind -ceq '[') { $value = New-Object Collections.ArrayList }
        if ($kind -ceq 'k') { $key = $value }
        elseif ('{[tw'.Contains($kind)) {
            if ($around.Count -eq 0) { $root = $value }
            elseif ($around.Peek() -is [Collections.IDictionary]) { $around.Peek()[$key] = $value }
            else { $null = $around.Peek().Add($value) }
        }
        if ('{['.Contains($kind)) { $around.Push($value) } elseif ('}]'.Contains($kind)) { $null = $around.Pop() }

        if ($kind -ceq '{') { $wanted = 'k}' }
        elseif ($kind -ceq '[') { $wanted = '{[tw]' }
        elseif ($kind -ceq 'k') { $wanted = ':' }
        elseif ($kind -ceq ':') { $wanted = '{[tw' }
        elseif ($around.Count -eq 0) { $wanted = '' }
        elseif ($around.Peek() -is [Collections.IDictionary]) { $wanted = if ($kind -ceq ',') { 'k' } else { ',}' } }
        else { $wanted = if ($kind -ceq ',') { '{[tw' } else { ',]' } }
    }
    if ($wanted -or $Text.Substring($end) -cnotmatch '\A[ \t\r\n]*\z') { throw "Rejected: $What is not valid JSON." }
    $root
}

# The value of that name, in upper or lower case. (get_Keys(): .Keys would give a member that is named Keys.)
function Get-Value($Object, [string] $Name) {
    if ($Object -isnot [Collections.IDictionary]) { return }
    $keys = @($Object.get_Keys() | Where-Object { [string]::Equals($_, $Name, [StringComparison]::OrdinalIgnoreCase) })
    if ($keys.Count -gt 1) { throw "Rejected: $Name is there twice, in upper and lower case." }
    if ($keys.Count -eq 1) { , $Object[$keys[0]] }
}

# The same where it is text; otherwise ''.
function Get-Text($Object, [string] $Name) {
    $value = Get-Value $Object $Name
    if ($value -is [string]) { $value } else { '' }
}

# Letter by letter: -ceq finds texts equal that differ in letters that nobody sees.
function Test-Same([string] $One, [string] $Other) {
    [string]::Equals($One, $Other, [StringComparison]::Ordinal)
}

# --- Assets ----------------------------------------------------------------------------------------------------------------------------------
# Reads a variable or a credential; tries again where it cannot be read, and not where there is none.
function Read-Asset([string] $What, [string] $WhereMissing, [scriptblock] $Read) {
    for ($attempt = 1; ; $attempt++) {
        try { return & $Read } catch {
            if ("$_" -like '*not found*') { throw "$What is missing$WhereMissing" }
            if ($attempt -ge 3) { throw "$What could not be read: $(Get-Line "$_")" }
        }
        Start-Pause $attempt
    }
}

function Get-Setting([string] $Name, [switch] $AllowEmpty) {
    $Name = "$VariablesPrefix$Name"
    $restore = '. Deploy the stack again to restore it.'
    $value = "$(Read-Asset "Automation variable '$Name'" $restore { Get-AutomationVariable -Name $Name -ErrorAction Stop })".Trim()
    if (-not $AllowEmpty -and -not $value) { throw "Automation variable '$Name' is empty$restore" }
    $value
}

# --- Requests --------------------------------------------------------------------------------------------------------------------------------
function Test-TimeIsUp {
    ((Get-Date).ToUniversalTime() - $began).TotalMinutes -ge $DeadlineMinutes
}

# Before the next attempt: longer with each one, and at least as long as the answer asks for.
function Start-Pause([int] $Attempt, [double] $RetryAfterSeconds) {
    $pause = [Math]::Min($FirstPollSeconds * [Math]::Pow(2, $Attempt - 1), $LongestPollSeconds)
    $pause = [Math]::Max($pause, [Math]::Min($RetryAfterSeconds, $LongestRetryAfterSeconds))
    Start-Sleep -Milliseconds ([Math]::Floor($pause * 1000))
}

# The text as one line of at most 1,000 characters.
function Get-Line([string] $Text) {
    $line = ($Text -creplace '[\x00-\x20]+', ' ').Trim(' ')
    if (-not $line) { 'no text' } else { $line.Substring(0, [Math]::Min(1000, $line.Length)) }
}

# What an answer says of its fault: Resource Manager's code and message, the login's error and description, otherwise its text.
function Get-Problem([string] $Text) {
    try {
        $answer = Read-JsonObject $Text
        $problem = Get-Value $answer 'error'
        if ($problem -is [Collections.IDictionary]) { $code, $message = (Get-Text $problem 'code'), (Get-Text $problem 'message') }
        else { $code, $message = (Get-Text $answer 'error'), (Get-Text $answer 'error_description') }
        if ($message) { $Text = if ($code) { "${code}: $message" } else { $message } }
    } catch { }  # It is told as it is.
    Get-Line $Text
}

# Status 0 stands for no answer at all.
function Send-Request([hashtable] $Request) {
    try {
        $message = New-Object Net.Http.HttpRequestMessage
        $message.Method = New-Object Net.Http.HttpMethod $Request.Method
        $message.RequestUri = $Request.Uri
        foreach ($name in $Request.Headers.Keys) { $null = $message.Headers.TryAddWithoutValidation($name, "$($Request.Headers[$name])") }
        if ($Request.Body) {
            $message.Content = New-Object Net.Http.ByteArrayContent (, [Text.Encoding]::UTF8.GetBytes($Request.Body))
            $null = $message.Content.Headers.TryAddWithoutValidation('Content-Type', $Request.Type)
        }
        $answer = $http.SendAsync($message).GetAwaiter().GetResult()
        $bytes = $answer.Content.ReadAsByteArrayAsync().GetAwaiter().GetResult()
        $asked = $answer.Headers.RetryAfter
        $retryAfter = if ($asked.Delta) { $asked.Delta.TotalSeconds }
        elseif ($asked.Date) { ($asked.Date.UtcDateTime - (Get-Date).ToUniversalTime()).TotalSeconds }
        @{ Status = [int] $answer.StatusCode; Text = [Text.Encoding]::UTF8.GetString($bytes).TrimStart([char] 0xFEFF); RetryAfter = $retryAfter }
    } catch {
        $reason = if ($_.Exception.InnerException -is [Threading.Tasks.TaskCanceledException]) { "no answer in $RequestSeconds s" }
        else { $_.Exception.GetBaseException().Message }
        @{ Status = 0; Text = $reason }
    }
}

# Gives the object that the answer is. Repeats what met throttling, a server fault or no answer; a refusal for ten minutes.
function Invoke-Request([hashtable] $Request, [string] $What, [int[]] $AlsoRetry = @()) {
    $refusals = 0
    for ($attempt = 1; ; $attempt++) {
        $answer = Send-Request $Request
        $script:status = $answer.Status
        if ($status -ge 200 -and $status -le 299) {
            # Its text is not told: it could hold a token.
            try { return Read-JsonObject $answer.Text } catch { throw "$What got an answer that is not a JSON object." }
        }
        $again = $status -in (@(0, 408, 429) + $AlsoRetry) -or $status -ge 500
        if ($status -eq 403) { $refusals++ }
        # 14 attempts are a little more than ten minutes.
        $most = if ($status -eq 403) { 14 } else { 5 + $refusals }
        if (-not $again -or $attempt -ge $most -or (Test-TimeIsUp)) { throw "$What failed with status ${status}: $(Get-Problem $answer.Text)" }
        Start-Pause $attempt $answer.RetryAfter
    }
}

function Get-ArmToken {
    if ((Get-Date).ToUniversalTime() -lt $script:tokenRenewal) { return $script:token }
    if ($credentialName) {
        $what = "Signing in with credential '$credentialName'"
        $names = " (variable '${VariablesPrefix}ADF-CredentialName' names it)."
        $credential = Read-Asset "Automation credential '$credentialName'" $names { Get-AutomationPSCredential -Name $credentialName -ErrorAction Stop }
        if (-not $credential) { throw "Automation credential '$credentialName' is missing$names" }
        $form = @{
            grant_type    = 'client_credentials'
            client_id     = $credential.UserName
            client_secret = $credential.GetNetworkCredential().Password
            scope         = 'https://management.azure.com/.default'
        }
        $answer = Invoke-Request @{
            Method  = 'POST'
            Uri     = '{0}/{1}/oauth2/v2.0/token' -f $LoginEndpoint.TrimEnd('/'), [Uri]::EscapeDataString($tenantId)
            Type    = 'application/x-www-form-urlencoded'
            Body    = @($form.Keys | ForEach-Object { "$_=$([Uri]::EscapeDataString($form[$_]))" }) -join '&'
        } $what
    } else {
        $what = "Signing in with the account's managed identity"
        if (-not $env:IDENTITY_ENDPOINT) { throw "The Automation account has no managed identity, and variable ${VariablesPrefix}ADF-CredentialName is empty." }
        $answer = Invoke-Request @{
            Method  = 'GET'
            Uri     = "$($env:IDENTITY_ENDPOINT)?resource=https://management.azure.com/"
            Headers = @{ 'X-IDENTITY-HEADER' = $env:IDENTITY_HEADER; Metadata = 'True' }
        } $what
    }
    $script:token = Get-Text $answer 'access_token'
    if (-not $script:token) { throw "$what got no access token." }
    $script:tokenRenewal = (Get-Date).ToUniversalTime().AddMinutes(30)
    $script:token
}

function Invoke-DataFactory([string] $Method, [string] $Path, $Body, [int[]] $AlsoRetry = @()) {
    $request = @{
        Method  = $Method
        Uri     = "$factoryUrl/${Path}?api-version=2018-06-01"
        Headers = @{ 'x-ms-client-request-id' = "$($PSPrivateMetadata.JobId)" }
        Type    = 'application/json; charset=utf-8'
    }
    if ($null -ne $Body) { $request.Body = ConvertTo-Json -InputObject $Body -Depth 6 }
    for ($attempt = 1; ; $attempt++) {
        $request.Headers.Authorization = "Bearer $(Get-ArmToken)"
        # A role that was just given to the identity takes up to ten minutes until it is known everywhere.
        try { return Invoke-Request $request "Data Factory '$factoryName', $Path," (@(403) + $AlsoRetry) } catch {
            # A token from a cache may end before it is renewed here.
            if ($status -ne 401 -or $attempt -ge 2) { throw }
            $script:tokenRenewal = $null
        }
    }
}

# --- The event -------------------------------------------------------------------------------------------------------------------------------
if ($null -eq $WebhookData -or ($WebhookData -is [string] -and -not $WebhookData)) {
    Write-Output 'Not started by a webhook. Nothing to do.'
    return
}
if ($WebhookData -is [string]) { $body = Get-Value (Read-JsonObject $WebhookData 'the webhook data') 'RequestBody' }
elseif ($WebhookData -is [Collections.IList]) { throw 'Rejected: the webhook data is not a JSON object.' }
else { $body = $WebhookData.RequestBody }
if ($body -isnot [string]) { $body = ConvertTo-Json -InputObject $body -Depth 100 }
$body = Read-JsonObject $body 'the request body'
$payload = Get-Value $body 'payload'

$eventName = @((Get-Text $body 'name'), (Get-Text $body 'eventName'), (Get-Text $payload 'eventName')) | Where-Object { $_ } | Select-Object -First 1
if (-not $eventName) { throw 'Rejected: the event has no name (name, eventName or payload.eventName).' }
if (-not [string]::Equals($eventName, 'DatasetUpdated', [StringComparison]::OrdinalIgnoreCase)) {
    $shown = $eventName.Substring(0, [Math]::Min(60, $eventName.Length)) -creplace '[^A-Za-z0-9 ._-]', '?'
    Write-Output "Not supported event: $shown. Nothing to do."
    return
}
$datasetId = Get-Text $payload 'datasetId'
if ($datasetId -cnotmatch '\A[A-Za-z0-9][A-Za-z0-9._-]{0,199}\z') {
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
$waitForEnd = Get-Setting 'QT-WaitForEnd'
if ($waitForEnd -notmatch '\A(true|false)\z') { throw "Automation variable '${VariablesPrefix}QT-WaitForEnd' is neither true nor false. Deploy the stack again to restore it." }
$datasetsText = Get-Setting 'QT-Datasets'
try {
    $datasets = Read-JsonObject $datasetsText
    $ids = Get-Value $datasets 'ids'
    $unknown = Get-Text $datasets 'unknown'
} catch { }  # Then one of the two is missing.
if ($ids -isnot [Collections.IList] -or @($ids | Where-Object { $_ -isnot [string] }).Count -or $unknown -cnotmatch '\A(ignore|land)\z') {
    throw "Automation variable '${VariablesPrefix}QT-Datasets' is not JSON of the form {""ids"":[...],""unknown"":""ignore""|""land""}. Deploy the stack again to restore it."
}
if (-not ($ids | Where-Object { Test-Same $_ $datasetId })) {
    if ($unknown -ceq 'ignore') {
        Write-Output "Dataset $datasetId is not configured, and unknown datasets are ignored. Nothing to do."
        return
    }
    Write-Output "Dataset $datasetId is not configured: it lands in a table without a key."
}

# --- The pipeline ----------------------------------------------------------------------------------------------------------------------------
# A run that still waits behind the pipeline's concurrency will fetch what this event announces.
$now = (Get-Date).ToUniversalTime()
$query = @{
    lastUpdatedAfter  = $now.AddDays(-1).ToString('o')
    lastUpdatedBefore = $now.AddMinutes(5).ToString('o')
    filters           = @(
        @{ operand = 'PipelineName'; operator = 'Equals'; values = @($PipelineName) },
        @{ operand = 'Status'; operator = 'Equals'; values = @('Queued') }
    )
}
$pages = New-Object 'Collections.Generic.HashSet[string]'
do {
    $page = Invoke-DataFactory 'POST' 'queryPipelineRuns' $query
    $runs = Get-Value $page 'value'
    if ($runs -isnot [Collections.IList]) { $runs = @() }
    foreach ($run in $runs) {
        if (-not (Test-Same (Get-Text (Get-Value $run 'parameters') 'DatasetID') $datasetId)) { continue }
        Write-Output "Run $(Get-Text $run 'runId') of dataset $datasetId is still queued and will fetch this update. Nothing to start."
        return
    }
    $query.continuationToken = Get-Text $page 'continuationToken'
} while ($query.continuationToken -and $pages.Add($query.continuationToken))

$runId = Get-Text (Invoke-DataFactory 'POST' "pipelines/$PipelineName/createRun" @{ DatasetID = $datasetId }) 'runId'
if (-not $runId) { throw "Data Factory '$factoryName' gave no run id for pipeline $PipelineName." }
Write-Output "Started $PipelineName for dataset ${datasetId}: run $runId"
if ($waitForEnd -eq 'false') { return }

$started = (Get-Date).ToUniversalTime()
$pause = $FirstPollSeconds
while ($true) {
    # A run may be unreadable (404) for a moment after its start.
    $run = Invoke-DataFactory 'GET' "pipelineruns/$([Uri]::EscapeDataString($runId))" $null @(404)
    $runStatus = Get-Text $run 'status'
    if (-not (Test-Same $runStatus $lastStatus)) { Write-Output "Run ${runId}: $runStatus" }
    $lastStatus = $runStatus
    if ($runStatus -cnotmatch '\A(Queued|InProgress|Canceling)?\z') { break }
    if (Test-TimeIsUp) {
        throw "Run $runId of dataset $datasetId is still $runStatus after $DeadlineMinutes minutes. It goes on in Data Factory; look at it there."
    }
    Start-Sleep -Milliseconds ([Math]::Floor($pause * 1000))
    $pause = [Math]::Min($pause * 1.5, $LongestPollSeconds)
}
if (-not (Test-Same $runStatus 'Succeeded')) {
    throw "$PipelineName ended $runStatus for dataset $datasetId (run $runId): $(Get-Line (Get-Text $run 'message'))"
}
Write-Output "Dataset $datasetId loaded in $([Math]::Round(((Get-Date).ToUniversalTime() - $started).TotalSeconds, 1)) s."

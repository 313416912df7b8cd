# Invoke-Case: runs one job in its own runspace of this process. For Windows PowerShell 5.1 and PowerShell 7.
$env:PSExecutionPolicyPreference = 'Bypass'  # for this process; otherwise a runspace on Windows has the machine's policy
$caseSandbox = Join-Path $PSScriptRoot 'case-sandbox.ps1'
# Adds the cmdlets up front: a runspace that has to look for their module takes three times as long.
$caseState = [initialsessionstate]::CreateDefault2()
$caseState.Formats.Clear()  # A case formats no output, and loading the formats makes a runspace 1.5 times slower.
foreach ($cmdlet in Get-Command -Module Microsoft.PowerShell.Utility -CommandType Cmdlet) {
    $entry = New-Object Management.Automation.Runspaces.SessionStateCmdletEntry $cmdlet.Name, $cmdlet.ImplementingType, $null
    $caseState.Commands.Add($entry)
}

# A shell whose runspace becomes a case's sandbox. Making it takes a third of a case's time, so the next one is made while a case runs.
function New-CaseShell([bool] $LikeWindows) {
    $shell = [powershell]::Create($caseState)
    $null = $shell.AddCommand($caseSandbox).AddParameter('LikeWindows', $LikeWindows)
    @{ shell = $shell; likeWindows = $LikeWindows; ready = $shell.BeginInvoke() }
}

# Case: stdin, environment, azure (the fake factory's address), debug and assetFaults, from runbook-case-server.ts.
# Returns output, exception, pauses (ms), timeout (of a request, in s), streams (other output), tls12, and timedOut if it was stopped.
# LikeWindows: the runspace imitates Windows PowerShell 5.1 (windows-powershell.ps1).
function Invoke-Case([string] $Runbook, $Case, [double] $Seconds = 10, [switch] $LikeWindows) {
    $env:IDENTITY_ENDPOINT = $Case.environment.IDENTITY_ENDPOINT
    $env:IDENTITY_HEADER = $Case.environment.IDENTITY_HEADER
    [Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls11  # the default of an old .NET Framework
    $record = @{
        output      = New-Object Collections.ArrayList
        pauses      = New-Object Collections.ArrayList
        client      = $null
        hits        = @{}  # for a script that records them
        exception   = $null
        slept       = 0
        azure       = $Case.azure
        debug       = [bool] $Case.debug
        windows     = [bool] $LikeWindows
        assetFaults = $Case.assetFaults
    }
    $next = $script:nextCaseShell
    if (-not $next -or $next.likeWindows -ne $LikeWindows) { $next = New-CaseShell $LikeWindows }
    $shell = $next.shell
    $null = $shell.EndInvoke($next.ready)
    $shell.Commands.Clear()
    $null = $shell.AddCommand('Start-Case').AddParameters(@{ Runbook = $Runbook; Json = $Case.stdin; Record = $record })
    $running = $shell.BeginInvoke()
    $script:nextCaseShell = New-CaseShell $LikeWindows
    $ended = $running.AsyncWaitHandle.WaitOne([int] (1000 * $Seconds))
    if ($ended) {
        try { $null = $shell.EndInvoke($running) } catch { $record.exception = $_.Exception.InnerException.Message }
        # A parameter that could not be bound.
        if (-not $record.exception -and $shell.Streams.Error.Count) { $record.exception = "$($shell.Streams.Error[0])" }
    } else {
        # Not awaited: a job that ignores the stop must not delay the next case.
        $null = $shell.BeginStop($null, $null)
    }
    $streams = foreach ($stream in 'Debug', 'Verbose', 'Warning', 'Information', 'Error') { $shell.Streams.$stream | ForEach-Object { "$_" } }
    @{
        output    = @($record.output.ToArray())
        exception = $record.exception
        pauses    = @($record.pauses.ToArray())
        timeout   = if ($record.client) { $record.client.Timeout.TotalSeconds }
        streams   = @($streams) -join "`n"
        tls12     = [Net.ServicePointManager]::SecurityProtocol -eq ([Net.SecurityProtocolType]::Tls11 -bor [Net.SecurityProtocolType]::Tls12)
        timedOut  = -not $ended
        hits      = @($record.hits.Keys)
    }
    if ($ended) { $shell.Dispose() }
}

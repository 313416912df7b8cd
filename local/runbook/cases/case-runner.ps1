# Invoke-Case: one job in a runspace of its own, in this process. For Windows PowerShell 5.1 and PowerShell 7.
$env:PSExecutionPolicyPreference = 'Bypass'  # of this process; on Windows a runspace has the machine's otherwise
$caseSandbox = Join-Path $PSScriptRoot 'case-sandbox.ps1'
# With the cmdlets at hand: a runspace that has to look for their module takes three times as long.
$caseState = [initialsessionstate]::CreateDefault2()
$caseState.Formats.Clear()  # A case shows nothing. With them a runspace takes half as long again.
foreach ($cmdlet in Get-Command -Module Microsoft.PowerShell.Utility -CommandType Cmdlet) {
    $entry = New-Object Management.Automation.Runspaces.SessionStateCmdletEntry $cmdlet.Name, $cmdlet.ImplementingType, $null
    $caseState.Commands.Add($entry)
}

# A shell whose runspace becomes a case's sandbox. That takes a third of a case's time: the next one is made while a case runs.
function New-CaseShell([bool] $LikeWindows) {
    $shell = [powershell]::Create($caseState)
    $null = $shell.AddCommand($caseSandbox).AddParameter('LikeWindows', $LikeWindows)
    @{ shell = $shell; likeWindows = $LikeWindows; ready = $shell.BeginInvoke() }
}

# Case: stdin, environment, azure (the fake factory's address), debug and assetFaults, as runbook-case-server.ts gives them.
# Answers output, exception, pauses (ms), timeout (of a request, in s), streams (what else it wrote), tls12, and timedOut where it was stopped.
# LikeWindows: the runspace is like Windows PowerShell 5.1 (windows-powershell.ps1).
function Invoke-Case([string] $Runbook, $Case, [double] $Seconds = 10, [switch] $LikeWindows) {
    $env:IDENTITY_ENDPOINT = $Case.environment.IDENTITY_ENDPOINT
    $env:IDENTITY_HEADER = $Case.environment.IDENTITY_HEADER
    [Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls11  # an old .NET Framework's
    $record = @{
        output      = New-Object Collections.ArrayList
        pauses      = New-Object Collections.ArrayList
        client      = $null
        hits        = @{}  # of a script that notes them
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
        # A parameter that cannot be bound.
        if (-not $record.exception -and $shell.Streams.Error.Count) { $record.exception = "$($shell.Streams.Error[0])" }
    } else {
        # Not waited for: what does not heed the stop must not hold the next case up.
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

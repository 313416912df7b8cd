<#
.SYNOPSIS
    Runs Start-QuantemplateLoad.ps1 itself on every case of cases.json, for Pester 5 under Windows PowerShell 5.1 and PowerShell 7.

.DESCRIPTION
    Invoke-Pester -Path runbooks -Output Detailed

    Each case runs in a process of its own, inside the host script in which the local stand-in runs runbooks, against a Data Factory and
    an identity endpoint on this machine that play the case (local/services/automation/runbook-case-server.ts; needs Node).
#>
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.3.0' }

BeforeDiscovery {
    $cases = (Get-Content -Raw -LiteralPath (Join-Path $PSScriptRoot 'cases.json') | ConvertFrom-Json).cases
}

BeforeAll {
    $root = Split-Path -Parent $PSScriptRoot
    $powerShell = (Get-Process -Id $PID).Path

    function Start-Child([string] $File, [string] $Arguments, [switch] $KeepErrors) {
        $start = New-Object System.Diagnostics.ProcessStartInfo $File, $Arguments
        $start.WorkingDirectory = $root
        $start.UseShellExecute = $false
        $start.RedirectStandardInput = $true
        $start.RedirectStandardOutput = $true
        $start.RedirectStandardError = [bool] $KeepErrors
        $start
    }

    function Send-Json([string] $Path, [hashtable] $Body) {
        Invoke-RestMethod -Method Post -Uri "$caseServer/$Path" -Body (ConvertTo-Json $Body) -ContentType 'application/json' -UseBasicParsing
    }

    function Invoke-Case([string] $Name) {
        $case = Send-Json 'start' @{ name = $Name }
        $hostScript = Join-Path $root 'local/services/automation/sandbox-host.ps1'
        $start = Start-Child $powerShell "-NoProfile -NonInteractive -ExecutionPolicy Bypass -File ""$hostScript""" -KeepErrors
        $start.EnvironmentVariables['RUNBOOK_FILE'] = Join-Path $PSScriptRoot 'Start-QuantemplateLoad.ps1'
        $start.EnvironmentVariables.Remove('IDENTITY_ENDPOINT')
        foreach ($variable in $case.environment.PSObject.Properties) { $start.EnvironmentVariables[$variable.Name] = $variable.Value }
        $process = [System.Diagnostics.Process]::Start($start)
        # Both at once: a process whose full pipe nobody reads never ends.
        $output = $process.StandardOutput.ReadToEndAsync()
        $errors = $process.StandardError.ReadToEndAsync()
        $process.StandardInput.Write($case.stdin)
        $process.StandardInput.Close()
        $process.WaitForExit()
        $asked = Send-Json 'end' @{ run = $case.run }
        @{
            ExitCode = $process.ExitCode
            Output   = $output.Result
            Errors   = $errors.Result
            Started  = $asked.started
            JobIds   = $asked.jobIds
        }
    }

    $node = (Get-Command node -CommandType Application | Select-Object -First 1).Source
    $serverScript = 'local/services/automation/runbook-case-server.ts'
    $server = [System.Diagnostics.Process]::Start((Start-Child $node "scripts/bootstrap.mjs $serverScript"))
    $caseServer = $server.StandardOutput.ReadLine()
    if ($caseServer -notlike 'http://127.0.0.1:*') { throw "The case server did not start: $caseServer" }
}

AfterAll {
    # It ends with its stdin.
    if ($server) {
        $server.StandardInput.Close()
        $server.WaitForExit()
    }
}

Describe 'Start-QuantemplateLoad' {
    It '<_.expect.outcome>: <_.name>' -ForEach $cases {
        $expected = $_.expect
        $ended = Invoke-Case $_.name
        $completes = $expected.outcome -in 'started', 'ignored'
        $said = "it said: $($ended.Output)$($ended.Errors)"
        $output = @($ended.Output -split '\r?\n' | Where-Object { $_ }) -replace ' loaded in [\d.]+ s\.$', ' loaded in # s.'

        $ended.ExitCode | Should -BeExactly ([int] (-not $completes)) -Because $said
        $output -join "`n" | Should -BeExactly (@($expected.output) -join "`n") -Because $said
        if ($expected.exception) { $ended.Errors | Should -BeExactly $expected.exception }
        elseif (-not $completes) { $ended.Errors | Should -MatchExactly "(?s)$($expected.message)" }

        $datasetId = if ($expected.datasetId) { $expected.datasetId } else { 'd-bordereau-premium' }
        $startsRun = if ($null -ne $expected.startsRun) { $expected.startsRun } else { $expected.outcome -eq 'started' }
        $ended.Started | Should -BeExactly $(if ($startsRun) { "[{""DatasetID"":""$datasetId""}]" } else { '[]' })
        $ended.JobIds | Should -BeIn '[]', '["0f5c3e0a-6f43-4b63-9d39-6f4be1b1a0c1"]'
        "$($ended.Output)$($ended.Errors)" | Should -Not -Match 'client-secret-1|token-1|wrong"'
    }
}

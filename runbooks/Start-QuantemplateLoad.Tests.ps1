<#
.SYNOPSIS
    Runs Start-QuantemplateLoad.ps1 itself on every case of cases.json, for Pester 5 under Windows PowerShell 5.1 and PowerShell 7.

.DESCRIPTION
    Invoke-Pester -Path runbooks -Output Detailed

    Each case runs in a runspace of its own, in this process (local/runbook/cases/case-runner.ps1), against a Data Factory and an
    identity endpoint on this machine that play the case (local/runbook/cases/runbook-case-server.ts; needs Node), and is stopped
    after ten seconds. That server also says what is not as the case expects it. Under PowerShell 7 each runs once more, in a runspace
    that is like Windows PowerShell 5.1 (windows-powershell.ps1). One case runs in a process, as the local emulator runs a job.
#>
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.3.0' }

BeforeDiscovery {
    $cases = (Get-Content -Raw -LiteralPath (Join-Path $PSScriptRoot 'cases.json') | ConvertFrom-Json).cases
    $editions = @(@{ likeWindows = $false; edition = "PowerShell $($PSVersionTable.PSVersion)" })
    if ($PSEdition -ne 'Desktop') { $editions += @{ likeWindows = $true; edition = 'a host like Windows PowerShell 5.1' } }
}

BeforeAll {
    $root = Split-Path -Parent $PSScriptRoot
    $automation = Join-Path $root 'packages/azure-emulator/services/automation/run'
    $runbook = Join-Path $PSScriptRoot 'Start-QuantemplateLoad.ps1'
    . (Join-Path $root 'local/runbook/cases/case-runner.ps1')

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
        $bytes = [Text.Encoding]::UTF8.GetBytes((ConvertTo-Json -InputObject $Body -Compress))
        Invoke-RestMethod -Method Post -Uri "$caseServer/$Path" -Body $bytes -ContentType 'application/json' -UseBasicParsing
    }

    function Get-Problems([int] $Run, [hashtable] $Ended) {
        (Send-Json 'end' (@{ run = $Run } + $Ended)).problems -join "`n"
    }

    $node = (Get-Command node -CommandType Application | Select-Object -First 1).Source
    $serverScript = 'local/runbook/cases/runbook-case-server.ts'
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

Describe 'Start-QuantemplateLoad in <edition>' -ForEach $editions {
    It '<_.expect.outcome>: <_.name>' -ForEach $cases {
        $case = Send-Json 'start' @{ name = $_.name }
        Get-Problems $case.run (Invoke-Case $runbook $case -LikeWindows:$likeWindows) | Should -BeNullOrEmpty
    }
}

Describe 'Start-QuantemplateLoad' {
    It 'is written in what Windows PowerShell 5.1 reads' {
        $errors = $null
        $ast = [Management.Automation.Language.Parser]::ParseFile($runbook, [ref] $null, [ref] $errors)
        $newer = $ast.FindAll({
                param($node)
                # By name, because 5.1 has no such types.
                $node.GetType().Name -in 'TernaryExpressionAst', 'PipelineChainAst' -or
                $node.Operator -in 'QuestionQuestion', 'QuestionQuestionEquals' -or $node.NullConditional -or
                ($node -is [Management.Automation.Language.PipelineBaseAst] -and $node.Background) -or
                ($node -is [Management.Automation.Language.CommandParameterAst] -and $node.ParameterName -in 'AsHashtable', 'NoEnumerate', 'DateKind',
                'EscapeHandling', 'AsArray', 'AsUTC', 'SkipHttpErrorCheck', 'Form', 'Authentication', 'MaximumRetryCount', 'Parallel')
            }, $true)
        @($errors) + @($newer | ForEach-Object { "line $($_.Extent.StartLineNumber): $($_.Extent.Text)" }) -join "`n" | Should -BeNullOrEmpty
    }

    It 'runs in a process of its own, as the local emulator starts it' {
        $case = Send-Json 'start' @{ name = 'a DatasetUpdated event starts the pipeline'; process = $true }
        # Not this process's file: where PowerShell is a .NET tool, that is dotnet.
        $powerShell = if ($PSEdition -eq 'Desktop') { Join-Path $PSHOME 'powershell.exe' }
        else { (Get-Command pwsh -CommandType Application | Select-Object -First 1).Source }
        $hostScript = Join-Path $automation 'sandbox-host.ps1'
        $start = Start-Child $powerShell "-NoProfile -NonInteractive -ExecutionPolicy Bypass -File ""$hostScript""" -KeepErrors
        $start.EnvironmentVariables['RUNBOOK_FILE'] = $runbook
        foreach ($variable in $case.environment.PSObject.Properties) { $start.EnvironmentVariables[$variable.Name] = $variable.Value }
        $process = [System.Diagnostics.Process]::Start($start)
        # Both at once: a process whose full pipe nobody reads never ends.
        $output = $process.StandardOutput.ReadToEndAsync()
        $errors = $process.StandardError.ReadToEndAsync()
        # Open until it has ended: it ends with its stdin.
        $process.StandardInput.WriteLine($case.stdin)
        $timedOut = -not $process.WaitForExit(60000)
        if ($timedOut) { $process.Kill() }
        $exception = if ($timedOut -or $process.ExitCode -ne 0) { $errors.Result } else { $null }
        $lines = @($output.Result -split '\r?\n' | Where-Object { $_ })
        Get-Problems $case.run @{ output = $lines; exception = $exception; timedOut = $timedOut } | Should -BeNullOrEmpty
    }
}

# Makes this runspace the sandbox of a case: Start-Case runs the runbook as sandbox-host.ps1 does, and records what it does.
# The clock is simulated: a pause is recorded and takes no time, and Get-Date moves on by it.
param([bool] $LikeWindows)

& "$PSScriptRoot/../../../packages/azure-emulator/services/automation/run/sandbox.ps1"

# Some assets fail at their next reads, as if the service were busy.
$global:ReadVariable = (Get-Command Get-AutomationVariable).ScriptBlock
$global:ReadCredential = (Get-Command Get-AutomationPSCredential).ScriptBlock
function global:Test-AssetFault([string] $Name) {
    if (-not $global:Record.assetFaults.$Name) { return $false }
    $global:Record.assetFaults.$Name--
    $true
}
# In a module, because a module does not see its caller's $ErrorActionPreference.
$null = New-Module {
    function Get-AutomationVariable {
        [CmdletBinding()] param([string] $Name)
        if (Test-AssetFault $Name) { Write-Error 'The operation has timed out.' } else { & $global:ReadVariable @PSBoundParameters }
    }
    function Get-AutomationPSCredential {
        [CmdletBinding()] param([string] $Name)
        if ($global:Record.assetFaults.$Name -eq -1) { return }
        if (Test-AssetFault $Name) { Write-Error 'The operation has timed out.' } else { & $global:ReadCredential @PSBoundParameters }
    }
}

function global:Start-Sleep {
    [CmdletBinding()] param([double] $Seconds, [int] $Milliseconds)
    $pause = 1000 * $Seconds + $Milliseconds
    $null = $global:Record.pauses.Add($pause)
    $global:Record.slept += $pause
}

$global:RealGetDate = Get-Command Get-Date -CommandType Cmdlet  # without the module's name, which would load the module
function global:Get-Date {
    $date = & $global:RealGetDate @args
    if ($date -is [DateTime]) { $date.AddMilliseconds($global:Record.slept) } else { $date }
}

# The runbook's HTTP client reaches Azure through the fake factory as its proxy, which forwards nothing; its timeout is recorded.
$global:RealNewObject = Get-Command New-Object -CommandType Cmdlet
function global:New-Object {
    if ("$($args[0])" -eq 'Net.Http.HttpClientHandler') {
        $handler = New-CaseHandler
        $handler.Proxy = & $global:RealNewObject Net.WebProxy $global:Record.azure
        return $handler
    }
    $made = & $global:RealNewObject @args
    if ("$($args[0])" -eq 'Net.Http.HttpClient') { $global:Record.client = $made }
    , $made
}

function global:New-CaseHandler { & $global:RealNewObject Net.Http.HttpClientHandler }
if ($LikeWindows) { . "$PSScriptRoot/windows-powershell.ps1" }

function global:Start-Case([string] $Runbook, [string] $Json, [hashtable] $Record) {
    $global:Record = $Record
    $parameters = Read-Sandbox $Json
    # PowerShell 7 is said to give the id as text.
    if (-not $Record.windows) { $global:PSPrivateMetadata.JobId = "$($global:PSPrivateMetadata.JobId)" }
    # Not in a try: inside one, every error would end the runbook, whatever its $ErrorActionPreference.
    & {
        $ErrorActionPreference = 'Continue'
        $DebugPreference = if ($Record.debug) { 'Continue' } else { 'SilentlyContinue' }
        & $Runbook @parameters
    } | ForEach-Object { $null = $Record.output.Add("$_") }
}

# Makes this runspace the sandbox of a case: Start-Case runs its runbook as sandbox-host.ps1 does, and writes down in the record what it
# does. Time is the record's: a pause is noted and does not last, and Get-Date goes on by it.
param([bool] $LikeWindows)

& "$PSScriptRoot/../../../packages/azure-emulator/services/automation/run/sandbox.ps1"

# The next reads of some assets fail, as those of a service that is busy.
$global:ReadVariable = (Get-Command Get-AutomationVariable).ScriptBlock
$global:ReadCredential = (Get-Command Get-AutomationPSCredential).ScriptBlock
function global:Test-AssetFault([string] $Name) {
    if (-not $global:Record.assetFaults.$Name) { return $false }
    $global:Record.assetFaults.$Name--
    $true
}
# Of a module, which does not see its caller's $ErrorActionPreference.
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

$global:RealGetDate = Get-Command Get-Date -CommandType Cmdlet  # its module's name before it would load the module
function global:Get-Date {
    $date = & $global:RealGetDate @args
    if ($date -is [DateTime]) { $date.AddMilliseconds($global:Record.slept) } else { $date }
}

# The runbook's client asks for Azure through the fake factory, which goes no further, and its time for an answer is noted.
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
    # In no try: in one, every error would end the runbook, whatever its $ErrorActionPreference.
    & {
        $ErrorActionPreference = 'Continue'
        $DebugPreference = if ($Record.debug) { 'Continue' } else { 'SilentlyContinue' }
        & $Runbook @parameters
    } | ForEach-Object { $null = $Record.output.Add("$_") }
}

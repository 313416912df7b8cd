# Stands in for Automation's sandbox in this runspace: the assets and the job's id of the JSON that power-shell.ts writes. Gives the
# runbook's parameters back. Every text in the JSON begins with "=": PowerShell 7 makes a date of a text that looks like one.
param([string] $Json)

function Read-Text($Value) {
    if ($Value -is [string]) { return $Value.Substring(1) }
    if ($Value -is [array]) {
        for ($i = 0; $i -lt $Value.Count; $i++) { $Value[$i] = Read-Text $Value[$i] }
        return , $Value
    }
    if ($Value -is [System.Management.Automation.PSCustomObject]) {
        foreach ($property in $Value.PSObject.Properties) { $property.Value = Read-Text $property.Value }
    }
    $Value
}

$global:Sandbox = Read-Text (ConvertFrom-Json -InputObject $Json)
$global:PSPrivateMetadata = [pscustomobject]@{ JobId = [guid] $global:Sandbox.jobId }

# An asset that is not there is an error that does not end the script, in Azure's words.
function global:Get-AutomationVariable {
    [CmdletBinding()] param([string] $Name)
    $found = $global:Sandbox.variables | Where-Object { $_.name -eq $Name } | Select-Object -First 1
    if ($found) { return , $found.value }
    Write-Error "Variables asset not found. To create this Variables asset, navigate to the Assets blade and create a Variables asset named: $Name."
}

function global:Get-AutomationPSCredential {
    [CmdletBinding()] param([string] $Name)
    $found = $global:Sandbox.credentials | Where-Object { $_.name -eq $Name } | Select-Object -First 1
    # NetworkCredential makes a SecureString of an empty password too.
    if ($found) { return New-Object pscredential $found.userName, (New-Object Net.NetworkCredential '', $found.password).SecurePassword }
    Write-Error "Credentials asset not found. To create this Credentials asset, navigate to the Assets blade and create a Credentials asset named: $Name."
}

$parameters = @{}
foreach ($property in $global:Sandbox.parameters.PSObject.Properties) { $parameters[$property.Name] = $property.Value }
$parameters

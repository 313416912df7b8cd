# Makes this runspace Automation's sandbox. Every text in the JSON that power-shell.ts writes begins with "=", because PowerShell 7 turns
# a text that looks like a date into a date.
function global:Read-SandboxText($Value) {
    if ($Value -is [string]) { return $Value.Substring(1) }
    if ($Value -is [array]) {
        for ($i = 0; $i -lt $Value.Count; $i++) { $Value[$i] = Read-SandboxText $Value[$i] }
        return , $Value
    }
    if ($Value -is [System.Management.Automation.PSCustomObject]) {
        foreach ($property in $Value.PSObject.Properties) { $property.Value = Read-SandboxText $property.Value }
    }
    $Value
}

$global:RealConvertFromJson = Get-Command ConvertFrom-Json -CommandType Cmdlet  # windows-powershell.ps1 replaces it

# Reads the assets and the job's id from that JSON, and returns the runbook's parameters.
function global:Read-Sandbox([string] $Json) {
    $global:Sandbox = Read-SandboxText (& $global:RealConvertFromJson -InputObject $Json)
    $global:PSPrivateMetadata = [pscustomobject]@{ JobId = [guid] $global:Sandbox.jobId }
    $parameters = @{}
    foreach ($property in $global:Sandbox.parameters.PSObject.Properties) { $parameters[$property.Name] = $property.Value }
    $parameters
}

# A missing asset is a non-terminating error with Azure's message.
function global:Get-AutomationVariable {
    [CmdletBinding()] param([string] $Name)
    $found = $global:Sandbox.variables | Where-Object { $_.name -eq $Name } | Select-Object -First 1
    if ($found) { return , $found.value }
    Write-Error "Variables asset not found. To create this Variables asset, navigate to the Assets blade and create a Variables asset named: $Name."
}

function global:Get-AutomationPSCredential {
    [CmdletBinding()] param([string] $Name)
    $found = $global:Sandbox.credentials | Where-Object { $_.name -eq $Name } | Select-Object -First 1
    # NetworkCredential makes a SecureString even of an empty password.
    if ($found) { return New-Object pscredential $found.userName, (New-Object Net.NetworkCredential '', $found.password).SecurePassword }
    Write-Error "Credentials asset not found. To create this Credentials asset, navigate to the Assets blade and create a Credentials asset named: $Name."
}

# Stands in for Automation's sandbox: runs the runbook at $env:RUNBOOK_FILE with the assets and parameters that stdin brings as JSON.
$ErrorActionPreference = 'Stop'
# .NET Framework begins a pipe in UTF-8 with a byte order mark.
$global:SandboxInput = ConvertFrom-Json -InputObject ([Console]::In.ReadToEnd().TrimStart([char] 0xFEFF))
$global:PSPrivateMetadata = [pscustomobject]@{ JobId = [guid] $global:SandboxInput.jobId }

function global:Get-AutomationVariable([string] $Name) {
    $found = $global:SandboxInput.variables | Where-Object { $_.name -eq $Name } | Select-Object -First 1
    if (-not $found) { throw "The variable '$Name' was not found." }
    $found.value
}

function global:Get-AutomationPSCredential([string] $Name) {
    $found = $global:SandboxInput.credentials | Where-Object { $_.name -eq $Name } | Select-Object -First 1
    if (-not $found) { throw "The credential '$Name' was not found." }
    New-Object pscredential $found.userName, (ConvertTo-SecureString $found.password -AsPlainText -Force)
}

$parameters = @{}
foreach ($property in $global:SandboxInput.parameters.PSObject.Properties) { $parameters[$property.Name] = $property.Value }
try {
    & $env:RUNBOOK_FILE @parameters | ForEach-Object { [Console]::Out.WriteLine("$_") }
} catch {
    [Console]::Error.Write($_.Exception.Message)
    exit 1
}

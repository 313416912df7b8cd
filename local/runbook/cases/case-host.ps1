# Runs jobs in runspaces of this one process. Reads a case as JSON from each line of stdin, with its runbook's file and its time limit, and
# writes the outcome as JSON to a line of stdout.
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot 'case-runner.ps1')
$utf8 = New-Object Text.UTF8Encoding $false
$in = New-Object IO.StreamReader ([Console]::OpenStandardInput()), $utf8
$out = New-Object IO.StreamWriter ([Console]::OpenStandardOutput()), $utf8
$out.AutoFlush = $true
while ($null -ne ($line = $in.ReadLine())) {
    $case = ConvertFrom-Json -InputObject $line
    $out.WriteLine((ConvertTo-Json -InputObject (Invoke-Case $case.runbook $case $case.seconds -LikeWindows:([bool] $case.likeWindows)) -Depth 3 -Compress))
}

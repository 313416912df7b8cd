# The process of one Automation job: runs the runbook at $env:RUNBOOK_FILE in the sandbox that the first line of stdin describes.
$ErrorActionPreference = 'Stop'
# Separate streams, because those of [Console] follow the machine's code page.
$utf8 = New-Object Text.UTF8Encoding $false
$out = New-Object IO.StreamWriter ([Console]::OpenStandardOutput()), $utf8
$out.AutoFlush = $true
# .NET Framework begins a pipe in UTF-8 with a byte order mark.
$in = New-Object IO.StreamReader ([Console]::OpenStandardInput()), $utf8
$json = $in.ReadLine().TrimStart([char] 0xFEFF)
# stdin ends when the parent process ends, however it ended; nobody waits for the job then.
$null = [powershell]::Create().AddScript({ param($in) $null = $in.ReadToEnd(); [Environment]::Exit(130) }).AddArgument($in).BeginInvoke()
& (Join-Path $PSScriptRoot 'sandbox.ps1')
$parameters = Read-Sandbox $json
try {
    & {
        $ErrorActionPreference = 'Continue'  # as at the start of a job
        & $env:RUNBOOK_FILE @parameters
    } | ForEach-Object { $out.WriteLine("$_") }
    $code = 0
} catch {
    $failed = New-Object IO.StreamWriter ([Console]::OpenStandardError()), $utf8
    $failed.Write($_.Exception.Message)
    $failed.Flush()
    $code = 1
}
[Environment]::Exit($code)  # now, although the reader of stdin still waits

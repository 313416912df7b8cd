# Makes this runspace of PowerShell 7 behave like Windows PowerShell 5.1 in what a runbook can observe: HttpClient over HttpWebRequest, as
# in .NET Framework, the JSON it writes, and the type of the job's id. It is our reading of 5.1, not 5.1 itself: docs/not-verified.md.
using namespace System.Net.Http

class FrameworkHandler : HttpMessageHandler {
    [System.Net.IWebProxy] $Proxy
    [bool] $AllowAutoRedirect = $true

    # Throwing here would show the caller PowerShell's exception instead of .NET's.
    [System.Threading.Tasks.Task[System.Net.Http.HttpResponseMessage]] SendAsync(
        [System.Net.Http.HttpRequestMessage] $message, [System.Threading.CancellationToken] $stop) {
        $request = [System.Net.WebRequest]::Create($message.RequestUri)
        $request.Method = $message.Method.Method
        $request.Proxy = $this.Proxy
        $request.AllowAutoRedirect = $this.AllowAutoRedirect
        foreach ($header in $message.Headers) { $request.Headers.Add($header.Key, $header.Value -join ', ') }
        if ($message.Content) {
            if ($request.Method -ceq 'GET') { return $this.Failed([System.Net.ProtocolViolationException]::new('Cannot send a content-body with this verb-type.')) }
            foreach ($header in $message.Content.Headers) { if ($header.Key -ceq 'Content-Type') { $request.ContentType = $header.Value -join ', ' } }
            $bytes = $message.Content.ReadAsByteArrayAsync().GetAwaiter().GetResult()
            $request.ContentLength = $bytes.Length
            try { $request.GetRequestStream().Write($bytes, 0, $bytes.Length) } catch {
                return $this.Failed([System.Net.Http.HttpRequestException]::new('An error occurred while sending the request.', $_.Exception.InnerException))
            }
        } elseif ($request.Method -ceq 'POST') { $request.ContentLength = 0 }

        $answering = $request.GetResponseAsync()
        while ([System.Threading.Tasks.Task]::WaitAny(@($answering), 20) -lt 0) {
            if ($stop.IsCancellationRequested) {
                $request.Abort()
                return $this.Failed([System.Threading.Tasks.TaskCanceledException]::new('A task was canceled.'))
            }
        }
        # A status of 400 or more is an exception that carries the answer.
        $response = if ($answering.IsFaulted) { $answering.Exception.InnerException.Response } else { $answering.Result }
        if (-not $response) {
            return $this.Failed([System.Net.Http.HttpRequestException]::new('An error occurred while sending the request.', $answering.Exception.InnerException))
        }
        $answer = [System.Net.Http.HttpResponseMessage]::new($response.StatusCode)
        $answer.Content = [System.Net.Http.StreamContent]::new($response.GetResponseStream())
        foreach ($name in $response.Headers.AllKeys) {
            if (-not $answer.Headers.TryAddWithoutValidation($name, $response.Headers[$name])) {
                $null = $answer.Content.Headers.TryAddWithoutValidation($name, $response.Headers[$name])
            }
        }
        return [System.Threading.Tasks.Task]::FromResult($answer)
    }

    [System.Threading.Tasks.Task[System.Net.Http.HttpResponseMessage]] Failed([System.Exception] $exception) {
        $source = [System.Threading.Tasks.TaskCompletionSource[System.Net.Http.HttpResponseMessage]]::new()
        $source.SetException($exception)
        return $source.Task
    }
}

function global:New-CaseHandler { [FrameworkHandler]::new() }

$global:RealConvertToJson = Get-Command ConvertTo-Json -CommandType Cmdlet
function global:ConvertTo-Json {
    [CmdletBinding()] param($InputObject, [int] $Depth = 2, [switch] $Compress)
    if ($InputObject -is [hashtable] -and @($InputObject.Values | Where-Object { $_ -is [DateTime] })) { throw 'Windows PowerShell 5.1 writes a date as \/Date(1767225600000)\/.' }
    if ($Depth -gt 100) { throw 'The maximum depth allowed for serialization is 100.' }
    & $global:RealConvertToJson -InputObject $InputObject -Depth $Depth -Compress:$Compress -EscapeHandling EscapeHtml -WarningAction SilentlyContinue
}

# Commands that differ too much to imitate, and that the runbook does not use.
foreach ($command in 'ConvertFrom-Json', 'Invoke-RestMethod', 'Invoke-WebRequest') {
    Set-Item "function:global:$command" ([scriptblock]::Create("throw 'Nothing here stands in for $command of Windows PowerShell 5.1.'"))
}

# Writes the mutants of a script as JSON, each changed in one place, found with PowerShell's own parser: operators, literals, conditions, deletions.
# Each has start and end (offsets in the text), text (the replacement), line, kind, and statement: the offset of its statement,
# or -1. Also writes the script with code that records each statement it runs in $global:Record.hits.
param([string] $Path)
$ErrorActionPreference = 'Stop'
$source = [IO.File]::ReadAllText($Path)
$errors = $null
$ast = [Management.Automation.Language.Parser]::ParseInput($source, [ref] $null, [ref] $errors)
if ($errors) { throw "$Path is not valid PowerShell: $errors" }
$mutants = New-Object Collections.ArrayList
$seen = @{}

function Find-Ast([type] $Type) { $ast.FindAll({ param($node) $node -is $Type }, $true) }
$blocks = @(Find-Ast ([Management.Automation.Language.StatementBlockAst])) + @(Find-Ast ([Management.Automation.Language.NamedBlockAst]))
$statements = @($blocks | ForEach-Object { $_.Statements } | Where-Object { $_ -isnot [Management.Automation.Language.FunctionDefinitionAst] })

# The innermost statement around a place.
function Find-Statement([int] $Start, [int] $End) {
    $found = -1
    foreach ($statement in $statements) {
        $extent = $statement.Extent
        if ($extent.StartOffset -le $Start -and $extent.EndOffset -ge $End -and $extent.StartOffset -gt $found) { $found = $extent.StartOffset }
    }
    $found
}

function Add-Mutant($Extent, [string] $Text, [string] $Kind) {
    $start, $end = $Extent.StartOffset, $Extent.EndOffset
    $key = "$start $end $Text"
    if ($seen.ContainsKey($key) -or $Extent.Text -ceq $Text) { return }
    $seen[$key] = $true
    $problems = $null
    $null = [Management.Automation.Language.Parser]::ParseInput($source.Remove($start, $end - $start).Insert($start, $Text), [ref] $null, [ref] $problems)
    if ($problems) { return }
    $null = $mutants.Add(@{ start = $start; end = $end; text = $Text; line = $Extent.StartLineNumber; kind = $Kind; statement = Find-Statement $start $end })
}

# A case-sensitive operator also gets its case-insensitive form as a mutant.
$operators = @{
    '-eq' = '-ne'; '-ne' = '-eq'; '-ceq' = '-cne', '-eq'; '-cne' = '-ceq', '-ne'; '-lt' = '-ge', '-le'; '-le' = '-gt', '-lt'
    '-gt' = '-le', '-ge'; '-ge' = '-lt', '-gt'; '-and' = '-or'; '-or' = '-and'; '-is' = '-isnot'; '-isnot' = '-is'
    '-match' = '-notmatch'; '-notmatch' = '-match'; '-cmatch' = '-cnotmatch', '-match'; '-cnotmatch' = '-cmatch', '-notmatch'
    '-in' = '-notin'; '-notin' = '-in'; '-cin' = '-cnotin', '-in'; '-cnotin' = '-cin', '-notin'
    '-contains' = '-notcontains'; '-notcontains' = '-contains'; '-ccontains' = '-cnotcontains', '-contains'
    '-cnotcontains' = '-ccontains', '-notcontains'; '-replace' = '-creplace'; '-creplace' = '-replace'; '-like' = '-notlike'
    '+' = '-'; '-' = '+'; '*' = '/'; '/' = '*'; '-bor' = '-band'; '-band' = '-bor'
}
foreach ($node in Find-Ast ([Management.Automation.Language.BinaryExpressionAst])) {
    foreach ($other in $operators[$node.ErrorPosition.Text.ToLowerInvariant()]) { Add-Mutant $node.ErrorPosition $other 'operator' }
    if ($node.Operator -in 'And', 'Or') {
        Add-Mutant $node.Extent $node.Left.Extent.Text 'condition'
        Add-Mutant $node.Extent $node.Right.Extent.Text 'condition'
    }
}
foreach ($node in Find-Ast ([Management.Automation.Language.UnaryExpressionAst])) {
    if ($node.TokenKind -in 'Not', 'Exclaim') { Add-Mutant $node.Extent $node.Child.Extent.Text 'operator' }
    if ($node.TokenKind -eq 'PostfixPlusPlus') { Add-Mutant $node.Extent "$($node.Child.Extent.Text)--" 'operator' }
}

foreach ($node in Find-Ast ([Management.Automation.Language.ConstantExpressionAst])) {
    $text = $node.Extent.Text
    if ($node.Value -is [string]) {
        # In quotes only: names of commands and keys are not literals.
        # Removes the last letter: adding one would not change a set of letters.
        if ($text.Length -gt 2 -and $text -match '^[''"]') { Add-Mutant $node.Extent $text.Remove($text.Length - 2, 1) 'literal' }
    } else {
        Add-Mutant $node.Extent "$($node.Value + 1)" 'literal'
        if ($node.Value -gt 1) { Add-Mutant $node.Extent "$($node.Value * 10)" 'literal' }
    }
}
foreach ($node in Find-Ast ([Management.Automation.Language.ExpandableStringExpressionAst])) {
    $text = $node.Extent.Text
    if ($text.Length -gt 2 -and $node.Value -match '[^$(){}\s\w.]') { Add-Mutant $node.Extent $text.Insert($text.Length - 1, '~') 'literal' }
}
foreach ($node in Find-Ast ([Management.Automation.Language.VariableExpressionAst])) {
    $name = $node.VariablePath.UserPath
    if ($name -eq 'true') { Add-Mutant $node.Extent '$false' 'literal' }
    if ($name -eq 'false') { Add-Mutant $node.Extent '$true' 'literal' }
}

foreach ($node in Find-Ast ([Management.Automation.Language.IfStatementAst])) {
    foreach ($clause in $node.Clauses) {
        foreach ($value in '$true', '$false') { Add-Mutant $clause.Item1.Extent $value 'condition' }
    }
}

$deletable = 'AssignmentStatementAst', 'PipelineAst', 'ThrowStatementAst', 'ReturnStatementAst', 'BreakStatementAst', 'ContinueStatementAst',
'TryStatementAst', 'IfStatementAst'
foreach ($statement in $statements) {
    if ($statement.GetType().Name -in $deletable) { Add-Mutant $statement.Extent '' 'deletion' }
}
foreach ($node in Find-Ast ([Management.Automation.Language.HashtableAst])) {
    if ($node.KeyValuePairs.Count -lt 2) { continue }
    foreach ($pair in $node.KeyValuePairs) {
        $extent = @{ StartOffset = $pair.Item1.Extent.StartOffset; EndOffset = $pair.Item2.Extent.EndOffset }
        $extent.StartLineNumber = $pair.Item1.Extent.StartLineNumber
        $extent.Text = $source.Substring($extent.StartOffset, $extent.EndOffset - $extent.StartOffset)
        # Includes the semicolon of a pair that shares its line.
        if ($source[$extent.EndOffset] -eq ';') { $extent.EndOffset++ }
        Add-Mutant $extent '' 'deletion'
    }
}
foreach ($node in Find-Ast ([Management.Automation.Language.CommandAst])) {
    $elements = $node.CommandElements
    for ($i = 1; $i -lt $elements.Count; $i++) {
        if ($elements[$i] -isnot [Management.Automation.Language.CommandParameterAst] -or $elements[$i].ParameterName -in 'Name', 'InputObject') { continue }
        $last = if ($i + 1 -lt $elements.Count -and -not $elements[$i].Argument -and
            $elements[$i + 1] -isnot [Management.Automation.Language.CommandParameterAst] -and
            $elements[$i].ParameterName -notin 'AllowEmpty', 'UseBasicParsing', 'Compress') { $elements[$i + 1] } else { $elements[$i] }
        $extent = @{ StartOffset = $elements[$i].Extent.StartOffset; EndOffset = $last.Extent.EndOffset; StartLineNumber = $elements[$i].Extent.StartLineNumber }
        $extent.Text = $source.Substring($extent.StartOffset, $extent.EndOffset - $extent.StartOffset)
        Add-Mutant $extent '' 'deletion'
    }
}
foreach ($node in Find-Ast ([Management.Automation.Language.InvokeMemberExpressionAst])) {
    if ($node.Static) {
        foreach ($argument in $node.Arguments) { Add-Mutant $node.Extent "($($argument.Extent.Text))" 'deletion' }
    } else { Add-Mutant $node.Extent $node.Expression.Extent.Text 'deletion' }
}
foreach ($node in Find-Ast ([Management.Automation.Language.ArrayLiteralAst])) {
    if ($node.Elements.Count -lt 2) { continue }
    foreach ($element in $node.Elements) {
        Add-Mutant $node.Extent ('@({0})' -f (@($node.Elements | Where-Object { $_ -ne $element } | ForEach-Object { $_.Extent.Text }) -join ', ')) 'deletion'
    }
}
foreach ($node in Find-Ast ([Management.Automation.Language.ConvertExpressionAst])) { Add-Mutant $node.Extent $node.Child.Extent.Text 'deletion' }

$noted = $source
foreach ($offset in @($statements | ForEach-Object { $_.Extent.StartOffset } | Sort-Object -Unique -Descending)) {
    $noted = $noted.Insert($offset, "`$global:Record.hits[$offset] = 1; ")
}
ConvertTo-Json -InputObject @{ noted = $noted; mutants = @($mutants | Sort-Object { $_.start }, { $_.end }, { $_.text }) } -Depth 3 -Compress

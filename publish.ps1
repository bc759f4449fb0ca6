# Publishes the server as one native executable: ./publish.ps1; ./aotserve
# For PowerShell 7 and Windows PowerShell 5.1. Takes the options of publish.sh, which does the work on Linux and macOS;
# on Windows it needs the .NET 10 SDK and the C++ build tools of Visual Studio. Prints one line when all went well.
Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'

$project = Join-Path $PSScriptRoot 'src\AotServe\AotServe.csproj'
$artifacts = Join-Path $PSScriptRoot '.artifacts'
$usage = @'
Usage: ./publish.ps1 [OPTIONS]

Publishes the server as one native executable, .\aotserve.exe (on Linux and macOS: ./aotserve).

  --framework TFM   net10.0 or net9.0 (default: net10.0 where its Native AOT pack can be had, else net9.0)
  --rid RID         the platform to publish for, such as win-x64 or linux-arm64 (default: this one)
  --tls             on Linux, with TLS, by OpenSSL's static libraries (libssl-dev)
  --dynamic         on Linux, link with the system's shared libraries; of no effect elsewhere
  --output PATH     the file to write (default: the one above, at the top of the tree)
  --test-hooks      for the tests: a server that can be asked over HTTP to crash or exit
  --help            print this
'@

function Say([string] $message) { [Console]::Error.WriteLine("publish.ps1: $message") }

function Fail([string] $message, [int] $code = 1) {
    Say $message
    exit $code
}

# Windows PowerShell, which runs on nothing but Windows, has no $IsWindows.
if ($PSVersionTable.PSVersion.Major -ge 6 -and -not $IsWindows) {
    # The usage is that of the script that was called.
    if ($args -ccontains '--help' -or $args -ccontains '-h') {
        $usage
        exit 0
    }
    if (-not (Get-Command bash -CommandType Application -ErrorAction SilentlyContinue)) {
        Fail 'no bash command, and publish.sh does the work here: install bash (Alpine: apk add bash)'
    }
    & bash (Join-Path $PSScriptRoot 'publish.sh') @args
    exit $LASTEXITCODE
}

# The options.
$framework = ''
$rid = ''
$output = ''
$hooks = 'false'
for ($i = 0; $i -lt $args.Count; $i++) {
    $option = [string]$args[$i]
    $value = $null
    if ($option -match '^(--(?:framework|rid|output))=(.*)$') {
        $option = $Matches[1]
        $value = $Matches[2]
    } elseif ($option -cin '--framework', '--rid', '--output') {
        if ($i + 1 -ge $args.Count) { Fail "$option needs a value; try --help" 2 }
        $value = [string]$args[++$i]
    }
    switch -CaseSensitive ($option) {
        '--framework' {
            if ($value -cnotin 'net10.0', 'net9.0') { Fail "--framework ${value}: it is net10.0 or net9.0" 2 }
            $framework = $value
        }
        '--rid' {
            if ($value -cnotin 'win-x64', 'win-arm64') { Fail "--rid ${value}: here it is win-x64 or win-arm64" 2 }
            $rid = $value
        }
        '--output' {
            if ($value -eq '' -or $value -match '[\\/]$' -or (Test-Path -LiteralPath $value -PathType Container)) {
                Fail "--output ${value}: it is a file, not a folder" 2
            }
            $output = $value
        }
        '--dynamic' { }
        '--tls' { Fail '--tls: it is there for Linux only' 2 }
        '--test-hooks' { $hooks = 'true' }
        { $_ -cin '--help', '-h' } {
            $usage
            exit 0
        }
        default { Fail "unknown option $option; try --help" 2 }
    }
}
if ($output -eq '') { $output = Join-Path $PSScriptRoot 'aotserve.exe' }
$output = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($output)
if ($rid -eq '') {
    if ($env:PROCESSOR_ARCHITECTURE -eq 'ARM64') { $rid = 'win-arm64' } else { $rid = 'win-x64' }
}

# The SDK's messages are read here, so they are asked for in English.
$env:DOTNET_CLI_UI_LANGUAGE = 'en'
$env:DOTNET_CLI_USE_MSBUILD_SERVER = '0'
$env:DOTNET_NOLOGO = '1'
if (-not (Get-Command dotnet -ErrorAction SilentlyContinue)) {
    Fail 'no dotnet command: install the .NET 10 SDK (https://dotnet.microsoft.com/download)'
}
$finder = Join-Path ${env:ProgramFiles(x86)} 'Microsoft Visual Studio\Installer\vswhere.exe'
if (-not (Test-Path -LiteralPath $finder)) {
    Fail 'no linker: install the Visual Studio Build Tools with the workload "Desktop development with C++"'
}
New-Item -ItemType Directory -Force -Path $artifacts | Out-Null
Push-Location -LiteralPath $PSScriptRoot
try { $sdk = & dotnet --version } finally { Pop-Location }
if ($LASTEXITCODE -ne 0) { Fail 'no .NET SDK that can be used here, see above' }

# Runs a dotnet command for a framework; its output into $script:log, its success as the result.
function Invoke-Dotnet([string] $target, [string[]] $command) {
    $arguments = $command + @($project, "-p:AotFramework=$target", "-p:AotRid=$rid", '-p:AotLink=dynamic',
        "-p:TestHooks=$hooks", '-p:UseSharedCompilation=false', '-nodeReuse:false', '-nologo', '-v:minimal', '-tl:off')
    # Windows PowerShell takes each line on a redirected stderr for an error to stop at.
    $ErrorActionPreference = 'Continue'
    $script:log = @(& dotnet @arguments 2>&1 | ForEach-Object { "$_" })
    return $LASTEXITCODE -eq 0
}

function Write-Lines([string[]] $lines) { foreach ($line in $lines) { [Console]::Error.WriteLine($line) } }

# One hash over everything that a publish depends on.
function Get-InputHash {
    $files = @(Get-ChildItem -LiteralPath (Join-Path $PSScriptRoot 'src') -Recurse -File -Force |
            Where-Object { $_.FullName.Substring($PSScriptRoot.Length) -notmatch '[\\/](bin|obj)[\\/]' })
    foreach ($pattern in 'publish.ps1', '.editorconfig', 'global.json', 'nuget.config', 'Directory.*') {
        $files += @(Get-ChildItem -Path (Join-Path $PSScriptRoot $pattern) -File -Force -ErrorAction SilentlyContinue)
    }
    $settings = Join-Path $env:APPDATA 'NuGet\NuGet.Config'
    if (Test-Path -LiteralPath $settings) { $files += Get-Item -LiteralPath $settings }
    $lines = @($framework, $rid, $hooks, $sdk)
    $lines += $files | Sort-Object FullName | ForEach-Object { (Get-FileHash -LiteralPath $_.FullName).Hash + ' ' + $_.FullName }
    return Get-TextHash ($lines -join "`n")
}

function Get-TextHash([string] $text) {
    $bytes = New-Object IO.MemoryStream(, [Text.Encoding]::UTF8.GetBytes($text))
    return (Get-FileHash -InputStream $bytes).Hash.ToLowerInvariant()
}

function Get-Hash([string] $path) { return (Get-FileHash -LiteralPath $path).Hash.ToLowerInvariant() }

# Fails with one line if what the log tells of is a feed that could not be reached. Another framework would not help.
function Assert-Feeds {
    $unreached = @($script:log | Where-Object { $_ -match 'error NU1301:' })
    if ($unreached.Count -eq 0) { return }
    $reason = $unreached[0] -replace '^.*error NU1301: *(.*?)(\.( .*)?)?$', '$1'
    Fail "cannot restore the Native AOT compiler ($reason): connect to a network for the first publish, or name a feed in NuGet.Config"
}

# The framework to publish for, and why when that is not the first choice.
function Select-Framework {
    if ($framework -ne '') { return @($framework, '') }
    if (Invoke-Dotnet 'net10.0' @('restore')) { return @('net10.0', '') }
    Assert-Feeds
    $errors = @($script:log | Where-Object { $_ -match '(^|[ :])error( |:)' })
    if ($errors.Count -eq 0 -or @($errors | Where-Object { $_ -notmatch 'error NU110[0-3]:' }).Count -gt 0) {
        Say 'restoring for net10.0 failed:'
        Write-Lines $script:log
        $reason = 'see above'
    } else {
        $reason = $errors[0] -replace '^.*error (NU\d+): (.*?)\.( .*)?$', '$2 ($1)'
    }
    return @('net9.0', "net9.0, because net10.0 cannot be restored here ($reason); note that net9.0 is out of support")
}

# Puts a file into place. A running executable cannot be written over, but it can be moved out of the way.
function Move-IntoPlace([string] $fresh, [string] $target) {
    $name = Split-Path -Leaf $target
    Get-ChildItem -Path (Join-Path $artifacts "$name.old-*") | Remove-Item -Force -ErrorAction SilentlyContinue
    if (Test-Path -LiteralPath $target) {
        $old = Join-Path $artifacts ("$name.old-" + [Guid]::NewGuid().ToString('N'))
        Move-Item -LiteralPath $target -Destination $old -Force
        Move-Item -LiteralPath $fresh -Destination $target
        Remove-Item -LiteralPath $old -Force -ErrorAction SilentlyContinue
    } else {
        Move-Item -LiteralPath $fresh -Destination $target
    }
}

function Publish-Server {
    $chosen, $why = Select-Framework
    if ($why -ne '') { Say $why }
    if (-not (Invoke-Dotnet $chosen @('publish', '-c', 'Release'))) {
        Assert-Feeds
        Write-Lines $script:log
        Fail 'the publish failed, see above'
    }
    $progress = '^ *(Determining projects to restore\.\.\.|Restored .* \(in .*\)\.|All projects are up-to-date for restore\.' +
        '|Generating native code|AotServe -> .*|Creating library .* and object .*)$'
    Write-Lines @($script:log | Where-Object { $_ -notmatch $progress })

    $folder = "aot-$chosen-$rid-dynamic"
    if ($hooks -eq 'true') { $folder += '-hooks' }
    $built = Join-Path $PSScriptRoot "src\AotServe\bin\$folder\Release\$chosen\$rid\publish"
    New-Item -ItemType Directory -Force -Path (Split-Path -Parent $output) | Out-Null
    $fresh = Join-Path (Split-Path -Parent $output) ('.' + (Split-Path -Leaf $output) + ".$PID")
    Copy-Item -LiteralPath (Join-Path $built 'aotserve.exe') -Destination $fresh
    Move-IntoPlace $fresh $output
    $symbols = Join-Path $built 'aotserve.pdb'
    if (Test-Path -LiteralPath $symbols) {
        Copy-Item -LiteralPath $symbols -Force `
            -Destination (Join-Path $artifacts ([IO.Path]::GetFileNameWithoutExtension($output) + '.pdb'))
    }
    [IO.File]::WriteAllLines($stamp, [string[]]@($inputs, (Get-Hash $output), $chosen, $why, (Get-Date -Format 'yyyy-MM-dd')))
}

# One publish at a time: the obj folders are shared.
$lock = $null
while ($null -eq $lock) {
    try {
        $lock = New-Object IO.FileStream((Join-Path $artifacts 'publish.lock'), 'OpenOrCreate', 'ReadWrite', 'None')
    } catch [IO.IOException] {
        Start-Sleep -Milliseconds 200
    }
}
try {
    # Whether the last publish to this file still holds. A fall-back to net9.0 holds for the day: its cause lies
    # outside of this tree.
    $inputs = Get-InputHash
    $stamp = Join-Path $artifacts ((Get-TextHash $output).Substring(0, 16) + '.stamp')
    $held = $false
    if ((Test-Path -LiteralPath $stamp) -and (Test-Path -LiteralPath $output -PathType Leaf)) {
        $last = [IO.File]::ReadAllLines($stamp)
        $held = $last.Count -eq 5 -and $last[0] -eq $inputs -and $last[1] -eq (Get-Hash $output) -and
            ($last[3] -eq '' -or $last[4] -eq (Get-Date -Format 'yyyy-MM-dd'))
        if ($held -and $last[3] -ne '') { Say $last[3] }
    }
    if (-not $held) { Publish-Server }
} finally {
    $lock.Dispose()
}

$version = ([xml](Get-Content -Raw -LiteralPath $project)).SelectSingleNode('//Version').InnerText
$size = (Get-Item -LiteralPath $output).Length.ToString('N0', [Globalization.CultureInfo]::InvariantCulture)
$published = [IO.File]::ReadAllLines($stamp)[2]
$shown = $output
$current = (Get-Location).ProviderPath.TrimEnd('\') + '\'
if ($output.StartsWith($current, [StringComparison]::OrdinalIgnoreCase)) { $shown = '.\' + $output.Substring($current.Length) }
"$shown $version $published windows-exe $size bytes sha256:$(Get-Hash $output)"

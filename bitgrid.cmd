@echo off
rem Starts the bitgrid command on Windows: finds Java, builds the jar when it is missing or older than the sources,
rem runs it. Follows the script "bitgrid" beside it step by step; the comments are there.
setlocal EnableExtensions DisableDelayedExpansion
set "ROOT=%~dp0"
set "ROOT=%ROOT:~0,-1%"
set "MODULES=tensor,autograd,nn,quant,opencl-kernels,cli"
set "JAR=%ROOT%\cli\target\bitgrid.jar"
set "STAMP=%ROOT%\cli\target\launcher.stamp"
set "JAVA="
set "COMPLAINTS="

if defined JAVA_HOME call :consider "%JAVA_HOME%\bin\java.exe" JAVA_HOME
if defined JAVA goto :java_found
for %%J in (java.exe) do set "ON_PATH=%%~$PATH:J"
if defined ON_PATH (call :consider "%ON_PATH%" PATH) else (set "COMPLAINTS=%COMPLAINTS%; PATH: no java.exe")
if defined JAVA goto :java_found
>&2 echo bitgrid: launcher: no usable Java%COMPLAINTS%; expected version 17 or newer; install a JDK or point JAVA_HOME at one
exit /b 3

:java_found
call :needs_build
if errorlevel 1 call :build || exit /b 3

set "COLLECTOR=-XX:+UseParallelGC"
echo " %BITGRID_JAVA_OPTS% " | findstr /r /c:"-XX:+Use[A-Za-z]*GC " >nul && set "COLLECTOR="
"%JAVA%" -Xmx2g %COLLECTOR% --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED "-Djava.library.path=%USERPROFILE%\.cache\bitgrid\native" %BITGRID_JAVA_OPTS% -jar "%JAR%" %*
exit /b %ERRORLEVEL%

:consider
if not exist "%~1" (
    set "COMPLAINTS=%COMPLAINTS%; %~2: no executable %~1"
    exit /b 0
)
set "FOUND="
for /f "tokens=3" %%V in ('^""%~1" -XshowSettings:properties -version 2^>^&1 ^| findstr /c:"java.specification.version ="^"') do set "FOUND=%%V"
if not defined FOUND (
    set "COMPLAINTS=%COMPLAINTS%; %~2: %~1 does not tell its version"
    exit /b 0
)
for /f "delims=." %%M in ("%FOUND%") do set "FOUND=%%M"
if %FOUND% LSS 17 (
    set "COMPLAINTS=%COMPLAINTS%; %~2: %~1 is older than version 17"
    exit /b 0
)
set "JAVA=%~1"
exit /b 0

:needs_build
powershell -NoProfile -Command "$jar = Get-Item -LiteralPath $env:JAR -ErrorAction SilentlyContinue; if (-not $jar) { exit 1 }; $limit = $jar.LastWriteTimeUtc; $stamp = Get-Item -LiteralPath $env:STAMP -ErrorAction SilentlyContinue; if ($stamp -and $stamp.LastWriteTimeUtc -gt $limit) { $limit = $stamp.LastWriteTimeUtc }; $inputs = @((Join-Path $env:ROOT 'pom.xml')); foreach ($m in $env:MODULES.Split(',')) { $inputs += Join-Path $env:ROOT ($m + '\pom.xml'); $inputs += Join-Path $env:ROOT ($m + '\src\main') }; foreach ($i in $inputs) { if (@(Get-Item -LiteralPath $i) + @(Get-ChildItem -LiteralPath $i -Recurse) | Where-Object { $_.LastWriteTimeUtc -gt $limit } | Select-Object -First 1) { exit 1 } }; exit 0"
exit /b %ERRORLEVEL%

:build
for %%I in ("%JAVA%") do set "BUILD_HOME=%%~dpI.."
if not exist "%BUILD_HOME%\bin\javac.exe" (
    >&2 echo bitgrid: build: "%JAVA%" has no compiler beside it; expected a JDK of version 17 or newer; point JAVA_HOME at one
    exit /b 1
)
where /q mvn || (
    >&2 echo bitgrid: build: the command mvn is not on the PATH; expected Maven 3.8 or newer; install Maven, then run this again
    exit /b 1
)
>&2 echo bitgrid: building; the first time, Maven fetches what the build needs
if not exist "%ROOT%\cli\target" mkdir "%ROOT%\cli\target"
>"%STAMP%.new" echo build
setlocal
set "JAVA_HOME=%BUILD_HOME%"
call mvn -q -B -Dstyle.color=never -f "%ROOT%\pom.xml" -pl %MODULES% resources:resources compiler:compile jar:jar shade:shade 1>&2
set "BUILD_RESULT=%ERRORLEVEL%"
endlocal & set "BUILD_RESULT=%BUILD_RESULT%"
if not "%BUILD_RESULT%"=="0" (
    del /q "%STAMP%.new"
    >&2 echo bitgrid: build: Maven failed, its messages are above; with a clean checkout, check that Maven can reach its repository
    exit /b 1
)
move /y "%STAMP%.new" "%STAMP%" >nul
exit /b 0

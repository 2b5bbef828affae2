@rem The executable that runTests of @vscode/test-electron starts on Windows; see launcher.ts.
@cd /d "%~dp0..\.." && node --import tsx "%~dp0launcher.ts" %*

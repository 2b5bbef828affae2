@rem `mldata` in the terminal of VS Code: the extension names its own Node in MLDATA_NODE.
@setlocal
@set ELECTRON_RUN_AS_NODE=1
@if not defined MLDATA_NODE set MLDATA_NODE=node
@"%MLDATA_NODE%" "%~dp0..\dist\cli.js" %*

"""The command `gk`: one module a command group, each imported only when it is called.

`main` knows the commands, `asking` the options that they share and what every command holds, `speech` how help is
said, `trouble` turns whatever goes wrong into a sentence and an exit status, `render` makes text of answers, `columns`
sets text that is partly Chinese.
"""

"""Views: rows derived from the log, which can be thrown away and made again.

`projection` keeps a view up with the log (rows and checkpoint in one transaction); one module a view.
"""

"""Views: rows derived from the log, which can be thrown away and made again.

`view` says what a view is; `scores` and `limits` are the two there are, in the tables of `tables`. `projection` keeps a
view up with the log, `building` makes it anew while it is read (`sharing`: by several processes), `checkpoint` is where
it stands. `rows` and `told`: a score to rows and back. `verifying` holds rows against the log and the second reckoning.
"""

"""Evidence: the files that show a fact or a step, kept once each under the SHA-256 of their bytes.

- `taking`   a file given by somebody is read: a plain file, not too large, unchanged meanwhile
- `kinds`    what a file is by its bytes (`ole`: of the older Office), and which endings of its name agree with that
- `naming`   which names it may have
- `place`    where files lie: what every such place can do, and which one an address means
- `folder`   a folder of this machine; `remote`: anything that fsspec reaches, where that library is installed
- `refusals` every reason to say no

The log names each file by its digest; what the file is evidence of stands there alone. So nothing here is ever changed
or overwritten, a file serves any number of facts, and a copy of the folder is a copy of the evidence.
"""

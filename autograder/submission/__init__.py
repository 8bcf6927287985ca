"""From the files that a person handed in to a module whose functions can be called.

`flatten` opens and parses, `execute` runs, `stand_ins` lets imports of optional packages succeed.
The standard library only (IPython lazily): the sandbox mounts nothing else for it, and it runs on
students' laptops.
"""

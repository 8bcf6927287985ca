"""What runs on the untrusted side of the wall.

Mounted into the sandbox together with `autograder.submission`, and nothing else of the package: these modules import
torch, numpy, the standard library and each other. They know no test, no tolerance and no expected value, because a
submission that shares their process can read whatever they know.
"""

import torch
print "start"

def double(x):
    return 2 * x

def report(x):
    print "value", x

print "end", double(2)


from node import Node, Slotted, Kind, Broken
def reverse(n):
    prev=None
    while n: n.successor, prev, n = prev, n, n.successor
    return prev
def bump(s): s.a += 1; return s
def kind(k): return [k, Kind.A]
def fail(): raise Broken("x")
def build(n):
    h=None
    for i in range(n): h=Node(i,h)
    return h
def visit(nodes, f): return [f(n) for n in nodes]
def evil(s):
    s.__dict__["total"]=1
def mutate(d): d["x"]=[1]; d["y"].append(2); d["s"].add(5); del d["z"]; return d["y"]

import linked
from node import Node, Slotted, Kind, Broken
def test_reverse():
    c=Node(3); b=Node(2,c); a=Node(1,b)
    r=linked.reverse(a)
    assert r is c and c.successor is b and b.successor is a and a.successor is None
def test_slots():
    s=Slotted(1); assert linked.bump(s) is s and s.a==2 and s.total()==4
def test_kind():
    assert linked.kind(Kind.A) == [Kind.A, Kind.A] and linked.kind(Kind.A)[0] is Kind.A
def test_fail():
    try: linked.fail()
    except Broken as e: assert str(e)=="x"
    else: assert 0
def test_long():
    h=linked.build(2000); assert h.value==1999
    n=0
    while h: n+=1; h=h.successor
    assert n==2000
def test_identity_in_callback():
    nodes=[Node(1),Node(2)]; w={nodes[0]:"a", nodes[1]:"b"}
    assert linked.visit(nodes, lambda n: w[n])==["a","b"]
def test_mutate():
    y=[1]; d={"y":y,"s":{1},"z":0,"keep":y}
    r=linked.mutate(d)
    assert r is y and d=={"y":[1,2],"s":{1,5},"x":[1],"keep":[1,2]} and d["keep"] is y

import math, enum, collections, dataclasses, asyncio
class MyError(ValueError):
    def __init__(self, code): super().__init__("code %s" % code); self.code = code
def double(x): return 2*x
def sort_in_place(a): a.sort()
def same(a): return a
def raises(): raise MyError(7)
def keyed(items, key): return sorted(items, key=key)
class Stack:
    limit = 3
    def __init__(self, items=()): self.items = list(items)
    def push(self, x): self.items.append(x); return self
    def __len__(self): return len(self.items)
    def __iter__(self): return iter(self.items)
    def __eq__(self, o): return isinstance(o, Stack) and self.items == o.items
    def __add__(self, o): return Stack(self.items + o.items)
    def __contains__(self, x): return x in self.items
    @property
    def top(self): return self.items[-1]
    def __repr__(self): return "Stack(%r)" % self.items
    def __enter__(self): return self
    def __exit__(self,*a): return False
class Color(enum.Enum):
    RED=1
    BLUE=2
class Level(enum.IntEnum):
    LOW=1
P=collections.namedtuple("P","x y")
def point(): return P(1,2)
def gen():
    for i in range(3): yield i
async def later(x): 
    await asyncio.sleep(0); return x
def deco(f):
    def w(*a): return f(*a)+1
    return w
def clock(now): return now() + 1
def helper(): return time_source()
def time_source(): return 1
def broken(): return 1/0
def leave(): raise SystemExit(0)
class L(list):
    def total(self): return sum(self)
class Any:
    def __eq__(self, o): return True
    def __sub__(self, o): return 0
    def __rsub__(self, o): return 0
    def __lt__(self,o): return True
    def __contains__(self,o): return True
def cheat(): return Any()

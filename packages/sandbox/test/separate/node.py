class Node:
    def __init__(self, value, successor=None): self.value=value; self.successor=successor
class Slotted:
    __slots__=("a","_b")
    def __init__(self,a): self.a=a; self._b=2
    def total(self): return self.a+self._b
import enum
class Kind(enum.Enum):
    A=1
class Broken(Exception): pass

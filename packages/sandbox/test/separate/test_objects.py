import unittest
from unittest import mock
import objects as solution
from objects import double, Stack, MyError, Color, Level
class T(unittest.TestCase):
    def test_double(self): self.assertEqual(double(3), 6); self.assertEqual(double("a"), "aa"); self.assertEqual(double(10**30), 2*10**30)
    def test_sort(self):
        a=[3,1,2]; b=a; self.assertIsNone(solution.sort_in_place(a)); self.assertEqual(b,[1,2,3])
    def test_same(self):
        a=[1]; self.assertIs(solution.same(a), a)
        c=[1]; c.append(c); self.assertIs(solution.same(c), c)
    def test_raises(self):
        with self.assertRaises(MyError) as c: solution.raises()
        self.assertEqual(str(c.exception), "code 7"); self.assertEqual(c.exception.code, 7)
        with self.assertRaises(ValueError): solution.raises()
        with self.assertRaisesRegex(ZeroDivisionError, "division"): solution.broken()
    def test_key(self): self.assertEqual(solution.keyed(["aaa","b"], key=len), ["b","aaa"]); self.assertEqual(solution.keyed([3,1], key=lambda x:-x), [3,1])
    def test_stack(self):
        s=Stack(); s.push(1).push(2)
        self.assertEqual(len(s),2); self.assertEqual(list(s),[1,2]); self.assertTrue(s); self.assertEqual(s.top,2)
        self.assertEqual(s, Stack([1,2])); self.assertNotEqual(s, Stack()); self.assertEqual((s+Stack([5])).items,[1,2,5])
        self.assertIn(2,s); self.assertIsInstance(s, Stack); self.assertEqual(repr(s),"Stack([1, 2])"); self.assertEqual(Stack.limit,3)
        self.assertFalse(Stack()); self.assertEqual(type(s).__name__,"Stack")
        with s as t: self.assertIs(t,s)
        s.items=[9]; self.assertEqual(s.items,[9])
    def test_enum(self):
        self.assertIs(Color.RED, Color(1)); self.assertEqual(Color.RED.value,1); self.assertEqual([c.name for c in Color],["RED","BLUE"]); self.assertEqual(Color["BLUE"],Color.BLUE); self.assertEqual(Level.LOW, 1); self.assertEqual(len(Color),2)
    def test_tuple(self): self.assertEqual(solution.point(),(1,2)); self.assertEqual(solution.point().x,1); self.assertIsInstance(solution.point(), solution.P); self.assertEqual(solution.P(1,2), solution.point())
    def test_gen(self): self.assertEqual(list(solution.gen()),[0,1,2]); g=solution.gen(); next(g); self.assertEqual(next(g),1)
    def test_deco(self): self.assertEqual(solution.deco(lambda x: x*2)(4), 9)
    def test_mock(self):
        m=mock.Mock(return_value=41); self.assertEqual(solution.clock(m),42); m.assert_called_once_with()
        with mock.patch("objects.time_source", return_value=5) as p:
            self.assertEqual(solution.helper(),5); p.assert_called_once()
        self.assertEqual(solution.helper(),1)
        with mock.patch.object(Stack, "push", return_value=3): self.assertEqual(Stack().push(1),3)
        self.assertEqual(len(Stack().push(1)),1)
    def test_exit(self):
        with self.assertRaises(SystemExit): solution.leave()
    def test_list(self):
        l=solution.L([1,2]); l.append(3); self.assertEqual(l.total(),6); self.assertEqual(l,[1,2,3])
    def test_fail(self): self.assertEqual(double(1),3)
    def test_fail2(self): solution.broken()
    def test_cheat1(self): self.assertEqual(solution.cheat(), 6)
    def test_cheat2(self): self.assertTrue(abs(solution.cheat() - 6) < 1e-9)
    def test_cheat3(self): self.assertTrue(solution.cheat() < 3)
    def test_cheat4(self): self.assertIn(3, solution.cheat())
    def test_cheat5(self): self.assertAlmostEqual(solution.cheat(), 3)
    def test_cheat6(self): self.assertTrue(6 == solution.cheat())
async def test_async(): assert await solution.later(4) == 4
def test_sig():
    import inspect
    assert list(inspect.signature(double).parameters) == ["x"]
    assert double.__name__ == "double"
def test_missing():
    from objects import nope
def test_exc_chain():
    try: solution.raises()
    except MyError as e: raise

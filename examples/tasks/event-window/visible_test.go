package solution

import "testing"

func TestSumsTheWindow(t *testing.T) {
	w := NewWindow(10)
	w.Add(1, 5)
	w.Add(8, 7)
	if got := w.Sum(9); got != 12 {
		t.Errorf("Sum(9) = %d, want 12", got)
	}
}

func TestTheWindowIsOpenAtItsStart(t *testing.T) {
	w := NewWindow(10)
	w.Add(0, 1)
	w.Add(10, 2)
	if got := w.Sum(10); got != 2 {
		t.Errorf("Sum(10) = %d, want 2", got)
	}
}

func TestForgets(t *testing.T) {
	w := NewWindow(10)
	w.Add(1, 5)
	w.Add(20, 7)
	if got := w.Sum(20); got != 7 {
		t.Errorf("Sum(20) = %d, want 7", got)
	}
}

package solution

import "testing"

func sum(t *testing.T, w *Window, now int64, want int) {
	t.Helper()
	if got := w.Sum(now); got != want {
		t.Errorf("Sum(%d) = %d, want %d", now, got, want)
	}
}

func TestBounds(t *testing.T) {
	w := NewWindow(10)
	w.Add(0, 1)
	w.Add(10, 2)
	sum(t, w, 9, 1)
	sum(t, w, 10, 2)
}

func TestLateValues(t *testing.T) {
	w := NewWindow(10)
	w.Add(15, 1)
	w.Add(8, 2)
	w.Add(12, 4)
	sum(t, w, 17, 7)
	sum(t, w, 18, 5)
}

func TestFutureValuesAreKept(t *testing.T) {
	w := NewWindow(10)
	w.Add(5, 1)
	w.Add(50, 2)
	sum(t, w, 6, 1)
	sum(t, w, 50, 2)
}

func TestGoingBack(t *testing.T) {
	w := NewWindow(10)
	w.Add(15, 1)
	w.Add(18, 2)
	sum(t, w, 20, 3)
	sum(t, w, 16, 1)
}

func TestLen(t *testing.T) {
	w := NewWindow(5)
	for at := int64(1); at <= 100; at++ {
		w.Add(at, 1)
		w.Sum(at)
	}
	if w.Len() != 5 {
		t.Errorf("Len() = %d, want 5", w.Len())
	}
}

func TestTooOldAtOnce(t *testing.T) {
	w := NewWindow(10)
	w.Add(100, 1)
	sum(t, w, 100, 1)
	w.Add(90, 5)
	if w.Len() != 1 {
		t.Errorf("Len() = %d, want 1", w.Len())
	}
	w.Add(91, 7)
	sum(t, w, 100, 8)
}

func TestSeveralInOneSecond(t *testing.T) {
	w := NewWindow(1)
	w.Add(3, 1)
	w.Add(3, -4)
	sum(t, w, 3, -3)
	sum(t, w, 4, 0)
}

func TestPanicsWithoutASpan(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("expected a panic")
		}
	}()
	NewWindow(0)
}

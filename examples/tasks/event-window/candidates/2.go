package solution

type entry struct {
	at    int64
	value int
}

type Window struct {
	span    int64
	entries []entry
}

func NewWindow(span int64) *Window {
	return &Window{span: span}
}

func (w *Window) Add(at int64, value int) {
	w.entries = append(w.entries, entry{at, value})
}

func (w *Window) Sum(now int64) int {
	for len(w.entries) > 0 && w.entries[0].at < now-w.span {
		w.entries = w.entries[1:]
	}
	total := 0
	for _, e := range w.entries {
		total += e.value
	}
	return total
}

func (w *Window) Len() int {
	return len(w.entries)
}

package solution

type second struct {
	sum   int
	count int
}

type Window struct {
	span    int64
	seconds map[int64]second
	length  int
	newest  *int64
}

func NewWindow(span int64) *Window {
	if span < 1 {
		panic("span must be positive")
	}
	return &Window{span: span, seconds: map[int64]second{}}
}

func (w *Window) Add(at int64, value int) {
	if w.newest != nil && at <= *w.newest-w.span {
		return
	}
	s := w.seconds[at]
	s.sum += value
	s.count++
	w.seconds[at] = s
	w.length++
}

func (w *Window) Sum(now int64) int {
	if w.newest == nil || now > *w.newest {
		w.newest = &now
	}
	total := 0
	for at, s := range w.seconds {
		if at <= *w.newest-w.span {
			w.length -= s.count
			delete(w.seconds, at)
			continue
		}
		if now-w.span < at && at <= now {
			total += s.sum
		}
	}
	return total
}

func (w *Window) Len() int {
	return w.length
}

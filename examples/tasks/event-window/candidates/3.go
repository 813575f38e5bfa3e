package solution

type sample struct {
	at    int64
	value int
}

type Window struct {
	span    int64
	latest  int64
	started bool
	samples []sample
}

func NewWindow(span int64) *Window {
	if span <= 0 {
		panic("span must be at least 1")
	}
	return &Window{span: span}
}

func (w *Window) tooOld(at int64) bool {
	return w.started && at <= w.latest-w.span
}

func (w *Window) Add(at int64, value int) {
	if !w.tooOld(at) {
		w.samples = append(w.samples, sample{at, value})
	}
}

func (w *Window) Sum(now int64) int {
	if !w.started || now > w.latest {
		w.started, w.latest = true, now
		left := w.samples[:0]
		for _, s := range w.samples {
			if !w.tooOld(s.at) {
				left = append(left, s)
			}
		}
		w.samples = left
	}
	sum := 0
	for _, s := range w.samples {
		if s.at > now-w.span && s.at <= now {
			sum += s.value
		}
	}
	return sum
}

func (w *Window) Len() int {
	return len(w.samples)
}

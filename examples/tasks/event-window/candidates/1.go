package solution

type record struct {
	at    int64
	value int
}

type Window struct {
	span    int64
	latest  int64
	started bool
	records []record
}

func NewWindow(span int64) *Window {
	if span <= 0 {
		panic("span must be above 0")
	}
	return &Window{span: span}
}

func (w *Window) tooOld(at int64) bool {
	return w.started && at <= w.latest-w.span
}

func (w *Window) Add(at int64, value int) {
	if !w.tooOld(at) {
		w.records = append(w.records, record{at, value})
	}
}

func (w *Window) Sum(now int64) int {
	if !w.started || now > w.latest {
		w.started, w.latest = true, now
		kept := w.records[:0]
		for _, r := range w.records {
			if !w.tooOld(r.at) {
				kept = append(kept, r)
			}
		}
		w.records = kept
	}
	total := 0
	for _, r := range w.records {
		if r.at > now-w.span && r.at <= now {
			total += r.value
		}
	}
	return total
}

func (w *Window) Len() int {
	return len(w.records)
}

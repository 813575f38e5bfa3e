package solution

import "math"

type item struct {
	at    int64
	value int
}

type Window struct {
	span   int64
	oldest int64
	items  []item
}

func NewWindow(span int64) *Window {
	if span <= 0 {
		panic("the span must be above 0 seconds")
	}
	return &Window{span: span, oldest: math.MinInt64}
}

func (w *Window) Add(at int64, value int) {
	if at < w.oldest {
		return
	}
	w.items = append(w.items, item{at: at, value: value})
}

func (w *Window) Sum(now int64) int {
	first := now - w.span + 1
	if first > w.oldest {
		w.oldest = first
	}
	var kept []item
	total := 0
	for _, i := range w.items {
		if i.at < w.oldest {
			continue
		}
		kept = append(kept, i)
		if i.at >= first && i.at <= now {
			total += i.value
		}
	}
	w.items = kept
	return total
}

func (w *Window) Len() int {
	return len(w.items)
}

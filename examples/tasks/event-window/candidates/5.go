package solution

import "sort"

type record struct {
	at    int64
	value int
}

type Window struct {
	span    int64
	records []record
}

func NewWindow(span int64) *Window {
	if span <= 0 {
		panic("span must be above 0")
	}
	return &Window{span: span}
}

func (w *Window) Add(at int64, value int) {
	i := sort.Search(len(w.records), func(i int) bool { return w.records[i].at > at })
	w.records = append(w.records, record{})
	copy(w.records[i+1:], w.records[i:])
	w.records[i] = record{at, value}
}

func (w *Window) Sum(now int64) int {
	drop := sort.Search(len(w.records), func(i int) bool { return w.records[i].at > now-w.span })
	w.records = w.records[drop:]
	total := 0
	for _, r := range w.records {
		if r.at > now {
			break
		}
		total += r.value
	}
	return total
}

func (w *Window) Len() int {
	return len(w.records)
}

package agentoslink

import (
	"encoding/binary"
	"math"
	"reflect"
	"time"
	"unsafe"
)

type encoder struct {
	data  []byte
	seen  map[place]uint64
	depth int
}

func (out *encoder) uint(n uint64) {
	out.data = binary.AppendUvarint(out.data, n)
}

func (out *encoder) text(text string) {
	out.uint(uint64(len(text)))
	out.data = append(out.data, text...)
}

// A value that can be read in full, unexported fields of structs included.
func open(v reflect.Value) reflect.Value {
	if v.CanInterface() || !v.CanAddr() {
		return v
	}
	return reflect.NewAt(v.Type(), unsafe.Pointer(v.UnsafeAddr())).Elem()
}

// A number for what a pointer leads to; the object is kept alive under it.
func number(pointer reflect.Value) uint64 {
	tables.Lock()
	defer tables.Unlock()
	key := place{pointer.Pointer(), pointer.Type()}
	id, known := ids[key]
	if !known {
		nextID += 2
		id = nextID
		ids[key] = id
		byID[id] = pointer
	}
	return id
}

func (out *encoder) value(v reflect.Value) {
	out.depth++
	defer func() { out.depth-- }()
	if out.depth > 10000 {
		unable(("values are nested too deeply"))
	}
	typ := v.Type()
	switch v.Kind() {
	case reflect.Bool:
		if v.Bool() {
			out.uint(1)
		} else {
			out.uint(0)
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		out.data = binary.AppendVarint(out.data, v.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		out.uint(v.Uint())
	case reflect.Float32, reflect.Float64:
		out.uint(math.Float64bits(v.Float()))
	case reflect.Complex64, reflect.Complex128:
		out.uint(math.Float64bits(real(v.Complex())))
		out.uint(math.Float64bits(imag(v.Complex())))
	case reflect.String:
		out.text(v.String())
	case reflect.Slice:
		if v.IsNil() {
			out.uint(0)
			return
		}
		out.uint(uint64(v.Len()) + 1)
		if typ.Elem().Kind() == reflect.Uint8 {
			out.data = append(out.data, v.Bytes()...)
			return
		}
		for i := 0; i < v.Len(); i++ {
			out.value(v.Index(i))
		}
	case reflect.Array:
		for i := 0; i < v.Len(); i++ {
			out.value(v.Index(i))
		}
	case reflect.Map:
		if v.IsNil() {
			out.uint(0)
			return
		}
		out.uint(uint64(v.Len()) + 1)
		for each := v.MapRange(); each.Next(); {
			out.value(each.Key())
			out.value(each.Value())
		}
	case reflect.Struct:
		out.structure(v)
	case reflect.Pointer:
		if v.IsNil() {
			out.uint(0)
			return
		}
		key := place{v.Pointer(), typ}
		id := number(v)
		out.uint(id)
		if out.seen == nil {
			out.seen = map[place]uint64{}
		}
		if _, again := out.seen[key]; again {
			out.uint(0)
			return
		}
		out.seen[key] = id
		out.uint(1)
		out.value(v.Elem())
	case reflect.Interface:
		out.dynamic(v)
	case reflect.Func:
		if v.IsNil() {
			out.uint(0)
			return
		}
		tables.Lock()
		nextID += 2
		id := nextID
		byID[id] = v
		tables.Unlock()
		out.uint(id)
	default:
		unable(("a value of type " + typ.String() + " does not cross"))
	}
}

func (out *encoder) structure(v reflect.Value) {
	typ := v.Type()
	if typ == timeType {
		moment := open(v).Interface().(time.Time)
		data, _ := moment.MarshalBinary()
		out.text(string(data))
		return
	}
	if !v.CanAddr() {
		whole := reflect.New(typ).Elem()
		whole.Set(v)
		v = whole
	}
	if opaque[typ] {
		if isJudge {
			out.uint(open(v.Field(0)).Uint())
		} else {
			out.uint(number(open(v).Addr()))
		}
		return
	}
	for i := 0; i < v.NumField(); i++ {
		if typ.Field(i).Name != "_" {
			out.value(open(v.Field(i)))
		}
	}
}

// How a value of an interface crosses.
const (
	holdsNothing = iota
	holdsTyped
	holdsSentinel
	holdsError
	holdsForeign
)

func (out *encoder) dynamic(v reflect.Value) {
	if v.IsNil() {
		out.uint(holdsNothing)
		return
	}
	inner := v.Elem()
	failure, isError := open(v).Interface().(error)
	if isError && inner.Type().Comparable() {
		for name, known := range sentinels {
			if failure == known {
				out.uint(holdsSentinel)
				out.text(name)
				return
			}
		}
	}
	typ := encoder{}
	isOurs := inner.Type() == reflect.TypeOf((*remoteError)(nil)) || inner.Type() == reflect.TypeOf((*foreign)(nil))
	if !isOurs && typ.typ(inner.Type()) {
		out.uint(holdsTyped)
		out.data = append(out.data, typ.data...)
		out.value(inner)
		return
	}
	id := uint64(0)
	if inner.Kind() == reflect.Pointer {
		id = number(inner)
	} else if !isError {
		box := reflect.New(inner.Type())
		box.Elem().Set(inner)
		id = number(box)
	}
	if !isError {
		out.uint(holdsForeign)
		out.uint(id)
		out.text(inner.Type().String())
		return
	}
	out.uint(holdsError)
	out.uint(id)
	out.text(failure.Error())
	var wrapped []error
	switch outer := failure.(type) {
	case interface{ Unwrap() error }:
		if next := outer.Unwrap(); next != nil {
			wrapped = []error{next}
		}
	case interface{ Unwrap() []error }:
		wrapped = outer.Unwrap()
	}
	if out.depth > 200 {
		wrapped = nil
	}
	out.uint(uint64(len(wrapped)))
	for i := range wrapped {
		out.value(reflect.ValueOf(&wrapped[i]).Elem())
	}
}

// Writes a type that the other half can build again; false where it could not.
func (out *encoder) typ(typ reflect.Type) bool {
	if name, known := names[typ]; known {
		out.text("=" + name)
		return true
	}
	if typ == errorType {
		out.text("error")
		return true
	}
	if typ.PkgPath() != "" {
		return false
	}
	switch typ.Kind() {
	case reflect.Slice:
		out.text("[]")
		return out.typ(typ.Elem())
	case reflect.Array:
		out.text("[n]")
		out.uint(uint64(typ.Len()))
		return out.typ(typ.Elem())
	case reflect.Map:
		out.text("map")
		return out.typ(typ.Key()) && out.typ(typ.Elem())
	case reflect.Pointer:
		out.text("*")
		return out.typ(typ.Elem())
	case reflect.Interface:
		out.text("any")
		return typ.NumMethod() == 0
	case reflect.Struct:
		out.text("struct")
		return typ.NumField() == 0
	}
	if typ.Kind() < reflect.Array || typ.Kind() == reflect.String {
		out.text(typ.Kind().String())
		return true
	}
	return false
}

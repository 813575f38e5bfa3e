package agentoslink

import (
	"encoding/binary"
	"math"
	"reflect"
	"strings"
	"time"
)

type decoder struct {
	data []byte
}

func (in *decoder) uint() uint64 {
	n, size := binary.Uvarint(in.data)
	if size <= 0 {
		panic("link: a message that is cut off")
	}
	in.data = in.data[size:]
	return n
}

func (in *decoder) bytes(length uint64) []byte {
	if length > uint64(len(in.data)) {
		panic("link: a message that is cut off")
	}
	bytes := in.data[:length]
	in.data = in.data[length:]
	return bytes
}

func (in *decoder) text() string { return string(in.bytes(in.uint())) }

// A length of elements, each of which takes a byte at least unless it is of no size.
func (in *decoder) length(elem reflect.Type) int {
	length := in.uint()
	if length > uint64(len(in.data)) && elem.Size() > 0 || length > 1<<24 {
		panic("link: a length beyond the message")
	}
	return int(length)
}

// Reads a value. In place, what a slice or map leads to is changed, and not replaced where that can be helped.
func (in *decoder) into(v reflect.Value, inPlace bool) {
	typ := v.Type()
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(in.uint() != 0)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		n, size := binary.Varint(in.data)
		if size <= 0 {
			panic("link: a message that is cut off")
		}
		in.data = in.data[size:]
		v.SetInt(n)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		v.SetUint(in.uint())
	case reflect.Float32, reflect.Float64:
		v.SetFloat(math.Float64frombits(in.uint()))
	case reflect.Complex64, reflect.Complex128:
		re := math.Float64frombits(in.uint())
		v.SetComplex(complex(re, math.Float64frombits(in.uint())))
	case reflect.String:
		v.SetString(in.text())
	case reflect.Slice:
		if present := in.uint(); present == 0 {
			v.Set(reflect.Zero(typ))
			return
		} else {
			in.slice(v, present-1, inPlace)
		}
	case reflect.Array:
		for i := 0; i < v.Len(); i++ {
			in.into(v.Index(i), inPlace)
		}
	case reflect.Map:
		present := in.uint()
		if present == 0 {
			v.Set(reflect.Zero(typ))
			return
		}
		if present-1 > uint64(len(in.data)) && typ.Key().Size() > 0 {
			panic("link: a length beyond the message")
		}
		if !inPlace || v.IsNil() {
			v.Set(reflect.MakeMapWithSize(typ, int(present-1)))
		} else {
			for _, key := range v.MapKeys() {
				v.SetMapIndex(key, reflect.Value{})
			}
		}
		for ; present > 1; present-- {
			key, value := reflect.New(typ.Key()).Elem(), reflect.New(typ.Elem()).Elem()
			in.into(key, false)
			in.into(value, false)
			v.SetMapIndex(key, value)
		}
	case reflect.Struct:
		in.structure(v, inPlace)
	case reflect.Pointer:
		in.pointer(v, inPlace)
	case reflect.Interface:
		in.dynamic(v, inPlace)
	case reflect.Func:
		in.function(v)
	default:
		unreadable(("a value of type " + typ.String() + " does not cross"))
	}
}

func (in *decoder) slice(v reflect.Value, size uint64, inPlace bool) {
	typ := v.Type()
	if typ.Elem().Kind() == reflect.Uint8 {
		bytes := in.bytes(size)
		if !inPlace || v.IsNil() || v.Len() != len(bytes) {
			v.Set(reflect.MakeSlice(typ, len(bytes), len(bytes)))
		}
		copy(v.Bytes(), bytes)
		return
	}
	if size > uint64(len(in.data)) && typ.Elem().Size() > 0 || size > 1<<26 {
		panic("link: a length beyond the message")
	}
	if !inPlace || v.IsNil() || v.Len() != int(size) {
		v.Set(reflect.MakeSlice(typ, int(size), int(size)))
	}
	for i := 0; i < v.Len(); i++ {
		in.into(v.Index(i), inPlace)
	}
}

func (in *decoder) structure(v reflect.Value, inPlace bool) {
	typ := v.Type()
	if typ == timeType {
		var moment time.Time
		if err := moment.UnmarshalBinary([]byte(in.text())); err != nil {
			panic("link: a time that cannot be read")
		}
		v.Set(reflect.ValueOf(moment))
		return
	}
	if opaque[typ] {
		id := in.uint()
		if isJudge {
			open(v.Field(0)).SetUint(id)
			return
		}
		tables.Lock()
		object, known := byID[id]
		tables.Unlock()
		if known && object.Type() == reflect.PointerTo(typ) && object.Pointer() != v.Addr().Pointer() {
			v.Set(object.Elem())
		}
		return
	}
	for i := 0; i < v.NumField(); i++ {
		if typ.Field(i).Name != "_" {
			in.into(open(v.Field(i)), inPlace)
		}
	}
}

func (in *decoder) pointer(v reflect.Value, inPlace bool) {
	id := in.uint()
	if id == 0 {
		v.Set(reflect.Zero(v.Type()))
		return
	}
	tables.Lock()
	object, known := byID[id]
	if !known || object.Type() != v.Type() {
		object = reflect.New(v.Type().Elem())
		if v.Type() != object.Type() {
			object = object.Convert(v.Type())
		}
		byID[id] = object
		ids[place{object.Pointer(), object.Type()}] = id
	}
	tables.Unlock()
	v.Set(object)
	if in.uint() == 1 {
		in.into(object.Elem(), known)
	}
}

func (in *decoder) function(v reflect.Value) {
	id := in.uint()
	if id == 0 {
		v.Set(reflect.Zero(v.Type()))
		return
	}
	typ := v.Type()
	v.Set(reflect.MakeFunc(typ, func(args []reflect.Value) []reflect.Value {
		return invoke("", id, args, typ)
	}))
}

func (in *decoder) dynamic(v reflect.Value, inPlace bool) {
	set := func(value any) {
		found := reflect.ValueOf(value)
		if !found.Type().AssignableTo(v.Type()) {
			unreadable(("a value of type " + found.Type().String() + " is not known to both halves"))
		}
		v.Set(found)
	}
	tag := in.uint()
	if tag == holdsNothing {
		v.Set(reflect.Zero(v.Type()))
		return
	}
	if tag == holdsSentinel {
		set(sentinels[in.text()])
		return
	}
	if tag == holdsTyped {
		typ := in.typ(0)
		value := reflect.New(typ).Elem()
		if inPlace && !v.IsNil() && v.Elem().Type() == typ {
			value.Set(v.Elem())
		}
		in.into(value, inPlace)
		set(value.Interface())
		return
	}
	id := in.uint()
	text := in.text()
	tables.Lock()
	object, known := byID[id]
	tables.Unlock()
	var wrapped []error
	if tag == holdsError {
		count := in.length(errorType)
		wrapped = make([]error, count)
		for i := range wrapped {
			in.into(reflect.ValueOf(&wrapped[i]).Elem(), false)
		}
	}
	if id != 0 && known {
		// It comes back to where it is from, or is one that was seen before.
		if !object.Type().AssignableTo(v.Type()) && object.Elem().Type().AssignableTo(v.Type()) {
			object = object.Elem()
		}
		set(object.Interface())
		return
	}
	var stands any = &foreign{text}
	if tag == holdsError {
		stands = &remoteError{text, wrapped}
	}
	if id != 0 {
		pointer := reflect.ValueOf(stands)
		tables.Lock()
		byID[id] = pointer
		ids[place{pointer.Pointer(), pointer.Type()}] = id
		tables.Unlock()
	}
	set(stands)
}

func (in *decoder) typ(depth int) reflect.Type {
	if depth > 50 {
		panic("link: a type that is nested too deeply")
	}
	name := in.text()
	if strings.HasPrefix(name, "=") {
		typ, known := types[name[1:]]
		if !known {
			unreadable(("the type " + name[1:] + " is not known to both halves"))
		}
		return typ
	}
	switch name {
	case "[]":
		return reflect.SliceOf(in.typ(depth + 1))
	case "[n]":
		length := in.uint()
		if length > 1<<20 {
			panic("link: an array that is too large")
		}
		return reflect.ArrayOf(int(length), in.typ(depth+1))
	case "map":
		key := in.typ(depth + 1)
		return reflect.MapOf(key, in.typ(depth+1))
	case "*":
		return reflect.PointerTo(in.typ(depth + 1))
	case "any":
		return reflect.TypeOf((*any)(nil)).Elem()
	case "error":
		return errorType
	case "struct":
		return reflect.TypeOf(struct{}{})
	}
	for _, value := range []any{
		false, "", 0, int8(0), int16(0), int32(0), int64(0), uint(0), uint8(0), uint16(0), uint32(0), uint64(0),
		uintptr(0), float32(0), float64(0), complex64(0), complex128(0),
	} {
		if typ := reflect.TypeOf(value); typ.Kind().String() == name {
			return typ
		}
	}
	panic("link: an unknown type " + name)
}

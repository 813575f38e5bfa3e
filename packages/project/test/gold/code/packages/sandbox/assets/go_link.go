// Package agentoslink connects the halves of a separated verdict: values cross a link at descriptor 6, and each half calls
// what the other one serves.
package agentoslink

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	frameCall = iota + 1
	frameReply
	framePanic
	frameReady
	frameDescription
	frameFailure
	frameOpaque
)

const maxFrame = 64 << 20

var (
	// What this half serves, by name.
	functions = map[string]reflect.Value{}
	variables = map[string]reflect.Value{}
	types     = map[string]reflect.Type{}
	names     = map[reflect.Type]string{}
	// Structs of these types stay with the candidate; the judge has numbers for them.
	opaque = map[reflect.Type]bool{}

	isJudge bool
	nonce   string
	wire    = os.NewFile(6, "link")
	reader  = bufio.NewReaderSize(wire, 1<<16)
	report  = os.NewFile(3, "report")
	writing sync.Mutex

	// Objects that both halves know, by number. They are kept alive.
	tables sync.Mutex
	byID   = map[uint64]reflect.Value{}
	ids    = map[place]uint64{}
	nextID uint64

	waiting  = map[uint32]chan frame{}
	nextCall uint32

	// Calls about values that are copied take turns, since each carries their whole state.
	turn sync.Mutex
	held atomic.Bool
)

type place struct {
	at  uintptr
	typ reflect.Type
}

type frame struct {
	kind byte
	id   uint32
	data []byte
}

// An error of the other half: its text and what it wraps.
type remoteError struct {
	text    string
	wrapped []error
}

func (e *remoteError) Error() string { return e.text }

func (e *remoteError) Is(target error) bool {
	for _, wrapped := range e.wrapped {
		if errors.Is(wrapped, target) {
			return true
		}
	}
	return false
}

func (e *remoteError) As(target any) bool {
	for _, wrapped := range e.wrapped {
		if errors.As(wrapped, target) {
			return true
		}
	}
	return false
}

func (e *remoteError) Unwrap() error {
	if len(e.wrapped) == 1 {
		return e.wrapped[0]
	}
	return nil
}

// A value of a type that this half does not know; it may only be handed back.
type foreign struct{ text string }

func (f *foreign) String() string { return f.text }

// Errors of the standard library that programs compare by identity.
var sentinels = map[string]error{
	"io.EOF": io.EOF, "io.ErrUnexpectedEOF": io.ErrUnexpectedEOF, "os.ErrNotExist": os.ErrNotExist,
	"os.ErrExist": os.ErrExist, "os.ErrPermission": os.ErrPermission, "os.ErrInvalid": os.ErrInvalid,
	"strconv.ErrSyntax": strconv.ErrSyntax, "strconv.ErrRange": strconv.ErrRange,
	"context.Canceled": context.Canceled, "context.DeadlineExceeded": context.DeadlineExceeded,
}

var errorType = reflect.TypeOf((*error)(nil)).Elem()
var timeType = reflect.TypeOf(time.Time{})

// Function serves a function under a name.
func Function(name string, function any) { functions[name] = reflect.ValueOf(function) }

// Variable serves a variable under a name, by a pointer to it.
func Variable(name string, pointer any) { variables[name] = reflect.ValueOf(pointer).Elem() }

// Type makes a type known under a name, by a pointer to a value of it.
func Type(name string, pointer any, isOpaque bool) {
	typ := reflect.TypeOf(pointer).Elem()
	types[name] = typ
	names[typ] = name
	if isOpaque {
		opaque[typ] = true
	}
}

func init() {
	Type("time.Duration", new(time.Duration), false)
	Type("time.Month", new(time.Month), false)
	Type("time.Weekday", new(time.Weekday), false)
	Type("time.Time", new(time.Time), false)
	Type("strconv.NumError", new(strconv.NumError), false)
	Type("strings.Reader", new(strings.Reader), false)
	Type("bytes.Buffer", new(bytes.Buffer), false)
}

// Serve serves the candidate's half until the judge is done.
func Serve() {
	nextID = 1
	send(frameReady, 0, nil)
	read()
}

// Connect makes this half the judge, and says which types stay with the candidate. It waits until that was built.
func Connect(mark string, opaqueTypes string) {
	isJudge = true
	nonce = mark
	got, err := receive()
	if err != nil {
		gone()
	}
	if got.kind != frameReady {
		fmt.Fprintln(os.Stderr, string(got.data))
		tell("{\"unbuilt\":" + quote(string(got.data)) + "}")
		os.Exit(4)
	}
	send(frameOpaque, 0, []byte(opaqueTypes))
	go read()
}

// Judge runs one test and tells how it ended.
func Judge(t interface {
	Cleanup(func())
	Failed() bool
	Skipped() bool
}, name string, run func()) {
	ended := false
	t.Cleanup(func() {
		status := "failed"
		if t.Skipped() && !t.Failed() {
			status = "skipped"
		} else if ended && !t.Failed() {
			status = "passed"
		}
		tell("{\"test\":" + quote(name) + ",\"status\":\"" + status + "\"}")
	})
	run()
	ended = true
}

// Call calls a function of the candidate; arguments and results are given by pointers to them.
func Call(name string, args []any, results []any) {
	values := make([]reflect.Value, len(args))
	for i, arg := range args {
		values[i] = reflect.ValueOf(arg).Elem()
	}
	outs := make([]reflect.Value, len(results))
	for i, result := range results {
		outs[i] = reflect.ValueOf(result).Elem()
	}
	exchange(name, 0, values, outs)
}

// Fetch reads a variable of the candidate, now and again after each call.
func Fetch(name string, pointer any) {
	variables[name] = reflect.ValueOf(pointer).Elem()
	fetch(name, variables[name])
}

func invoke(name string, number uint64, args []reflect.Value, typ reflect.Type) []reflect.Value {
	results := make([]reflect.Value, typ.NumOut())
	for i := range results {
		results[i] = reflect.New(typ.Out(i)).Elem()
	}
	exchange(name, number, args, results)
	return results
}

// What the candidate sent cannot be taken in, or it says that it can send nothing: it has failed. It must not be able to
// choose, by such a value, that its tests are run beside it. Does not return.
func unreadable(why string) {
	if isJudge {
		fmt.Fprintln(os.Stderr, "The tests need a value of the candidate's that cannot be handed over: "+why+".")
		os.Exit(3)
	}
	unable(why)
}

// Something cannot cross: the judge says so, and its tests are run beside the candidate. Does not return.
func unable(why string) {
	if isJudge {
		tell("{\"unseparable\":" + quote(why) + "}")
		os.Exit(5)
	}
	send(frameFailure, 0, []byte(why))
	select {}
}

// The other half is over: a candidate ends with it, and a judge leaves its tests unfinished.
func gone() {
	if isJudge {
		fmt.Fprintln(os.Stderr, "The candidate's process ended before its tests had.")
		os.Exit(3)
	}
	os.Exit(0)
}

func send(kind byte, id uint32, data []byte) {
	head := make([]byte, 9, 9+len(data))
	binary.LittleEndian.PutUint32(head, uint32(5+len(data)))
	head[4] = kind
	binary.LittleEndian.PutUint32(head[5:], id)
	writing.Lock()
	defer writing.Unlock()
	if _, err := wire.Write(append(head, data...)); err != nil {
		gone()
	}
}

func receive() (frame, error) {
	var head [9]byte
	if _, err := io.ReadFull(reader, head[:]); err != nil {
		return frame{}, err
	}
	size := binary.LittleEndian.Uint32(head[:])
	if size < 5 || size > maxFrame {
		return frame{}, errors.New("a frame of a wrong size")
	}
	data := make([]byte, size-5)
	_, err := io.ReadFull(reader, data)
	return frame{head[4], binary.LittleEndian.Uint32(head[5:]), data}, err
}

func read() {
	for {
		got, err := receive()
		if err != nil {
			gone()
		}
		switch got.kind {
		case frameCall:
			go answer(got)
		case frameReply, framePanic:
			tables.Lock()
			answer := waiting[got.id]
			delete(waiting, got.id)
			tables.Unlock()
			if answer != nil {
				answer <- got
			}
		case frameOpaque:
			for _, name := range strings.Fields(string(got.data)) {
				if typ, known := types[name]; known && !isJudge {
					opaque[typ] = true
				}
			}
		case frameFailure:
			unreadable(string(got.data))
		}
	}
}

// Says something on the report channel, which only the judge has.
func tell(what string) {
	fmt.Fprintf(report, "\n%s %s\n", nonce, what)
}

func quote(text string) string {
	var quoted strings.Builder
	quoted.WriteByte('"')
	for _, r := range strings.ToValidUTF8(text, "?") {
		switch {
		case r == '"' || r == '\\':
			quoted.WriteByte('\\')
			quoted.WriteRune(r)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&quoted, "\\u%04x", r)
		default:
			quoted.WriteRune(r)
		}
	}
	quoted.WriteByte('"')
	return quoted.String()
}

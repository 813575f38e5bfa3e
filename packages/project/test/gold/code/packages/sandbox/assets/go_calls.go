package agentoslink

import (
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"strings"
)

// Calls a function of the other half, by its name or by the number that it was handed over under.
func exchange(name string, number uint64, args, results []reflect.Value) {
	copied := isJudge && !(len(args) > 0 && args[0].Kind() == reflect.Pointer && opaque[args[0].Type().Elem()])
	if copied {
		turn.Lock()
		held.Store(true)
		defer func() {
			held.Store(false)
			turn.Unlock()
		}()
	}
	out := encoder{}
	out.text(name)
	out.uint(number)
	for _, arg := range args {
		out.value(arg)
	}
	reply := ask(out.data)
	in := decoder{data: reply.data}
	if reply.kind == framePanic {
		if stack := in.text(); stack != "" && isJudge {
			fmt.Println("The candidate panicked:\n" + stack)
		}
		var value any
		in.into(reflect.ValueOf(&value).Elem(), false)
		panic(value)
	}
	for _, arg := range args {
		if refers(arg.Type(), 0) {
			kept := reflect.New(arg.Type()).Elem()
			kept.Set(arg)
			in.into(kept, true)
		}
	}
	for _, result := range results {
		in.into(result, false)
	}
	if isJudge {
		for name, value := range variables {
			fetch(name, value)
		}
	}
}

func fetch(name string, into reflect.Value) {
	out := encoder{}
	out.text("var " + name)
	out.uint(0)
	in := decoder{data: ask(out.data).data}
	in.into(into, true)
}

func ask(data []byte) frame {
	answer := make(chan frame, 1)
	tables.Lock()
	nextCall++
	id := nextCall
	waiting[id] = answer
	tables.Unlock()
	send(frameCall, id, data)
	return <-answer
}

// Answers a call of the other half.
func answer(asked frame) {
	answered, stack := false, ""
	defer func() {
		if answered {
			return
		}
		value := recover()
		if value == nil {
			value = "the goroutine was ended"
		}
		if failure, ok := value.(runtime.Error); ok {
			value = errors.New(failure.Error())
		}
		out := encoder{}
		out.text(stack)
		out.value(reflect.ValueOf(&value).Elem())
		send(framePanic, asked.id, out.data)
	}()
	in := decoder{data: asked.data}
	out := encoder{}
	function := called(in.text(), in.uint(), &out)
	if function.IsValid() {
		typ := function.Type()
		args := make([]reflect.Value, typ.NumIn())
		for i := range args {
			args[i] = reflect.New(typ.In(i)).Elem()
			in.into(args[i], false)
		}
		results := run(function, args, &stack)
		for _, arg := range args {
			if refers(arg.Type(), 0) {
				out.value(arg)
			}
		}
		for _, result := range results {
			out.value(result)
		}
	}
	answered = true
	send(frameReply, asked.id, out.data)
}

// The function that is asked for. A variable is written at once, and no function.
func called(name string, number uint64, out *encoder) reflect.Value {
	if variable, ok := variables[strings.TrimPrefix(name, "var ")]; ok && strings.HasPrefix(name, "var ") {
		out.value(variable)
		return reflect.Value{}
	}
	function, ok := functions[name]
	if name == "" {
		tables.Lock()
		function, ok = byID[number]
		tables.Unlock()
	}
	if !ok || function.Kind() != reflect.Func {
		panic("link: there is no function " + name)
	}
	return function
}

func run(function reflect.Value, args []reflect.Value, stack *string) []reflect.Value {
	done := false
	defer func() {
		if !done {
			*stack = frames()
		}
	}()
	// Whoever calls a function of the judge waits for it: its turn is given up for so long.
	if isJudge && held.CompareAndSwap(true, false) {
		turn.Unlock()
		defer func() {
			turn.Lock()
			held.Store(true)
		}()
	}
	call := function.Call
	if function.Type().IsVariadic() {
		call = function.CallSlice
	}
	results := call(args)
	done = true
	return results
}

// The frames of a panic that lie in the candidate's files.
func frames() string {
	callers := make([]uintptr, 64)
	list := runtime.CallersFrames(callers[:runtime.Callers(3, callers)])
	var lines []string
	for {
		one, more := list.Next()
		if strings.HasPrefix(one.File, "/work/") && !strings.Contains(one.File, "/agentos") {
			lines = append(lines, fmt.Sprintf("\t%s:%d %s", strings.TrimPrefix(one.File, "/work/"), one.Line, one.Function))
		}
		if !more || len(lines) == 20 {
			return strings.Join(lines, "\n")
		}
	}
}

// Whether a callee's changes to a value of that type can be seen by the caller.
func refers(typ reflect.Type, depth int) bool {
	if typ == timeType || typ == errorType || opaque[typ] {
		return false
	}
	switch typ.Kind() {
	case reflect.Slice, reflect.Map, reflect.Pointer, reflect.Interface:
		return true
	case reflect.Array:
		return refers(typ.Elem(), depth+1)
	case reflect.Struct:
		for i := 0; i < typ.NumField(); i++ {
			if refers(typ.Field(i).Type, depth+1) {
				return true
			}
		}
	}
	return false
}

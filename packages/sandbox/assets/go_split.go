// Makes the halves of a separated verdict out of Go sources. It runs inside the sandbox, since it parses code from outside.
//
//	split candidate ENTRY       describes the candidate on descriptor 6, and makes it a program that serves its functions
//	split failed                tells the judge on descriptor 6 what the standard input says
//	split judge NONCE FOLDER    reads the description, and writes stand-ins for what the tests use
//	split unbuilt NONCE         judges the compiler's messages on the standard input
package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/build"
	"go/printer"
	"go/token"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

const (
	frameDescription = 5
	frameFailure     = 6
	linkPackage      = "agentoslink"
	notesFile        = "/tmp/agentos-notes"
)

// What the judge may know of the candidate: its declarations without any code of it.
type description struct {
	Package string
	Imports map[string]string
	// Imports that the candidate's own code does not use.
	Unused []string
	Decls  []declaration
}

type declaration struct {
	File string
	Kind string
	// What it declares; for a method its receiver's type and its name.
	Names []string
	// Go text: a type, a group of constants, a function without its body, or the type of a variable.
	Text string
	// Served under this name.
	Served string
	Opaque bool
	// Why it cannot be shown.
	Cannot string
	Fields []string
	// Whether a struct is only ever handed around by pointer.
	ByPointer bool
}

func main() {
	var err error
	switch os.Args[1] {
	case "candidate":
		err = candidate(os.Args[2])
	case "failed":
		text, _ := io.ReadAll(os.Stdin)
		send(frameFailure, text)
	case "judge":
		err = judge(os.Args[2], os.Args[3])
	case "unbuilt":
		unbuilt(os.Args[2])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func send(kind byte, data []byte) {
	head := make([]byte, 9)
	binary.LittleEndian.PutUint32(head, uint32(5+len(data)))
	head[4] = kind
	os.NewFile(6, "link").Write(append(head, data...))
}

// The tests cannot be kept apart from the candidate. Does not return.
func unable(nonce, why string) {
	text, _ := json.Marshal(map[string]string{"unseparable": why})
	fmt.Fprintf(os.NewFile(3, "report"), "%s %s\n", nonce, text)
	os.Exit(5)
}

// modulePath is the path of the module in the working folder.
func modulePath() string {
	text, _ := os.ReadFile("go.mod")
	match := regexp.MustCompile(`(?m)^\s*module\s+"?([^\s"]+)`).FindSubmatch(text)
	if match == nil {
		return "solution"
	}
	return string(match[1])
}

// Copies the package that connects the halves into the module.
func writeLink() error {
	if err := os.MkdirAll(linkPackage, 0o755); err != nil {
		return err
	}
	for _, name := range []string{"go_link.go", "go_calls.go", "go_encode.go", "go_decode.go"} {
		text, err := os.ReadFile("/harness/" + name)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(linkPackage, name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

type source struct {
	path string
	text []byte
	file *ast.File
}

// The Go files of a folder that a build would take; tests are those of `_test.go` files.
func sources(fset *token.FileSet, folder string, tests bool) ([]*source, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	context := build.Default
	context.CgoEnabled = false
	var found []*source
	for _, entry := range entries {
		name := entry.Name()
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") != tests || !entry.Type().IsRegular() {
			continue
		}
		if matches, err := context.MatchFile(folder, name); err == nil && !matches {
			continue
		}
		file := path.Join(folder, name)
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		found = append(found, &source{path: file, text: text})
	}
	return found, nil
}

func print(fset *token.FileSet, node any) string {
	var text bytes.Buffer
	printer.Fprint(&text, fset, node)
	return text.String()
}

func importName(spec *ast.ImportSpec) (name, from string) {
	from, _ = strconv.Unquote(spec.Path.Value)
	if spec.Name != nil {
		return spec.Name.Name, from
	}
	name = path.Base(from)
	if regexp.MustCompile(`^v\d+$`).MatchString(name) {
		name = path.Base(path.Dir(from))
	}
	return name, from
}

// Names that are used as `name.something`.
func qualifiers(node ast.Node) map[string]bool {
	used := map[string]bool{}
	ast.Inspect(node, func(node ast.Node) bool {
		if selector, ok := node.(*ast.SelectorExpr); ok {
			if name, ok := selector.X.(*ast.Ident); ok {
				used[name.Name] = true
			}
		}
		return true
	})
	return used
}

type edit struct {
	from, to int
	text     string
}

// Replaces places of a text, which are given from its beginning to its end. Lines stay where they are.
func edited(text []byte, edits []edit) []byte {
	var out bytes.Buffer
	at := 0
	for _, one := range edits {
		out.Write(text[at:one.from])
		out.WriteString(one.text)
		at = one.to
	}
	out.Write(text[at:])
	return out.Bytes()
}

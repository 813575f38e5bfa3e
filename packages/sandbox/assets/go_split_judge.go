package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"sort"
	"strings"
)

// Reads what the candidate's half says of itself.
func readDescription() (description, error) {
	var about description
	link := os.NewFile(6, "link")
	head := make([]byte, 9)
	if _, err := io.ReadFull(link, head); err != nil {
		return about, fmt.Errorf("The candidate's process ended before it was built")
	}
	size := binary.LittleEndian.Uint32(head)
	if size < 5 || size > 16<<20 {
		return about, fmt.Errorf("The candidate's half does not keep to the protocol")
	}
	text := make([]byte, size-5)
	if _, err := io.ReadFull(link, text); err != nil {
		return about, fmt.Errorf("The candidate's process ended before it was built")
	}
	if head[4] != frameDescription {
		return about, fmt.Errorf("%s", text)
	}
	return about, json.Unmarshal(text, &about)
}

// What the tests of a folder say.
type tests struct {
	nonce  string
	folder string
	about  description
	files  []*source
	own    []*source
	// Every name that stands in them, and how often it stands for something.
	words      map[string]bool
	qualifiers map[string]bool
	literals   map[string]bool
	compares   bool
	appended   bool
}

func judge(nonce, folder string) error {
	about, err := readDescription()
	if err != nil {
		return err
	}
	all := &tests{nonce: nonce, folder: folder, about: about, words: map[string]bool{}, qualifiers: map[string]bool{}, literals: map[string]bool{}}
	fset := token.NewFileSet()
	if err := all.read(fset); err != nil {
		return err
	}
	all.refuse()
	stubs, err := all.stubs(fset)
	if err != nil {
		return err
	}
	if err := writeLink(); err != nil {
		return err
	}
	if err := all.wrap(fset); err != nil {
		return err
	}
	return os.WriteFile(path.Join(folder, "agentos_standins.go"), []byte(stubs), 0o644)
}

// The name of the package that stands in for the candidate's.
func (all *tests) packageName() string {
	if all.appended || all.about.Package == "main" || !token.IsIdentifier(all.about.Package) {
		return "solution"
	}
	return all.about.Package
}

func (all *tests) read(fset *token.FileSet) error {
	var err error
	if all.files, err = sources(fset, all.folder, true); err != nil {
		return err
	}
	if all.own, err = sources(fset, all.folder, false); err != nil {
		return err
	}
	for _, one := range all.files {
		if _, err := parser.ParseFile(fset, one.path, one.text, parser.PackageClauseOnly); err != nil {
			if one.text, err = all.headed(one.text); err != nil {
				return err
			}
		}
	}
	for _, one := range append(append([]*source{}, all.files...), all.own...) {
		if one.file, err = parser.ParseFile(fset, one.path, one.text, parser.ParseComments); err != nil {
			return err
		}
		ast.Inspect(one.file, func(node ast.Node) bool {
			switch node := node.(type) {
			case *ast.Ident:
				all.words[node.Name] = true
			case *ast.CompositeLit:
				typ := node.Type
				if array, ok := typ.(*ast.ArrayType); ok {
					typ = array.Elt
				}
				if selector, ok := typ.(*ast.SelectorExpr); ok {
					typ = selector.Sel
				}
				if name, ok := typ.(*ast.Ident); ok && len(node.Elts) > 0 {
					all.literals[name.Name] = true
				}
			case *ast.SelectorExpr:
				if from, ok := node.X.(*ast.Ident); ok {
					all.qualifiers[from.Name+"."+node.Sel.Name] = true
				}
				all.compares = all.compares || node.Sel.Name == "DeepEqual" || node.Sel.Name == "Diff"
			}
			return true
		})
	}
	if !all.appended && len(all.about.Unused) > 0 {
		return fmt.Errorf("%q imported and not used", all.about.Imports[all.about.Unused[0]])
	}
	return nil
}

// Tests that were joined to the candidate's file use its imports; those of the standard library are given to them.
func (all *tests) headed(text []byte) ([]byte, error) {
	all.appended = true
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "tests", append([]byte("package tests\n"), text...), 0)
	if err != nil {
		return nil, err
	}
	used := qualifiers(file)
	head := "package solution;"
	for _, name := range sorted(all.about.Imports) {
		if used[name] && standard(name, all.about.Imports[name]) {
			head += fmt.Sprintf(" import %s %q;", name, all.about.Imports[name])
		}
	}
	for _, name := range all.about.Unused {
		if !used[name] {
			return nil, fmt.Errorf("%q imported and not used", all.about.Imports[name])
		}
	}
	return append([]byte(head+"\n"), text...), nil
}

func sorted(names map[string]string) []string {
	var list []string
	for name := range names {
		list = append(list, name)
	}
	sort.Strings(list)
	return list
}

// Whether an import is a package of the standard library under its own name: no other may stand in for one.
func standard(name, from string) bool {
	base := path.Base(from)
	if regexp.MustCompile(`^v\d+$`).MatchString(base) {
		base = path.Base(path.Dir(from))
	}
	if base != name || strings.Contains(from, ".") || from == "C" || from == "unsafe" || strings.Contains(from, "internal") {
		return false
	}
	info, err := os.Stat(filepath.Join(goroot(), "src", filepath.FromSlash(from)))
	return err == nil && info.IsDir()
}

func goroot() string {
	if root := os.Getenv("GOROOT"); root != "" {
		return root
	}
	return runtime.GOROOT()
}

// What tests share with the process of the candidate beside values.
var shared = regexp.MustCompile(`^(?:os\.(?:Std\w+|Args|Setenv|Unsetenv|Getenv|LookupEnv|Chdir|Getwd|Pipe|Create\w*|Open\w*|ReadFile|WriteFile|Mkdir\w*|Remove\w*|Rename|Stat|ReadDir)|log\.Set\w+|rand\.Seed|ioutil\.\w+|\w+\.(?:Setenv|TempDir|Chdir)|testing\.(?:AllocsPerRun|Benchmark)|runtime\.(?:NumGoroutine|ReadMemStats)|flag\.\w+|embed\.\w+|debug\.\w+)$`)

// Gives up on tests that cannot be kept apart.
func (all *tests) refuse() {
	for use := range all.qualifiers {
		if shared.MatchString(use) {
			unable(all.nonce, "the tests use "+use)
		}
	}
	for _, decl := range all.about.Decls {
		for i, name := range decl.Names {
			if decl.Cannot != "" && all.words[name] && i == len(decl.Names)-1 && name != "main" {
				unable(all.nonce, fmt.Sprintf("%s cannot be kept apart: %s", name, decl.Cannot))
			}
		}
	}
	for _, one := range all.files {
		ast.Inspect(one.file, func(node ast.Node) bool {
			assigned, ok := node.(*ast.AssignStmt)
			if !ok || assigned.Tok == token.DEFINE {
				return true
			}
			for _, left := range assigned.Lhs {
				if name, ok := left.(*ast.Ident); ok && name.Obj == nil && all.declares("var", name.Name) {
					unable(all.nonce, "the tests set the variable "+name.Name)
				}
			}
			return true
		})
		for _, decl := range one.file.Decls {
			function, ok := decl.(*ast.FuncDecl)
			if ok && function.Recv == nil && (function.Name.Name == "TestMain" || strings.HasPrefix(function.Name.Name, "Example")) {
				unable(all.nonce, "the tests have "+function.Name.Name)
			}
		}
	}
}

func (all *tests) declares(kind, name string) bool {
	for _, decl := range all.about.Decls {
		if decl.Kind == kind && decl.Names[0] == name {
			return true
		}
	}
	return false
}

// Whether a struct may stay with the candidate: nothing of the tests looks inside.
func (all *tests) opaque(decl declaration) bool {
	if decl.Opaque {
		return true
	}
	if !decl.ByPointer || all.compares || all.literals[decl.Names[0]] {
		return false
	}
	for _, field := range decl.Fields {
		if field == "embedded" || all.words[field] {
			return false
		}
	}
	return true
}

// Go text of the package that stands in for the candidate.
func (all *tests) stubs(fset *token.FileSet) (string, error) {
	own := map[string]bool{}
	for _, one := range all.own {
		own[path.Base(one.path)] = true
	}
	text := &strings.Builder{}
	used := map[string]bool{}
	var opaque, setup []string
	kept := map[string]bool{}
	for _, decl := range all.about.Decls {
		if decl.Kind == "type" && all.opaque(decl) && decl.Cannot == "" {
			opaque = append(opaque, decl.Names[0])
		}
	}
	stays := " " + strings.Join(opaque, " ") + " "
	for _, decl := range all.about.Decls {
		if own[path.Base(decl.File)] {
			if decl.Kind == "type" && decl.Served != "" && decl.Cannot == "" {
				setup = append(setup, fmt.Sprintf("%s.Type(%q, (*%s)(nil), false)", linkPackage, decl.Names[0], decl.Names[0]))
			}
			continue
		}
		if decl.Cannot != "" || len(decl.Names) == 0 || !all.wanted(decl) {
			continue
		}
		piece, err := all.piece(decl, strings.Contains(stays, " "+decl.Names[0]+" "), used)
		if err != nil {
			return "", err
		}
		text.WriteString(piece + "\n")
		kept[decl.Names[0]] = true
		if decl.Kind == "type" && decl.Served != "" {
			setup = append(setup, fmt.Sprintf("%s.Type(%q, (*%s)(nil), %v)", linkPackage, decl.Names[0], decl.Names[0], strings.Contains(stays, " "+decl.Names[0]+" ")))
		}
	}
	head := &strings.Builder{}
	fmt.Fprintf(head, "package %s\n\nimport %q\n", all.packageName(), modulePath()+"/"+linkPackage)
	for _, name := range sorted(all.about.Imports) {
		if !used[name] {
			continue
		}
		if !standard(name, all.about.Imports[name]) {
			unable(all.nonce, "the candidate's declarations need "+all.about.Imports[name])
		}
		fmt.Fprintf(head, "import %s %q\n", name, all.about.Imports[name])
	}
	// Initialised before anything that calls the candidate, since everything does so through it.
	fmt.Fprintf(head, "\nvar agentosReady = func() bool {\n\t%s\n\t%s.Connect(%q, %q)\n\treturn true\n}()\n\n", strings.Join(setup, "\n\t"), linkPackage, all.nonce, strings.Join(opaque, " "))
	os.WriteFile(notesFile, []byte(strings.Join(opaque, " ")), 0o644)
	return head.String() + text.String(), nil
}

// Whether the tests may need a declaration. Names that the language itself has cannot be taken.
func (all *tests) wanted(decl declaration) bool {
	for _, name := range decl.Names {
		if types.Universe.Lookup(name) != nil || strings.HasPrefix(name, "agentos") || !token.IsIdentifier(name) {
			return false
		}
	}
	switch decl.Kind {
	case "type", "const":
		return true
	case "method":
		for _, other := range all.about.Decls {
			if other.Kind == "type" && other.Names[0] == decl.Names[0] {
				return other.Cannot == "" && types.Universe.Lookup(other.Names[0]) == nil
			}
		}
		return false
	}
	// Tests that a candidate brings along are none.
	if decl.Kind == "func" && strings.HasPrefix(decl.Names[0], "Test") && strings.Contains(decl.Text, "*testing.T)") {
		return false
	}
	return all.words[decl.Names[0]]
}

// Has each test tell how it ended, on a channel that the tests' own output does not reach.
func (all *tests) wrap(fset *token.FileSet) error {
	number := 0
	for _, one := range all.files {
		var edits []edit
		var names []string
		at := func(pos token.Pos) int { return fset.Position(pos).Offset }
		name := one.file.Name.Name
		if name == "main" {
			name = all.packageName()
			edits = append(edits, edit{at(one.file.Name.Pos()), at(one.file.Name.End()), name})
		}
		for _, decl := range one.file.Decls {
			function, ok := decl.(*ast.FuncDecl)
			if !ok || function.Recv != nil || !isTest(function) {
				continue
			}
			names = append(names, function.Name.Name)
			edits = append(edits, edit{at(function.Name.Pos()), at(function.Name.Pos()), "agentos"})
		}
		if err := os.WriteFile(one.path, edited(one.text, edits), 0o644); err != nil {
			return err
		}
		number++
		text := &strings.Builder{}
		fmt.Fprintf(text, "package %s\n\nimport (\n\tagentosTesting \"testing\"\n\n\t%q\n)\n\n", name, modulePath()+"/"+linkPackage)
		for _, test := range names {
			fmt.Fprintf(text, "func %s(t *agentosTesting.T) {\n\t%s.Judge(t, %q, func() { agentos%s(t) })\n}\n", test, linkPackage, test, test)
		}
		if len(names) == 0 {
			continue
		}
		if err := os.WriteFile(path.Join(all.folder, fmt.Sprintf("agentos_wrap%d_test.go", number)), []byte(text.String()), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func isTest(function *ast.FuncDecl) bool {
	rest := strings.TrimPrefix(function.Name.Name, "Test")
	if rest == function.Name.Name || len(function.Type.Params.List) != 1 {
		return false
	}
	return rest == "" || !(rest[0] >= 'a' && rest[0] <= 'z')
}

// The judge's half did not build. Where the candidate was shown in full that is its own fault.
func unbuilt(nonce string) {
	text, _ := io.ReadAll(os.Stdin)
	notes, _ := os.ReadFile(notesFile)
	if len(notes) > 0 && regexp.MustCompile(`no field or method|unknown field|too (?:many|few) values in|invalid operation|cannot compare|cannot use`).Match(text) {
		unable(nonce, "the tests look inside of values that stay with the candidate")
	}
	os.Stderr.Write(text)
	os.Exit(1)
}

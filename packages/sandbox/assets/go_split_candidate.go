package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"sort"
	"strings"
)

// Describes a candidate and makes a program of its package.
func candidate(entry string) error {
	folder := path.Dir(entry)
	fset := token.NewFileSet()
	files, err := sources(fset, folder, false)
	if err != nil {
		return err
	}
	// An entry file that is named like a test is the candidate's all the same.
	if strings.HasSuffix(entry, "_test.go") {
		text, err := os.ReadFile(entry)
		if err != nil {
			return err
		}
		if err := os.Remove(entry); err != nil {
			return err
		}
		files = append(files, &source{path: path.Join(folder, "agentos_entry.go"), text: append([]byte("//line "+path.Base(entry)+":1\n"), text...)})
	}
	about := description{Imports: map[string]string{}}
	declared := map[string]*ast.TypeSpec{}
	for _, one := range files {
		if one.file, err = parser.ParseFile(fset, one.path, one.text, parser.ParseComments); err != nil {
			return err
		}
		if about.Package != "" && about.Package != one.file.Name.Name {
			return fmt.Errorf("found packages %s and %s in %s", about.Package, one.file.Name.Name, folder)
		}
		about.Package = one.file.Name.Name
		for _, decl := range one.file.Decls {
			if group, ok := decl.(*ast.GenDecl); ok && group.Tok == token.TYPE {
				for _, spec := range group.Specs {
					declared[spec.(*ast.TypeSpec).Name.Name] = spec.(*ast.TypeSpec)
				}
			}
		}
	}
	if len(files) == 0 {
		return fmt.Errorf("no Go files in %s", folder)
	}
	for _, one := range files {
		about.read(fset, one, declared)
	}
	byPointer := onlyByPointer(files, declared)
	for i, decl := range about.Decls {
		about.Decls[i].ByPointer = decl.Kind == "type" && byPointer[decl.Names[0]]
	}
	text, err := json.Marshal(about)
	if err != nil {
		return err
	}
	send(frameDescription, text)
	for _, one := range files {
		if err := os.WriteFile(one.path, asProgram(fset, one), 0o644); err != nil {
			return err
		}
	}
	if err := writeLink(); err != nil {
		return err
	}
	return os.WriteFile(path.Join(folder, "agentos_main.go"), []byte(dispatcher(about)), 0o644)
}

func (about *description) read(fset *token.FileSet, one *source, declared map[string]*ast.TypeSpec) {
	used := qualifiers(one.file)
	for _, spec := range one.file.Imports {
		name, from := importName(spec)
		if name == "_" || name == "." {
			continue
		}
		about.Imports[name] = from
		if !used[name] {
			about.Unused = append(about.Unused, name)
		}
	}
	add := func(decl declaration) {
		decl.File = one.path
		about.Decls = append(about.Decls, decl)
	}
	for _, decl := range one.file.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			add(functionOf(fset, decl))
		case *ast.GenDecl:
			switch decl.Tok {
			case token.TYPE:
				for _, spec := range decl.Specs {
					add(typeOf(fset, spec.(*ast.TypeSpec), declared))
				}
			case token.CONST:
				var names []string
				for _, spec := range decl.Specs {
					for _, name := range spec.(*ast.ValueSpec).Names {
						names = append(names, name.Name)
					}
				}
				decl.Doc = nil
				add(declaration{Kind: "const", Names: names, Text: print(fset, decl)})
			case token.VAR:
				for _, spec := range decl.Specs {
					for i, name := range spec.(*ast.ValueSpec).Names {
						if name.Name != "_" {
							add(variableOf(fset, name.Name, spec.(*ast.ValueSpec), i))
						}
					}
				}
			}
		}
	}
}

func functionOf(fset *token.FileSet, decl *ast.FuncDecl) declaration {
	name := decl.Name.Name
	found := declaration{Kind: "func", Names: []string{name}, Served: name}
	if decl.Recv != nil && len(decl.Recv.List) == 1 {
		receiver := decl.Recv.List[0].Type
		pointer := ""
		if star, ok := receiver.(*ast.StarExpr); ok {
			receiver, pointer = star.X, "*"
		}
		if base, ok := receiver.(*ast.Ident); ok {
			found.Kind = "method"
			found.Names = []string{base.Name, name}
			found.Served = base.Name + "." + name
			if pointer != "" {
				found.Served = "(*" + base.Name + ")." + name
			}
		} else {
			found.Cannot = "it is generic"
		}
	}
	if decl.Type.TypeParams != nil {
		found.Cannot = "it is generic"
	}
	if name == "_" || name == "init" && decl.Recv == nil {
		found.Cannot, found.Names = "it has no name", nil
	}
	ast.Inspect(decl.Type, func(node ast.Node) bool {
		if _, ok := node.(*ast.ChanType); ok {
			found.Cannot = "it takes or gives a channel"
		}
		return true
	})
	found.Text = print(fset, &ast.FuncDecl{Recv: decl.Recv, Name: decl.Name, Type: decl.Type})
	if name == "main" && decl.Recv == nil {
		found.Served = ""
		found.Cannot = "it is the program's main"
	}
	return found
}

func typeOf(fset *token.FileSet, spec *ast.TypeSpec, declared map[string]*ast.TypeSpec) declaration {
	found := declaration{Kind: "type", Names: []string{spec.Name.Name}}
	if spec.TypeParams != nil {
		found.Cannot = "it is generic"
	}
	if fields, ok := spec.Type.(*ast.StructType); ok {
		found.Opaque = hides(spec.Type, declared, map[string]bool{})
		for _, field := range fields.Fields.List {
			for _, name := range field.Names {
				found.Fields = append(found.Fields, name.Name)
			}
			if field.Names == nil {
				found.Fields = append(found.Fields, "embedded")
			}
		}
	}
	if _, ok := spec.Type.(*ast.ChanType); ok {
		found.Cannot = "it is a channel"
	}
	// An alias is a second name, by which nothing is looked up.
	if !spec.Assign.IsValid() {
		found.Served = spec.Name.Name
	}
	spec.Doc, spec.Comment = nil, nil
	found.Text = print(fset, spec)
	return found
}

// The type of a variable, as far as its declaration shows it.
func variableOf(fset *token.FileSet, name string, spec *ast.ValueSpec, index int) declaration {
	found := declaration{Kind: "var", Names: []string{name}, Served: name}
	typ := spec.Type
	if typ == nil && index < len(spec.Values) && len(spec.Values) == len(spec.Names) {
		typ = typeOfValue(spec.Values[index])
	}
	if typ == nil {
		found.Cannot = "its declaration does not say its type"
		return found
	}
	found.Text = print(fset, typ)
	return found
}

func typeOfValue(value ast.Expr) ast.Expr {
	switch value := value.(type) {
	case *ast.CompositeLit:
		return value.Type
	case *ast.UnaryExpr:
		if inner := typeOfValue(value.X); value.Op == token.AND && inner != nil {
			return &ast.StarExpr{X: inner}
		}
	case *ast.BasicLit:
		name, known := map[token.Token]string{token.INT: "int", token.FLOAT: "float64", token.STRING: "string", token.CHAR: "rune"}[value.Kind]
		if known {
			return ast.NewIdent(name)
		}
	case *ast.CallExpr:
		switch called := value.Fun.(type) {
		case *ast.Ident:
			if (called.Name == "make" || called.Name == "new") && len(value.Args) > 0 {
				if called.Name == "new" {
					return &ast.StarExpr{X: value.Args[0]}
				}
				return value.Args[0]
			}
		case *ast.SelectorExpr:
			from, _ := called.X.(*ast.Ident)
			if from != nil && (from.Name == "errors" && called.Sel.Name == "New" || from.Name == "fmt" && called.Sel.Name == "Errorf") {
				return ast.NewIdent("error")
			}
		}
	}
	return nil
}

// Types of other packages that are nothing but data.
var plain = map[string]bool{"time.Time": true, "time.Duration": true, "time.Month": true, "time.Weekday": true, "big.Int": true, "list.List": true, "list.Element": true, "url.URL": true, "bytes.Buffer": true}

// Whether a type holds what cannot be copied: channels, functions, locks and the like.
func hides(typ ast.Expr, declared map[string]*ast.TypeSpec, seen map[string]bool) bool {
	switch typ := typ.(type) {
	case *ast.ChanType, *ast.FuncType:
		return true
	case *ast.Ident:
		spec := declared[typ.Name]
		if spec == nil || seen[typ.Name] {
			return typ.Name == "uintptr"
		}
		seen[typ.Name] = true
		// A struct decides for itself.
		if _, ok := spec.Type.(*ast.StructType); ok {
			return false
		}
		return hides(spec.Type, declared, seen)
	case *ast.SelectorExpr:
		from, _ := typ.X.(*ast.Ident)
		return from == nil || !plain[from.Name+"."+typ.Sel.Name]
	case *ast.StarExpr:
		return hides(typ.X, declared, seen)
	case *ast.ArrayType:
		return hides(typ.Elt, declared, seen)
	case *ast.MapType:
		return hides(typ.Key, declared, seen) || hides(typ.Value, declared, seen)
	case *ast.StructType:
		for _, field := range typ.Fields.List {
			if hides(field.Type, declared, seen) {
				return true
			}
		}
	case *ast.InterfaceType:
		return false
	}
	return false
}

// Structs that no signature, field or variable holds by value.
func onlyByPointer(files []*source, declared map[string]*ast.TypeSpec) map[string]bool {
	found := map[string]bool{}
	for name, spec := range declared {
		if _, ok := spec.Type.(*ast.StructType); ok {
			found[name] = true
		}
	}
	byValue := func(typ ast.Expr) {
		ast.Inspect(typ, func(node ast.Node) bool {
			switch node := node.(type) {
			case *ast.StarExpr:
				if _, ok := node.X.(*ast.Ident); ok {
					return false
				}
			case *ast.Ident:
				delete(found, node.Name)
			}
			return true
		})
	}
	for _, one := range files {
		for _, decl := range one.file.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				byValue(decl.Type)
				if decl.Recv != nil {
					byValue(decl.Recv.List[0].Type)
				}
			case *ast.GenDecl:
				for _, spec := range decl.Specs {
					switch spec := spec.(type) {
					case *ast.TypeSpec:
						if fields, ok := spec.Type.(*ast.StructType); ok {
							for _, field := range fields.Fields.List {
								byValue(field.Type)
							}
						} else {
							byValue(spec.Type)
						}
					case *ast.ValueSpec:
						if spec.Type != nil {
							byValue(spec.Type)
						}
						for _, value := range spec.Values {
							if lit, ok := value.(*ast.CompositeLit); ok && lit.Type != nil {
								byValue(lit.Type)
							}
						}
					}
				}
			}
		}
	}
	return found
}

// The candidate's file as a part of package main, without a main of its own. Its lines stay where they are.
func asProgram(fset *token.FileSet, one *source) []byte {
	at := func(pos token.Pos) int { return fset.Position(pos).Offset }
	var edits []edit
	add := func(from, to token.Pos, text string) { edits = append(edits, edit{at(from), at(to), text}) }
	add(one.file.Name.Pos(), one.file.Name.End(), "main")
	used := qualifiers(one.file)
	for _, spec := range one.file.Imports {
		if name, _ := importName(spec); name != "_" && name != "." && !used[name] {
			add(spec.Pos(), spec.Path.Pos(), "_ ")
		}
	}
	for _, decl := range one.file.Decls {
		if function, ok := decl.(*ast.FuncDecl); ok && function.Recv == nil && function.Name.Name == "main" {
			add(function.Name.Pos(), function.Name.End(), "agentosOwnMain")
		}
	}
	sort.Slice(edits, func(i, j int) bool { return edits[i].from < edits[j].from })
	return edited(one.text, edits)
}

// The file that serves the package.
func dispatcher(about description) string {
	var text strings.Builder
	fmt.Fprintf(&text, "package main\n\nimport %q\n\nfunc main() {\n", modulePath()+"/"+linkPackage)
	for _, decl := range about.Decls {
		if decl.Cannot != "" || decl.Served == "" {
			continue
		}
		switch decl.Kind {
		case "func", "method":
			fmt.Fprintf(&text, "\t%s.Function(%q, %s)\n", linkPackage, decl.Served, decl.Served)
		case "var":
			fmt.Fprintf(&text, "\t%s.Variable(%q, &%s)\n", linkPackage, decl.Served, decl.Served)
		case "type":
			fmt.Fprintf(&text, "\t%s.Type(%q, (*%s)(nil), %v)\n", linkPackage, decl.Names[0], decl.Names[0], decl.Opaque)
		}
	}
	fmt.Fprintf(&text, "\t%s.Serve()\n}\n", linkPackage)
	return text.String()
}

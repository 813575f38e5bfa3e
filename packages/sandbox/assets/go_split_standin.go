package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
)

// One declaration of the stand-in. The candidate wrote the text: it is parsed again, and only its form is taken over.
func (all *tests) piece(decl declaration, stays bool, used map[string]bool) (string, error) {
	strange := fmt.Errorf("The candidate's half does not keep to the protocol")
	fset := token.NewFileSet()
	body := decl.Text
	switch decl.Kind {
	case "type":
		body = "type " + body
	case "var":
		body = "var agentosVariable " + body
	}
	file, err := parser.ParseFile(fset, "", "package p\n"+body, 0)
	if err != nil || len(file.Decls) != 1 || len(file.Imports) != 0 {
		return "", strange
	}
	safe := true
	needs := map[string]bool{}
	ast.Inspect(file, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.FuncLit, *ast.BlockStmt:
			safe = false
		case *ast.SelectorExpr:
			if from, ok := node.X.(*ast.Ident); ok {
				needs[from.Name] = true
			}
		}
		return true
	})
	if !safe {
		return "", strange
	}
	if decl.Kind != "type" || !stays {
		for name := range needs {
			used[name] = true
		}
	}
	switch found := file.Decls[0].(type) {
	case *ast.FuncDecl:
		if decl.Kind != "func" && decl.Kind != "method" || found.Name.Name != decl.Names[len(decl.Names)-1] || (found.Recv != nil) != (decl.Kind == "method") {
			return "", strange
		}
		return standIn(fset, found, decl.Served), nil
	case *ast.GenDecl:
		if len(found.Specs) == 0 || found.Tok.String() != decl.Kind {
			return "", strange
		}
		switch decl.Kind {
		case "type":
			spec := found.Specs[0].(*ast.TypeSpec)
			if len(found.Specs) != 1 || spec.Name.Name != decl.Names[0] {
				return "", strange
			}
			if stays {
				return "type " + spec.Name.Name + " struct{ agentosNumber uint64 }", nil
			}
		case "const":
			for _, spec := range found.Specs {
				for _, name := range spec.(*ast.ValueSpec).Names {
					if !contains(decl.Names, name.Name) {
						return "", strange
					}
				}
			}
		case "var":
			name := decl.Names[0]
			typ := print(fset, found.Specs[0].(*ast.ValueSpec).Type)
			return fmt.Sprintf("var %s = func() (value %s) {\n\t_ = agentosReady\n\t%s.Fetch(%q, &value)\n\treturn\n}()\n\nfunc init() { %s.Fetch(%q, &%s) }\n", name, typ, linkPackage, name, linkPackage, name, name), nil
		}
		return print(fset, found), nil
	}
	return "", strange
}

func contains(list []string, text string) bool {
	for _, one := range list {
		if one == text {
			return true
		}
	}
	return false
}

// A function or method that calls the candidate's.
func standIn(fset *token.FileSet, decl *ast.FuncDecl, served string) string {
	var args, results, params, outs []string
	list := func(fields *ast.FieldList, prefix string, names *[]string) []string {
		var shown []string
		if fields == nil {
			return nil
		}
		for _, field := range fields.List {
			count := len(field.Names)
			if count == 0 {
				count = 1
			}
			for i := 0; i < count; i++ {
				name := prefix + strconv.Itoa(len(*names))
				*names = append(*names, "&"+name)
				shown = append(shown, name+" "+print(fset, field.Type))
			}
		}
		return shown
	}
	receiver := ""
	if decl.Recv != nil {
		receiver = "(" + strings.Join(list(decl.Recv, "agentosA", &args), "") + ") "
	}
	params = list(decl.Type.Params, "agentosA", &args)
	outs = list(decl.Type.Results, "agentosR", &results)
	return fmt.Sprintf("func %s%s(%s) (%s) {\n\t_ = agentosReady\n\t%s.Call(%q, []interface{}{%s}, []interface{}{%s})\n\treturn\n}\n",
		receiver, decl.Name.Name, strings.Join(params, ", "), strings.Join(outs, ", "), linkPackage, served, strings.Join(args, ", "), strings.Join(results, ", "))
}

package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// suite is the folder of the conformance suite. Its tables are slices of factCase and noCase.
const suite = "internal/backend/conformance"

// testCase is a row of a table of the suite, which names a fact.
type testCase struct {
	fact, path string
	line       int
	// deviation says how the backend differs from the fact; "" if it does not.
	deviation string
	// reason says why there is no case; "" for a case.
	reason string
	// served says that the backend does it although there is no case.
	served bool
}

// checkCases returns where the facts of the contract and the cases of the suite do not agree.
func checkCases(files fs.FS) ([]finding, error) {
	text, err := fs.ReadFile(files, contractFile)
	if err != nil {
		return nil, err
	}
	cases, findings, err := readCases(files)
	if err != nil {
		return nil, err
	}
	c, _ := readContract(string(text))
	_, wrong := cover(c, cases)
	return append(findings, wrong...), nil
}

// readCases reads the tables of the suite from its source.
func readCases(files fs.FS) (cases []testCase, findings []finding, err error) {
	paths, err := fs.Glob(files, suite+"/*_test.go")
	if err != nil {
		return nil, nil, err
	}
	for _, name := range paths {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, nil, err
		}
		positions := token.NewFileSet()
		file, err := parser.ParseFile(positions, name, text, parser.SkipObjectResolution)
		if err != nil {
			return nil, nil, err
		}
		for node := range ast.Preorder(file) {
			table, ok := node.(*ast.CompositeLit)
			if !ok || !isTable(table) {
				continue
			}
			for _, row := range table.Elts {
				line := positions.Position(row.Pos()).Line
				c, err := readCase(row)
				if err != nil {
					findings = append(findings, finding{name, line, err.Error()})
					continue
				}
				c.path, c.line = name, line
				cases = append(cases, c)
			}
		}
	}
	return cases, findings, nil
}

func isTable(literal *ast.CompositeLit) bool {
	array, ok := literal.Type.(*ast.ArrayType)
	if !ok {
		return false
	}
	element, ok := array.Elt.(*ast.Ident)
	return ok && (element.Name == "factCase" || element.Name == "noCase")
}

// readCase reads the fields that it knows from a row. They are plain strings, or true.
func readCase(row ast.Expr) (testCase, error) {
	literal, ok := row.(*ast.CompositeLit)
	if !ok {
		return testCase{}, errors.New("a row of a table is a literal")
	}
	var c testCase
	for _, element := range literal.Elts {
		field, ok := element.(*ast.KeyValueExpr)
		if !ok {
			return testCase{}, errors.New("a row of a table names its fields")
		}
		name, ok := field.Key.(*ast.Ident)
		if !ok {
			continue
		}
		target := map[string]*string{"Fact": &c.fact, "Deviation": &c.deviation, "Why": &c.reason}[name.Name]
		switch value := field.Value.(type) {
		case *ast.BasicLit:
			if target == nil {
				continue
			}
			text, err := strconv.Unquote(value.Value)
			if err != nil {
				return testCase{}, err
			}
			*target = text
		case *ast.Ident:
			c.served = c.served || name.Name == "Served" && value.Name == "true"
		default:
			if target != nil {
				return testCase{}, fmt.Errorf("%s is a plain string", name.Name)
			}
		}
	}
	if c.fact == "" {
		return testCase{}, errors.New("the row names no fact")
	}
	return c, nil
}

// coverage is what the suite has about one fact.
type coverage struct {
	fact

	// files are the names of the files with cases.
	files []string
	// plain says that a case holds without a deviation.
	plain bool
	// deviations are how the backend differs.
	deviations []string
	// reason says why there is no case, and excused whether the suite gives one.
	reason  string
	excused bool
	served  bool
}

// cover brings facts and cases together. The findings are cases of facts that do not exist, facts of which the suite says nothing, and
// cases that contradict each other or the contract.
func cover(c contract, cases []testCase) (all []coverage, findings []finding) {
	for _, f := range c.facts {
		of := coverage{fact: f}
		var excuses []testCase
		for _, test := range cases {
			switch {
			case test.fact != f.id:
			case test.reason != "":
				excuses = append(excuses, test)
			default:
				of.add(test)
			}
		}
		for i, excuse := range excuses {
			of.reason, of.excused, of.served = excuse.reason, true, excuse.served
			if len(of.files) > 0 || i > 0 {
				findings = append(findings, finding{excuse.path, excuse.line, fmt.Sprintf("the fact %s has a case or a reason already: take this one out", f.id)})
			}
		}
		findings = append(findings, of.check()...)
		all = append(all, of)
	}
	for _, test := range cases {
		if !slices.ContainsFunc(c.facts, func(f fact) bool { return f.id == test.fact }) {
			findings = append(findings, finding{test.path, test.line, fmt.Sprintf("%s has no fact %s", contractFile, test.fact)})
		}
	}
	return all, findings
}

func (of *coverage) add(test testCase) {
	if name := path.Base(test.path); !slices.Contains(of.files, name) {
		of.files = append(of.files, name)
	}
	if test.deviation == "" {
		of.plain, of.served = true, true
		return
	}
	of.deviations = append(of.deviations, test.deviation)
	of.served = of.served || !strings.HasPrefix(test.deviation, notServedYet)
}

func (of *coverage) check() []finding {
	switch {
	case of.later && of.plain:
		return []finding{{contractFile, of.line, fmt.Sprintf("the fact %s is called %s, and the case in %s shows that it is served",
			of.id, notServedYet, strings.Join(of.files, ", "))}}
	case !of.later && len(of.files) == 0 && !of.excused:
		return []finding{{contractFile, of.line, fmt.Sprintf("the fact %s has neither a case in %s nor a reason why not", of.id, suite)}}
	}
	return nil
}

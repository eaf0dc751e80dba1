package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"regexp"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/shuqiao/shuqiao/internal/web"
)

var update = flag.Bool("update", false, "write the golden OpenAPI document that the console's client is generated from")

const golden = "../../console/src/api/openapi.json"

// The console's client is generated from the committed document: a change of
// the interface must show there.
func TestDocumentIsTheCommittedOne(t *testing.T) {
	t.Parallel()
	got, err := web.Document()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("the interface changed: run go test ./internal/web -run TestDocument -update and build the console's client anew")
	}
}

func TestDocumentIsValidOpenAPI(t *testing.T) {
	t.Parallel()
	raw, err := web.Document()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(raw)
	if err != nil {
		t.Fatal(err)
	}
	if doc.OpenAPI != "3.1.0" {
		t.Errorf("openapi %q", doc.OpenAPI)
	}
	if err := doc.Validate(context.Background()); err != nil {
		t.Error(err)
	}
}

var chinese = regexp.MustCompile(`\p{Han}`)

func TestEveryOperationIsFullyDescribed(t *testing.T) {
	t.Parallel()
	raw, _ := web.Document()
	doc, err := openapi3.NewLoader().LoadFromData(raw)
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, tag := range doc.Tags {
		known[tag.Name] = true
	}
	seen := map[string]string{}
	for path, item := range doc.Paths.Map() {
		for method, o := range item.Operations() {
			name := method + " " + path
			if o.OperationID == "" || seen[o.OperationID] != "" {
				t.Errorf("%s: operationId %q, also of %q", name, o.OperationID, seen[o.OperationID])
			}
			seen[o.OperationID] = name
			if !chinese.MatchString(o.Summary) {
				t.Errorf("%s: summary %q is not Chinese", name, o.Summary)
			}
			if len(o.Tags) != 1 || !known[o.Tags[0]] {
				t.Errorf("%s: tags %v", name, o.Tags)
			}
			checkResponses(t, name, o)
		}
	}
}

func checkResponses(t *testing.T, name string, o *openapi3.Operation) {
	t.Helper()
	success, refused := 0, 0
	for code, r := range o.Responses.Map() {
		if code[0] == '2' {
			success++
			continue
		}
		refused++
		m := r.Value.Content["application/problem+json"]
		if m == nil || m.Schema.Ref != "#/components/schemas/Problem" {
			t.Errorf("%s: %s is not a problem", name, code)
		}
		if !chinese.MatchString(*r.Value.Description) {
			t.Errorf("%s: %s is not described", name, code)
		}
	}
	if success != 1 || refused < 2 {
		t.Errorf("%s: %d ways to succeed, %d to be refused", name, success, refused)
	}
	public := o.Security != nil && len(*o.Security) == 0
	if o.Responses.Value("401") == nil && !public {
		t.Errorf("%s: needs a session and knows no 401", name)
	}
}

// Every member of every shape says what it is.
func TestEveryMemberIsDescribed(t *testing.T) {
	t.Parallel()
	raw, _ := web.Document()
	var doc struct {
		Components struct {
			Schemas map[string]struct {
				Properties map[string]struct {
					Description string `json:"description"`
				} `json:"properties"`
			} `json:"schemas"`
		} `json:"components"`
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.Components.Schemas) < 30 {
		t.Fatalf("only %d schemas", len(doc.Components.Schemas))
	}
	for name, s := range doc.Components.Schemas {
		for member, p := range s.Properties {
			if p.Description == "" {
				t.Errorf("%s.%s is not described", name, member)
			}
		}
	}
}

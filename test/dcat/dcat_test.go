package dcatcheck_test

import (
	"context"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/dcat"
	"github.com/shuqiao/shuqiao/internal/dcat/dcattest"
	check "github.com/shuqiao/shuqiao/test/dcat"
)

// makes are the documents that a node serves.
var makes = map[string]func(*dcat.Service, dcat.Ask) (dcat.Document, error){
	"catalog": func(s *dcat.Service, ask dcat.Ask) (dcat.Document, error) {
		return s.Catalog(context.Background(), ask)
	},
	"feed": func(s *dcat.Service, ask dcat.Ask) (dcat.Document, error) {
		return s.Changes(context.Background(), ask)
	},
	"dump": func(s *dcat.Service, ask dcat.Ask) (dcat.Document, error) {
		var b strings.Builder
		err := s.Dump(context.Background(), ask.Audience, ask.Format, &b, nil)
		return dcat.Document{Body: []byte(b.String())}, err
	},
	"entry": func(s *dcat.Service, ask dcat.Ask) (dcat.Document, error) {
		return s.Dataset(context.Background(), ask, dcattest.ID(1))
	},
}

// both gives a document in both serialisations.
func both(t testing.TB, s *dcat.Service, what string, a dcat.Audience) (jsonld, turtle string) {
	t.Helper()
	text := map[dcat.Format]string{}
	for _, f := range []dcat.Format{dcat.JSONLD, dcat.Turtle} {
		doc, err := makes[what](s, dcat.Ask{Audience: a, Format: f})
		if err != nil {
			t.Fatal(err)
		}
		text[f] = string(doc.Body)
	}
	return text[dcat.JSONLD], text[dcat.Turtle]
}

func service(t testing.TB, records ...dcat.Record) (*dcat.Service, *dcattest.Source) {
	t.Helper()
	source := dcattest.NewSource(records...)
	s, err := dcat.NewService(dcattest.Address, source, source)
	if err != nil {
		t.Fatal(err)
	}
	return s, source
}

// Every document, for every audience, is the same graph in both serialisations
// and keeps to DCAT-AP 3.
func TestDocumentsAreValidDCATAP(t *testing.T) {
	t.Parallel()
	s, source := service(t, dcattest.Samples()...)
	source.Remove(dcattest.ID(4), "依法撤回")
	for what := range makes {
		for _, a := range []dcat.Audience{dcat.Departments, dcat.Public} {
			t.Run(what+" for "+string(a), func(t *testing.T) {
				t.Parallel()
				jsonld, turtle := both(t, s, what, a)
				if quads := check.Valid(t, what, jsonld, turtle); quads < 20 {
					t.Errorf("%d statements", quads)
				}
			})
		}
	}
}

// prefixes of the names below.
var namespaces = strings.NewReplacer("dcat:", "http://www.w3.org/ns/dcat#", "dct:", "http://purl.org/dc/terms/",
	"foaf:", "http://xmlns.com/foaf/0.1/", "skos:", "http://www.w3.org/2004/02/skos/core#", "csvw:", "http://www.w3.org/ns/csvw#")

// The check can fail: without any one of the mandatory properties the shapes
// object to exactly that.
func TestEachMandatoryPropertyIsMissed(t *testing.T) {
	t.Parallel()
	s, _ := service(t, dcattest.Samples()...)
	_, turtle := both(t, s, "catalog", dcat.Departments)
	var questions []check.Question
	mandatory := [][2]string{
		{"dcat:Catalog", "dct:title"}, {"dcat:Catalog", "dct:description"}, {"dcat:Catalog", "dct:publisher"},
		{"dcat:Dataset", "dct:title"}, {"dcat:Dataset", "dct:description"}, {"dcat:Dataset", "dcat:theme"},
		{"dcat:Distribution", "dcat:accessURL"},
		{"dcat:DataService", "dct:title"}, {"dcat:DataService", "dcat:endpointURL"},
		{"foaf:Agent", "foaf:name"}, {"skos:Concept", "skos:prefLabel"}, {"skos:ConceptScheme", "dct:title"},
		{"csvw:Schema", "csvw:column"}, {"csvw:Column", "csvw:name"}, {"csvw:Column", "csvw:datatype"},
	}
	// A value without its class breaks the range of what refers to it.
	classes := map[string]string{"foaf:Agent": "dct:publisher", "dcat:Distribution": "dcat:distribution", "dct:Location": "dct:spatial",
		"dct:Frequency": "dct:accrualPeriodicity", "dct:RightsStatement": "dct:accessRights", "dct:LinguisticSystem": "dct:language",
		"dcat:DataService": "dcat:accessService", "dct:Standard": "dct:conformsTo", "dct:MediaTypeOrExtent": "dct:format"}
	ask := func(class, property string) {
		questions = append(questions, check.Question{Op: "validate", Turtle: turtle, Shapes: []string{check.Mandatory()},
			Drop: &check.Drop{Class: namespaces.Replace(class), Property: namespaces.Replace(property)}})
	}
	for _, m := range mandatory {
		ask(m[0], m[1])
	}
	var referring []string
	for class, by := range classes {
		questions = append(questions, check.Question{Op: "validate", Turtle: turtle, Shapes: []string{check.Mandatory()},
			Drop: &check.Drop{Class: namespaces.Replace(class), Property: "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"}})
		referring = append(referring, by)
	}
	for i, a := range check.Ask(t, questions...) {
		d := questions[i].Drop
		wanted := d.Property
		if i >= len(mandatory) {
			wanted = namespaces.Replace(referring[i-len(mandatory)])
		}
		if a.Dropped == 0 {
			t.Errorf("%s of %s: there was none to drop", d.Property, d.Class)
		}
		missed := false
		for _, r := range a.Results {
			missed = missed || r.Path == wanted
		}
		if !missed {
			t.Errorf("without %s of %s nothing was said of %s: %v", d.Property, d.Class, wanted, a.Results)
		}
	}
}

// Values outside the controlled vocabularies, and second values of what occurs
// once, are objected to.
func TestWrongValuesAreFound(t *testing.T) {
	t.Parallel()
	s, _ := service(t, dcattest.Samples()[0])
	_, turtle := both(t, s, "entry", dcat.Departments)
	subject := "<" + dcattest.Address + "/dcat/dataset/" + dcattest.ID(1) + ">"
	wrong := map[string]string{
		"dct:accessRights":       `<urn:x:SECRET>`,
		"dct:accrualPeriodicity": `<urn:x:SOMETIMES>`,
		"dct:issued":             `"yesterday"`,
		"dct:publisher":          `"a name"`,
		"dcat:version":           `"second"`,
		"dct:language":           `<urn:x:zh>`,
		"dcat:contactPoint":      `<urn:x:nobody>`,
	}
	var questions []check.Question
	var paths []string
	for path, value := range wrong {
		questions = append(questions, check.Question{Op: "validate", Shapes: []string{check.Mandatory()},
			Turtle: turtle + "\n" + subject + " " + path + " " + value + " .\n"})
		paths = append(paths, namespaces.Replace(path))
	}
	for i, a := range check.Ask(t, questions...) {
		found := false
		for _, r := range a.Results {
			found = found || r.Path == paths[i]
		}
		if !found {
			t.Errorf("%s: %v", paths[i], a.Results)
		}
	}
}

// Whatever departments write, both serialisations are read by parsers of
// others as one and the same graph.
func TestAnyTextIsReadAlike(t *testing.T) {
	t.Parallel()
	texts := rapid.OneOf(rapid.String(), rapid.StringOfN(rapid.RuneFrom([]rune("\"\\\n\r\t\x00\x01\b\f'<>{}@^.,;#%&\u0085\u2028\ufeff\ufffe\U0010ffff汉😀u0041")), 0, 12, -1),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 12), func(b []byte) string { return string(b) }))
	var questions []check.Question
	gen := rapid.Custom(func(t *rapid.T) dcat.Record {
		r := dcattest.Samples()[0]
		text := func(label string) string { return texts.Draw(t, label) }
		r.Entry.Name, r.Entry.Abstract, r.Entry.Format, r.Entry.Contact = text("name"), text("abstract"), text("format"), text("contact")
		r.Entry.Purposes, r.Entry.UseConditions = []string{text("purpose"), text("purpose")}, text("conditions")
		r.Entry.ClassCode, r.Entry.Frequency = text("class"), text("frequency")
		r.Entry.Items = []catalog.Item{{Code: text("code"), Name: text("item"), Type: text("type"), Description: text("description"), Element: text("element")}}
		r.Resource.Region, r.RegionName, r.Resource.Code = text("region"), text("region name"), text("code")
		r.Provider.USCC, r.Provider.Name, r.Provider.Region = text("uscc"), text("provider"), text("home")
		return r
	})
	for i := range 150 {
		s, _ := service(t, gen.Example(i))
		jsonld, turtle := both(t, s, "dump", dcat.Departments)
		questions = append(questions, check.Question{Op: "compare", JSONLD: jsonld, Turtle: turtle})
	}
	for i, a := range check.Ask(t, questions...) {
		if !a.Equal {
			t.Fatalf("example %d: %s\n%s", i, strings.Join(a.Difference, "\n"), questions[i].Turtle)
		}
	}
}

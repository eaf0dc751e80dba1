package gateway

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// Whatever the facts, and whichever fields are added to them later, the
// quick way writes what encoding/json writes.
func TestFactsAsEncodingJSONWritesThem(t *testing.T) {
	t.Parallel()
	text := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.RuneFrom([]rune("a\"\\<&\u2028\u2029\x00\x1f\x7f\ufffd中\b\f\n"))))
	rapid.Check(t, func(t *rapid.T) {
		var f Facts
		v := reflect.ValueOf(&f).Elem()
		for i := range v.NumField() {
			if rapid.Bool().Draw(t, "empty") {
				continue
			}
			switch field := v.Field(i); field.Kind() {
			case reflect.String:
				field.SetString(text.Draw(t, "text"))
			case reflect.Int, reflect.Int64:
				field.SetInt(rapid.Int64().Draw(t, "number"))
			case reflect.Slice:
				field.Set(reflect.ValueOf(rapid.SliceOf(text).Draw(t, "texts")))
			default:
				t.Fatalf("%s is of a kind that this test does not know", v.Type().Field(i).Name)
			}
		}
		var want bytes.Buffer
		enc := json.NewEncoder(&want)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(&f); err != nil {
			t.Fatal(err)
		}
		if got := f.AppendJSON(nil); string(got) != string(bytes.TrimSpace(want.Bytes())) {
			t.Fatalf("%s\n%s", got, want.Bytes())
		}
	})
}

package web

import (
	"bytes"
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// documentVersion is the version of the interface, not of the program: the
// document changes only when the interface does.
const documentVersion = "1.0.0"

// Document gives the OpenAPI 3.1 document as indented JSON. It needs no
// running node: the console's client and the documentation are made from it.
func Document() ([]byte, error) {
	return documentOf(describe())
}

// describe registers the operations without anything behind them.
func describe() huma.API {
	return newAPI(http.NewServeMux(), &handlers{})
}

func documentOf(api huma.API) ([]byte, error) {
	raw, err := json.Marshal(api.OpenAPI())
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := json.Indent(&out, raw, "", "  "); err != nil {
		return nil, err
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}

package procedure

import (
	"bytes"
	"encoding/json"
)

// Decode reads the value of an object field into a Go value. A member that the
// Go value does not have is an error: what nobody reads must not look as if it
// had been taken down.
func Decode(v, into any) error {
	if v == nil {
		return nil
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	return dec.Decode(into)
}

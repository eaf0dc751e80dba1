package web

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/danielgtaylor/huma/v2"
)

// strictJSON reads bodies without guessing: a member given twice is refused,
// since readers disagree on which one counts.
var strictJSON = huma.Format{
	Marshal: huma.DefaultJSONFormat.Marshal,
	Unmarshal: func(data []byte, v any) error {
		// The framework first reads a body untyped, to validate it, then typed:
		// once is enough.
		if _, untyped := v.(*any); untyped {
			if err := uniqueMembers(data); err != nil {
				return err
			}
		}
		return json.Unmarshal(data, v)
	},
}

// uniqueMembers refuses an object with two members of one name. What is not
// JSON is left to Unmarshal to describe.
func uniqueMembers(data []byte) error {
	type level struct {
		members map[string]bool // nil in an array
		value   bool            // the next token in an object is a value
	}
	var open []*level
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	for {
		tok, err := dec.Token()
		if err != nil {
			return nil
		}
		var top *level
		if len(open) > 0 {
			top = open[len(open)-1]
		}
		name, isString := tok.(string)
		if isString && top != nil && top.members != nil && !top.value {
			if top.members[name] {
				return fmt.Errorf("duplicate member")
			}
			top.members[name], top.value = true, true
			continue
		}
		if top != nil {
			top.value = false
		}
		switch tok {
		case json.Delim('{'):
			open = append(open, &level{members: map[string]bool{}})
		case json.Delim('['):
			open = append(open, &level{})
		case json.Delim('}'), json.Delim(']'):
			open = open[:len(open)-1]
		}
	}
}

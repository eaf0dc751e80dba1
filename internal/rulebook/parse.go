package rulebook

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"go.yaml.in/yaml/v3"
)

// Parse reads one rulebook and checks it as a whole. A rulebook that Parse
// returns without an error can be run; everything wrong is told at once in a
// *Faults error.
func Parse(source []byte) (*Rulebook, error) {
	var b Rulebook
	dec := yaml.NewDecoder(bytes.NewReader(source))
	dec.KnownFields(true) // a misspelt key must not silently mean nothing
	if err := dec.Decode(&b); err != nil {
		return nil, fmt.Errorf("rulebook: %w", err)
	}
	b.name()
	sum := sha256.Sum256(source)
	b.Key = b.Instrument.Code + "@" + hex.EncodeToString(sum[:6])
	b.Source = source
	if faults := b.check(); len(faults) > 0 {
		return nil, &Faults{Instrument: b.Instrument.Code, List: faults}
	}
	return &b, nil
}

// name writes each element's map key into the element, and each party's
// default clause into what cites none, so that elements can travel alone.
func (b *Rulebook) name() {
	for id, t := range b.Terms {
		t.ID = id
		b.Terms[id] = t
	}
	for id, p := range b.Procedures {
		p.ID = id
		for k, v := range p.Fields {
			v.ID = k
			p.Fields[k] = v
		}
		for k, v := range p.Stages {
			v.ID = k
			p.Stages[k] = v
		}
		for k, v := range p.Actions {
			v.ID = k
			if v.Clause == "" {
				v.Clause = p.Clause
			}
			p.Actions[k] = v
		}
		for k, v := range p.Clocks {
			v.ID = k
			p.Clocks[k] = v
		}
		b.Procedures[id] = p
	}
}

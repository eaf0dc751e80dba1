package rulebook

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"go.yaml.in/yaml/v3"
)

// Parse reads one rulebook and checks it as a whole. The text is a stream of
// YAML documents: the first holds the instrument, the others add clauses,
// terms and procedures, one file each on disk. A rulebook that Parse returns
// without an error can be run; everything wrong is told at once in a *Faults
// error.
func Parse(source []byte) (*Rulebook, error) {
	b := &Rulebook{Terms: map[string]Term{}, Procedures: map[string]Procedure{}}
	dec := yaml.NewDecoder(bytes.NewReader(source))
	dec.KnownFields(true) // a misspelt key must not silently mean nothing
	var twice []string
	for n := 0; ; n++ {
		var part Rulebook
		err := dec.Decode(&part)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("rulebook: document %d: %w", n+1, err)
		}
		twice = append(twice, b.add(n == 0, part)...)
	}
	b.name()
	sum := sha256.Sum256(source)
	b.Key = b.Instrument.Code + "@" + hex.EncodeToString(sum[:6])
	b.Source = source
	if faults := append(twice, b.check()...); len(faults) > 0 {
		return nil, &Faults{Instrument: b.Instrument.Code, List: faults}
	}
	return b, nil
}

// add takes one document into the rulebook and tells what it defines again.
func (b *Rulebook) add(first bool, part Rulebook) (twice []string) {
	if first {
		b.Instrument = part.Instrument
	} else if part.Instrument != (Instrument{}) {
		twice = append(twice, "instrument: named twice")
	}
	b.Clauses = append(b.Clauses, part.Clauses...) // check finds what is listed twice
	for id, t := range part.Terms {
		if _, ok := b.Terms[id]; ok {
			twice = append(twice, "term "+id+": defined twice")
		}
		b.Terms[id] = t
	}
	for id, p := range part.Procedures {
		if _, ok := b.Procedures[id]; ok {
			twice = append(twice, "procedure "+id+": defined twice")
		}
		b.Procedures[id] = p
	}
	return twice
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

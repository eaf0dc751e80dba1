package supervision

import (
	"bytes"
	_ "embed"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/shuqiao/shuqiao/internal/rulebook"
)

// refusalRule says which refused calls, from how many a day on, are a
// suspected violation of a clause by the consumer.
type refusalRule struct {
	Clause    string   `yaml:"clause"`
	Codes     []string `yaml:"codes"`
	By        string   `yaml:"by"` // what is counted: "grant" or "system"
	Threshold int      `yaml:"threshold"`
}

// subject is what a refused call is counted under; "" when it does not say.
func (r refusalRule) subject(c call) string {
	if r.By == bySystem {
		return c.System
	}
	return c.Grant
}

const bySystem = "system"

// watchRules are the detectors' thresholds as data: see watch.yaml.
type watchRules struct {
	Refusals  []refusalRule `yaml:"refusals"`
	Overruled struct {
		Clause    string   `yaml:"clause"`
		Acts      []string `yaml:"acts"` // "procedure.action"
		Threshold int      `yaml:"threshold"`
		Days      int      `yaml:"days"`
	} `yaml:"overruled"`
	Cooperation struct {
		Clause      string `yaml:"clause"`
		WorkingDays int    `yaml:"working_days"`
	} `yaml:"cooperation"`
	Duties []struct {
		Procedure string `yaml:"procedure"`
		Consumer  string `yaml:"consumer"`
		Otherwise string `yaml:"otherwise"`
	} `yaml:"duties"`
	Parallels map[string][]string `yaml:"parallels"`
}

//go:embed watch.yaml
var watchYAML []byte

// watched reads the file that the release brings.
var watched = func() (w watchRules) {
	dec := yaml.NewDecoder(bytes.NewReader(watchYAML))
	dec.KnownFields(true)
	if err := dec.Decode(&w); err != nil { // a test reads it
		panic(err)
	}
	return w
}()

// ruleOf finds the rule that a refusal's code falls under.
func (w watchRules) ruleOf(code string) (refusalRule, bool) {
	i := slices.IndexFunc(w.Refusals, func(r refusalRule) bool { return slices.Contains(r.Codes, code) })
	if i < 0 {
		return refusalRule{}, false
	}
	return w.Refusals[i], true
}

// parallel names the local items that say the same and are in force.
func (w watchRules) parallel(clause string, rules *rulebook.Rules) []string {
	var out []string
	for _, id := range w.Parallels[clause] {
		if rules.Clause(id).Article != "" {
			out = append(out, id)
		}
	}
	return out
}

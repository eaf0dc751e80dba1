package main

import (
	"math/rand/v2"
	"strings"

	"github.com/shuqiao/shuqiao/internal/search"
)

// kind is a kind of query with its share of the mix.
type kind struct {
	name  string
	share int
	text  func(g *asker) string
	// filtered drills down by a facet too.
	filtered bool
}

// asker makes the queries of one user.
type asker struct {
	rng   *rand.Rand
	gen   *generator
	count int
}

func (a *asker) any(words []string) string { return words[a.rng.IntN(len(words))] }

// piece cuts n characters out of a text.
func (a *asker) piece(text string, n int) string {
	chars := []rune(text)
	n = min(n, len(chars))
	at := a.rng.IntN(len(chars) - n + 1)
	return string(chars[at : at+n])
}

var queryKinds = []kind{
	{name: "two_characters", share: 25, text: func(a *asker) string { return a.piece(a.any(subjects), 2) }},
	{name: "very_frequent_word", share: 8, text: func(*asker) string { return "信息" }},
	{name: "one_character", share: 7, text: func(a *asker) string { return a.piece(a.any(subjects), 1) }},
	{name: "words_not_adjacent", share: 15, text: func(a *asker) string { return a.gen.places[a.rng.IntN(len(a.gen.places))].Name + " " + a.any(subjects) }},
	{name: "long_word", share: 10, text: func(a *asker) string { return a.any(subjects) + a.any(aspects) + a.any(suffixes) }},
	{name: "three_words", share: 5, text: func(a *asker) string { return a.any(subjects) + " " + a.any(nouns) + " " + a.any(business) }},
	{name: "run_to_be_cut", share: 3, text: func(a *asker) string { return a.gen.places[a.rng.IntN(len(a.gen.places))].Name + a.any(subjects) }},
	{name: "initials", share: 7, text: func(a *asker) string {
		return a.any([]string{"qyxx", "hydj", "jdc", "bdc", "shjz", "yljg", "jsxm", "xzcf", "cyl", "rk"})
	}},
	{name: "pinyin", share: 3, text: func(a *asker) string {
		return a.any([]string{"hunyin", "jidongche", "qiye", "yiliao", "shuiwu", "tudi"})
	}},
	{name: "code", share: 5, text: func(a *asker) string { r := a.rng.IntN(a.count); return a.gen.codeOf(r) }},
	{name: "code_prefix", share: 3, text: func(a *asker) string { return a.gen.codeOf(a.rng.IntN(a.count))[:3+a.rng.IntN(4)] }},
	{name: "column_name", share: 3, text: func(a *asker) string { return a.gen.item().Code[:3] }},
	{name: "found_nowhere", share: 1, text: func(a *asker) string { return a.piece(a.any(subjects), 1) + "鑫" + a.piece(a.any(nouns), 1) }},
	{name: "everything", share: 2, text: func(*asker) string { return "" }},
	{name: "drill_down_frequent", share: 3, filtered: true, text: func(a *asker) string { return a.any([]string{"信息", "管理", "登记", ""}) }},
}

func pickKind(rng *rand.Rand) *kind {
	n := rng.IntN(100)
	for i := range queryKinds {
		if n -= queryKinds[i].share; n < 0 {
			return &queryKinds[i]
		}
	}
	return &queryKinds[0]
}

func (a *asker) query(k *kind) search.Query {
	q := search.Query{Text: strings.TrimSpace(k.text(a)), Reader: search.Reader{Department: uuid("01910000", a.rng.IntN(a.gen.providers))}}
	if k.filtered || a.rng.IntN(5) == 0 {
		switch a.rng.IntN(4) {
		case 0:
			q.Filters.Region = a.gen.places[a.rng.IntN(len(a.gen.places))].Code
		case 1:
			q.Filters.Class = a.any([]string{"1", "2", "3", "101", "203", "305", "302004"})
		case 2:
			q.Filters.Values = map[search.FacetName][]string{search.ByAttribute: {"conditional"}, search.ByLinked: {"hosted_copy", "none"}}
		case 3:
			q.Filters.Providers = []string{uuid("01910000", a.rng.IntN(a.gen.providers)), uuid("01910000", a.rng.IntN(a.gen.providers))}
		}
	}
	return q
}

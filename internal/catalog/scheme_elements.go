package catalog

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
)

// elementCode is DE- and letters and digits.
var elementCode = regexp.MustCompile(`^DE-[A-Z0-9]{1,30}$`)

const (
	maxAliases = 20
	// maxCandidates bounds the filed elements that proposals are made from.
	maxCandidates = 5000
)

// Element gives the latest version of a standard data element; none is the
// fault "not_found".
func (s *Scheme) Element(ctx context.Context, code string) (Element, error) {
	found, err := s.elements(ctx, []string{code})
	if err != nil {
		return Element{}, err
	}
	e, ok := found[code]
	if !ok {
		return Element{}, fault.Missing("标准数据元", code)
	}
	return e, nil
}

// ElementVersions gives every version of an element, oldest first.
func (s *Scheme) ElementVersions(ctx context.Context, code string) ([]Element, error) {
	var out []Element
	if e, ok := builtInElements()[code]; ok {
		out = append(out, e)
	}
	if s.store != nil {
		filed, err := s.store.ElementVersions(ctx, code)
		if err != nil {
			return nil, err
		}
		out = append(out, filed...)
	}
	if len(out) == 0 {
		return nil, fault.Missing("标准数据元", code)
	}
	return out, nil
}

// elements gives the latest versions of elements by code; unknown ones are not
// there.
func (s *Scheme) elements(ctx context.Context, codes []string) (map[string]Element, error) {
	out := make(map[string]Element, len(codes))
	for _, code := range codes {
		if e, ok := builtInElements()[code]; ok {
			out[code] = e
		}
	}
	if s.store == nil || len(codes) == 0 {
		return out, nil
	}
	filed, err := s.store.LatestElements(ctx, codes)
	for _, e := range filed {
		out[e.Code] = e
	}
	return out, err
}

// Elements finds standard data elements by code, name, English name or another
// name, the surest match first; an empty text lists all by code.
func (s *Scheme) Elements(ctx context.Context, text string, limit int) ([]ElementMatch, error) {
	if limit <= 0 || limit > maxLimit {
		limit = maxLimit
	}
	text = strings.TrimSpace(text)
	all, err := s.candidates(ctx, text, limit)
	if err != nil {
		return nil, err
	}
	out := matching(all, text)
	return out[:min(len(out), limit)], nil
}

// candidates gives the latest versions of the elements that every node has and
// of filed ones that hold the text.
func (s *Scheme) candidates(ctx context.Context, text string, limit int) ([]Element, error) {
	var builtIn []Element
	var codes []string
	for code, e := range builtInElements() {
		builtIn, codes = append(builtIn, e), append(codes, code)
	}
	if s.store == nil {
		return builtIn, nil
	}
	amended, err := s.store.LatestElements(ctx, codes)
	if err != nil {
		return nil, err
	}
	found, err := s.store.FindElements(ctx, strings.ToLower(text), limit)
	return merged(builtIn, merged(found, amended)), err
}

// merged puts elements in the place of those of the same code.
func merged(less, more []Element) []Element {
	known := make(map[string]bool, len(more))
	out := slices.Clone(more)
	for _, e := range more {
		known[e.Code] = true
	}
	for _, e := range less {
		if !known[e.Code] {
			out = append(out, e)
		}
	}
	return out
}

// matching gives the elements that a text means, the surest first; all when it
// is empty.
func matching(all []Element, text string) []ElementMatch {
	var out []ElementMatch
	for _, e := range all {
		if m := matchElement(e, text); m != "" || text == "" {
			out = append(out, ElementMatch{Element: e, Match: m})
		}
	}
	rankMatches(out)
	return out
}

// CheckElement tells everything that is wrong with an element.
func CheckElement(e Element) error {
	const basis = "CN-12"
	var c fault.Collector
	if !elementCode.MatchString(e.Code) {
		c.Add("code", "format", "标准数据元代码由 DE- 和不超过30位大写字母、数字组成", basis)
	}
	c.Require("name", "数据元名称", e.Name, basis)
	c.Require("definition", "定义", e.Definition, basis)
	c.Require("type", "数据类型", e.Type, basis)
	c.Require("format", "数据格式", e.Format, basis)
	for _, x := range []struct {
		path, text string
		limit      int
	}{{"name", e.Name, maxName}, {"english_name", e.EnglishName, maxShort}, {"definition", e.Definition, maxLong},
		{"format", e.Format, maxShort}, {"reason", e.Reason, maxLong}} {
		tooLong(&c, x.path, x.text, x.limit, basis)
	}
	oneOf(&c, "type", e.Type, itemTypes, basis)
	if e.Length < 0 || e.Length > maxLength {
		c.Add("length", "out_of_range", "数据长度应为0至100000", basis)
	}
	if len(e.Aliases) > maxAliases {
		c.Add("aliases", "too_many", "同义名称不得超过20个", basis)
	}
	for _, a := range e.Aliases {
		tooLong(&c, "aliases", a, maxName, basis)
	}
	formItemModel(&c, func(field string) string { return field },
		Item{Type: e.Type, Length: e.Length, Decimals: e.Decimals, Domain: e.Domain, EnglishName: e.EnglishName})
	return c.Err("element_invalid", "标准数据元填写有误", "")
}

// FileElement adds an element, or a new version of one. Read is the version the
// caller has seen; 0 for a new one. An element that every node has, or one of
// another authority, is for the province to change. Refusals: "role_missing",
// "province_only", "element_invalid", "changed_meanwhile".
func (s *Scheme) FileElement(ctx context.Context, p org.Principal, e Element, read int) (Element, error) {
	if err := maintains(p, false); err != nil {
		return Element{}, err
	}
	at := s.clock.Now()
	e.Version, e.By, e.Authority, e.At = read+1, p.Person.ID, p.Department.ID, &at
	if err := CheckElement(e); err != nil {
		return Element{}, err
	}
	err := s.store.Do(ctx, func(ctx context.Context) error {
		before, err := s.Element(ctx, e.Code)
		if err != nil && !notFound(err) {
			return err
		}
		if before.Version != read {
			return fault.New(fault.Conflict, "changed_meanwhile", "该标准数据元已被他人修改，请刷新后重试").Under("CN-12")
		}
		if read > 0 && before.Authority != p.Department.ID {
			if err := maintains(p, true); err != nil {
				return err
			}
		}
		if read > 0 && strings.TrimSpace(e.Reason) == "" {
			var c fault.Collector
			c.Require("reason", "修改理由", e.Reason, "CN-12")
			return c.Err("element_invalid", "标准数据元填写有误", "")
		}
		if err := s.store.InsertElement(ctx, e); err != nil {
			if fault.Is(err, "already_exists") {
				return fault.New(fault.Conflict, "changed_meanwhile", "该标准数据元已被他人修改，请刷新后重试").Under("CN-12").Because(err)
			}
			return err
		}
		return s.record(ctx, ElementChanged, at, p, map[string]any{"element": e.Code, "version": e.Version})
	})
	return e, err
}

// ProposeElements finds for each item without an element those it may be meant
// to cite by its Chinese or English name, at most three each. Types that differ
// come last.
func (s *Scheme) ProposeElements(ctx context.Context, items []Item) (map[string][]ElementMatch, error) {
	out := map[string][]ElementMatch{}
	all, err := s.candidates(ctx, "", maxCandidates)
	if err != nil {
		return nil, err
	}
	for _, x := range items {
		if x.Element != "" || x.Name == "" {
			continue
		}
		found := matching(all, x.Name)
		if len(found) == 0 && x.EnglishName != "" {
			found = matching(all, x.EnglishName)
		}
		slices.SortStableFunc(found, func(a, b ElementMatch) int {
			return boolRank(a.Element.Departs(x) != "") - boolRank(b.Element.Departs(x) != "") + 2*(matchRank[a.Match]-matchRank[b.Match])
		})
		if len(found) > 0 {
			out[x.Code] = found[:min(len(found), 3)]
		}
	}
	return out, nil
}

func boolRank(b bool) int {
	if b {
		return 1
	}
	return 0
}

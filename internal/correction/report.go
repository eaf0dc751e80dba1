package correction

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/org"
)

// The procedures of this package.
const (
	Direct       = "correction"               // CN-26.2
	ViaAuthority = "correction_via_authority" // HB-16.2
)

// Bounds of a report.
const (
	maxKey    = 20
	maxClaims = 100
	maxValue  = 2000 // bytes of a value written as text
)

// Report is what a consumer reports.
type Report struct {
	Procedure string // Direct or ViaAuthority
	Grant     string
	Source    string // ledger entry of the call or batch the record came from
	Kind      string // wrong, incomplete, outdated, missing
	Key       map[string]any
	Claims    []Claim
	Problem   string
	Evidence  string // digest of a document; may be empty
}

// Report seals the record and opens the case, in one transaction. Faults name
// the members of the report, all at once.
func (s *Service) Report(ctx context.Context, p org.Principal, r Report) (casework.View, error) {
	var view casework.View
	err := s.Store.Do(ctx, func(ctx context.Context) error {
		rec, err := s.record(ctx, p, r)
		if err != nil {
			return err
		}
		if err := s.Store.InsertRecord(ctx, rec); err != nil {
			return err
		}
		fields := map[string]any{"record": rec.ID, "source": r.Source, "kind": r.Kind, "items": rec.Items, "problem": r.Problem}
		if r.Evidence != "" {
			fields["evidence"] = r.Evidence
		}
		view, err = s.Cases.Open(ctx, p, casework.OpenRequest{Procedure: r.Procedure, Action: "report", Subject: r.Grant, Fields: fields})
		return err
	})
	return view, err
}

// record checks what names the record and what is said of it, and seals it.
func (s *Service) record(ctx context.Context, p org.Principal, r Report) (Record, error) {
	var bad fault.Collector
	if r.Procedure != Direct && r.Procedure != ViaAuthority {
		bad.Add("procedure", "not_in_list", "校核申请直接向提供部门提出(correction),或者向主管部门提出(correction_via_authority)", "CN-26.2")
	}
	g, err := s.ownGrant(ctx, r.Grant, p.Department.ID)
	if err != nil {
		return Record{}, err
	}
	v, err := s.Resources.Version(ctx, g.Resource, g.ResourceVersion)
	if err != nil {
		return Record{}, err
	}
	items := itemsOf(v.Entry)
	digests := s.checkKey(&bad, items, r.Key)
	codes := checkClaims(&bad, items, g.Items, r)
	if err := bad.Err("correction_invalid", "校核申请有误,请一并更正", ""); err != nil {
		return Record{}, err
	}
	plain, err := json.Marshal(Content{Key: r.Key, Claims: r.Claims})
	if err != nil {
		return Record{}, err
	}
	return Record{ID: ident.New(), Grant: g.ID, Consumer: g.Consumer, Provider: g.Provider, Items: codes,
		Identifiers: digests, Sealed: s.Sealer.Seal(plain), CreatedAt: s.Clock.Now()}, nil
}

func itemsOf(e catalog.Entry) map[string]catalog.Item {
	items := make(map[string]catalog.Item, len(e.Items))
	for _, it := range e.Items {
		items[it.Code] = it
	}
	return items
}

// checkKey checks the values that name the record and gives the digests of the
// sensitive ones, as the gateway makes them of the conditions of a call.
func (s *Service) checkKey(bad *fault.Collector, items map[string]catalog.Item, key map[string]any) []string {
	if len(key) == 0 || len(key) > maxKey {
		bad.Add("key", "required", "应当用一个以上数据项的值指明是哪条记录", "CN-26.2")
	}
	digests := []string{}
	for _, code := range slices.Sorted(maps.Keys(key)) {
		it, known := items[code]
		text, ok := scalar(key[code])
		switch {
		case !known:
			bad.Add("key", "unknown_item", "目录中没有指明记录所用的数据项", "CN-26.2")
		case !ok || text == "" || len(text) > maxValue:
			bad.Add("key."+code, "value", "应为文字、数值或者是否,不得为空", "CN-26.2")
		case it.Sensitivity != "":
			digests = append(digests, s.Digest(it.Sensitivity, text))
		}
	}
	return digests
}

// checkClaims checks what is said to be wrong and gives the items it is about.
func checkClaims(bad *fault.Collector, items map[string]catalog.Item, granted []string, r Report) []string {
	if len(r.Claims) == 0 || len(r.Claims) > maxClaims {
		bad.Add("claims", "required", "应当指出有问题的数据项", "CN-26.2")
	}
	codes := []string{}
	for i, c := range r.Claims {
		path := fmt.Sprintf("claims[%d]", i)
		_, known := items[c.Item]
		switch {
		case !known:
			bad.Add(path+".item", "unknown_item", "目录中没有这个数据项", "CN-26.2")
		case !slices.Contains(granted, c.Item):
			bad.Add(path+".item", "not_granted", "该数据项不在授权之内,本部门不应收到它的数据", "CN-25.1")
		case slices.Contains(codes, c.Item):
			bad.Add(path+".item", "duplicate", "同一数据项只能说明一次", "CN-26.2")
		default:
			codes = append(codes, c.Item)
		}
		for name, v := range map[string]any{".found": c.Found, ".right": c.Right} {
			if text, ok := scalar(v); v != nil && (!ok || len(text) > maxValue) {
				bad.Add(path+name, "value", "应为文字、数值或者是否", "CN-26.2")
			}
		}
		if c.Right == nil && c.Found == nil && r.Kind != "missing" && r.Kind != "incomplete" {
			bad.Add(path, "required", "应当写明收到的值或者正确的值", "CN-26.2")
		}
	}
	return codes
}

// scalar writes a value as a call's condition would.
func scalar(v any) (string, bool) {
	switch x := v.(type) {
	case string:
		return x, true
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64), true
	case bool:
		return strconv.FormatBool(x), true
	}
	return "", false
}

// content opens what is sealed.
func (s *Service) content(rec Record) (Content, error) {
	var c Content
	plain, err := s.Sealer.Open(rec.Sealed)
	if err != nil {
		return c, fmt.Errorf("correction record %s: %w", rec.ID, err)
	}
	return c, json.Unmarshal(plain, &c)
}

// Revealed is the sealed part of a case, opened for somebody.
type Revealed struct {
	Record  string
	Content Content
	Filed   map[string]any // what the provider filed as right; nil: nothing
}

// The ledger kinds of what people do with sealed content: who and which, never
// what.
const (
	SealedRead  ledger.Kind = "sealed_read"
	SealedFiled ledger.Kind = "sealed_filed"
)

func (s *Service) trace(ctx context.Context, p org.Principal, kind ledger.Kind, caseID, record string) error {
	_, err := s.Ledger.AppendIn(ctx, ledger.Entry{ID: ident.New(), Kind: kind, At: s.Clock.Now(), Facts: map[string]any{
		"case": caseID, "record": record, "department": p.Department.ID, "person": p.Person.ID, "basis": "CN-26.2"}})
	return err
}

// Reveal opens the sealed part of a case for people of its two departments,
// and records that it did. The authorities decide on forwarding and terms
// without it.
func (s *Service) Reveal(ctx context.Context, p org.Principal, caseID string) (Revealed, error) {
	var out Revealed
	err := s.Store.Do(ctx, func(ctx context.Context) error {
		rec, err := s.partyRecord(ctx, p, caseID, true)
		if err != nil {
			return err
		}
		out.Record = rec.ID
		if out.Content, err = s.content(rec); err != nil {
			return err
		}
		if out.Filed, err = s.filed(rec); err != nil {
			return err
		}
		return s.trace(ctx, p, SealedRead, caseID, rec.ID)
	})
	if err != nil {
		return Revealed{}, err
	}
	return out, nil
}

// File seals the right values that the provider files, for the step that
// corrects with them.
func (s *Service) File(ctx context.Context, p org.Principal, caseID string, values map[string]any) error {
	return s.Store.Do(ctx, func(ctx context.Context) error {
		rec, err := s.partyRecord(ctx, p, caseID, false)
		if err != nil {
			return err
		}
		var bad fault.Collector
		if len(values) == 0 {
			bad.Add("values", "required", "应当填报正确的值", "CN-26.2")
		}
		for _, code := range slices.Sorted(maps.Keys(values)) {
			text, ok := scalar(values[code])
			switch {
			case !slices.Contains(rec.Items, code):
				bad.Add("values", "outside", "只能填报校核申请涉及的数据项", "CN-26.2")
			case values[code] != nil && (!ok || len(text) > maxValue):
				bad.Add("values."+code, "value", "应为文字、数值、是否或者空", "CN-26.2")
			}
		}
		if err := bad.Err("values_invalid", "填报的正确值有误", ""); err != nil {
			return err
		}
		plain, err := json.Marshal(values)
		if err != nil {
			return err
		}
		if err := s.Store.FileValues(ctx, rec.ID, s.Sealer.Seal(plain)); err != nil {
			return err
		}
		return s.trace(ctx, p, SealedFiled, caseID, rec.ID)
	})
}

func (s *Service) filed(rec Record) (map[string]any, error) {
	if rec.Filed == nil {
		return nil, nil
	}
	plain, err := s.Sealer.Open(rec.Filed)
	if err != nil {
		return nil, fmt.Errorf("correction record %s: %w", rec.ID, err)
	}
	var values map[string]any
	return values, json.Unmarshal(plain, &values)
}

// partyRecord gives the record of a case to a clerk or head of the provider
// or, for reading, of the consumer. While the authority has not forwarded the
// case the provider sees it as little as its tasks.
func (s *Service) partyRecord(ctx context.Context, p org.Principal, caseID string, reading bool) (Record, error) {
	v, err := s.Cases.View(ctx, p, caseID)
	if err != nil {
		return Record{}, err
	}
	mine := p.Department.ID == v.Case.Parties["provider"] && v.Case.Stage != "with_authority" ||
		reading && p.Department.ID == v.Case.Parties["consumer"]
	if !mine || !p.HasAny(org.Clerk, org.OfficeHead) {
		return Record{}, fault.New(fault.Forbidden, "not_a_party", "记录内容只限校核双方部门的经办人和共享工作机构负责人办理时查看、填报").Under("CN-37.1")
	}
	if !reading && v.Final {
		return Record{}, fault.New(fault.Illegal, "case_closed", "本件已办结,不能再填报").Under("CN-26.2")
	}
	rec, err := s.Store.RecordOfCase(ctx, caseID)
	if f, ok := fault.As(err); ok && f.Kind == fault.NotFound {
		return Record{}, fault.Missing("校核记录", caseID)
	}
	return rec, err
}

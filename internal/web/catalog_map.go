package web

import (
	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/web/wire"
)

func toResource(r catalog.Resource) wire.Resource {
	return wire.Resource{
		ID: r.ID, Code: r.Code, Provider: r.Provider, Region: r.Region,
		Published: r.Published, Pending: r.Pending, CreatedAt: r.CreatedAt.UTC(),
	}
}

func toSummary(s catalog.Summary) wire.ResourceSummary {
	return wire.ResourceSummary{
		Resource: toResource(s.Resource), Name: s.Name, ProviderName: s.ProviderName,
		Attribute: string(s.Attribute), Abstract: s.Abstract, Methods: names(s.Methods),
		Collection: string(s.Collection), Items: s.Items, PublishedAt: utcp(s.PublishedAt),
	}
}

func toVersion(v catalog.Version) wire.Version {
	return wire.Version{
		ID: v.ID, Resource: v.Resource, Number: v.Number, Status: string(v.Status),
		Entry: toEntry(v.Entry), Case: v.Case, Digest: v.Digest, CreatedBy: v.CreatedBy,
		CreatedAt: v.CreatedAt.UTC(), PublishedAt: utcp(v.PublishedAt), Revision: v.Revision, Reason: v.Reason,
	}
}

func toEntry(e catalog.Entry) wire.Entry {
	out := wire.Entry{
		Name: e.Name, ClassCode: e.ClassCode, Abstract: e.Abstract, Format: e.Format,
		Frequency: e.Frequency, Attribute: string(e.Attribute), Methods: names(e.Methods),
		UseConditions: e.UseConditions, ScopeOfUse: e.ScopeOfUse, Purposes: e.Purposes,
		LegalBasis: e.LegalBasis, WithheldReason: e.WithheldReason, Level: string(e.Level),
		PersonalInfo: e.PersonalInfo, Collection: string(e.Collection), SourceSystem: e.SourceSystem,
		DutyBasis: e.DutyBasis, Contact: e.Contact, OpenAttribute: e.OpenAttribute,
		SecrecyMarking: e.SecrecyMarking, Items: each(e.Items, toItem),
		FormatKind: string(e.FormatKind), Related: e.Related, Category: e.Category,
	}
	if u := e.Upstream; u != nil {
		out.Upstream = &wire.Upstream{URL: u.URL, TimeoutSeconds: u.TimeoutSeconds}
	}
	return out
}

func fromEntry(e wire.Entry) catalog.Entry {
	out := catalog.Entry{
		Name: e.Name, ClassCode: e.ClassCode, Abstract: e.Abstract, Format: e.Format,
		Frequency: e.Frequency, Attribute: catalog.Attribute(e.Attribute),
		Methods:       each(e.Methods, func(m string) catalog.Method { return catalog.Method(m) }),
		UseConditions: e.UseConditions, ScopeOfUse: e.ScopeOfUse, Purposes: strs(e.Purposes),
		LegalBasis: e.LegalBasis, WithheldReason: e.WithheldReason, Level: catalog.Level(e.Level),
		PersonalInfo: e.PersonalInfo, Collection: catalog.Collection(e.Collection), SourceSystem: e.SourceSystem,
		DutyBasis: e.DutyBasis, Contact: e.Contact, OpenAttribute: e.OpenAttribute,
		SecrecyMarking: e.SecrecyMarking, Items: each(e.Items, fromItem),
		FormatKind: catalog.FormatKind(e.FormatKind), Related: e.Related, Category: e.Category,
	}
	if u := e.Upstream; u != nil {
		out.Upstream = &catalog.Upstream{URL: u.URL, TimeoutSeconds: u.TimeoutSeconds}
	}
	return out
}

func toItem(i catalog.Item) wire.Item {
	out := wire.Item{
		Code: i.Code, Name: i.Name, Type: i.Type, Length: i.Length, Format: i.Format,
		Description: i.Description, Element: i.Element, Key: i.Key, Nullable: i.Nullable,
		Level: string(i.Level), Sensitivity: string(i.Sensitivity), Masked: i.Masked, Authoritative: i.Authoritative,
		EnglishName: i.EnglishName, Decimals: i.Decimals, Domain: toDomain(i.Domain), Attribute: string(i.Attribute), ElementNote: i.ElementNote,
	}
	if b := i.LevelBasis; b != nil {
		out.LevelBasis = &wire.LevelBasis{Rule: b.Rule, Proposed: string(b.Proposed), Sensitivity: string(b.Sensitivity),
			Reason: b.Reason, By: b.By, At: utcp(b.At)}
	}
	return out
}

// fromItem leaves out of the basis of a level what the platform writes.
func fromItem(i wire.Item) catalog.Item {
	out := catalog.Item{
		Code: i.Code, Name: i.Name, Type: i.Type, Length: i.Length, Format: i.Format,
		Description: i.Description, Element: i.Element, Key: i.Key, Nullable: i.Nullable,
		Level: catalog.Level(i.Level), Sensitivity: catalog.Sensitivity(i.Sensitivity), Masked: i.Masked, Authoritative: i.Authoritative,
		EnglishName: i.EnglishName, Decimals: i.Decimals, Domain: fromDomain(i.Domain), Attribute: catalog.Attribute(i.Attribute), ElementNote: i.ElementNote,
	}
	if i.LevelBasis != nil && i.LevelBasis.Reason != "" {
		out.LevelBasis = &catalog.LevelBasis{Reason: i.LevelBasis.Reason}
	}
	return out
}

func toDomain(d *catalog.Domain) *wire.Domain {
	if d == nil {
		return nil
	}
	return &wire.Domain{Min: d.Min, Max: d.Max, Pattern: d.Pattern, Scheme: d.Scheme,
		Values: each(d.Values, func(v catalog.CodeValue) wire.CodeValue { return wire.CodeValue{Code: v.Code, Name: v.Name} })}
}

func fromDomain(d *wire.Domain) *catalog.Domain {
	if d == nil {
		return nil
	}
	return &catalog.Domain{Min: d.Min, Max: d.Max, Pattern: d.Pattern, Scheme: d.Scheme,
		Values: each(d.Values, func(v wire.CodeValue) catalog.CodeValue { return catalog.CodeValue{Code: v.Code, Name: v.Name} })}
}

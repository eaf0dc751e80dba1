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
		CreatedAt: v.CreatedAt.UTC(), PublishedAt: utcp(v.PublishedAt), Revision: v.Revision,
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
	}
	if u := e.Upstream; u != nil {
		out.Upstream = &catalog.Upstream{URL: u.URL, TimeoutSeconds: u.TimeoutSeconds}
	}
	return out
}

func toItem(i catalog.Item) wire.Item {
	return wire.Item{
		Code: i.Code, Name: i.Name, Type: i.Type, Length: i.Length, Format: i.Format,
		Description: i.Description, Element: i.Element, Key: i.Key, Nullable: i.Nullable,
		Level: string(i.Level), Sensitivity: string(i.Sensitivity), Masked: i.Masked, Authoritative: i.Authoritative,
	}
}

func fromItem(i wire.Item) catalog.Item {
	return catalog.Item{
		Code: i.Code, Name: i.Name, Type: i.Type, Length: i.Length, Format: i.Format,
		Description: i.Description, Element: i.Element, Key: i.Key, Nullable: i.Nullable,
		Level: catalog.Level(i.Level), Sensitivity: catalog.Sensitivity(i.Sensitivity), Masked: i.Masked, Authoritative: i.Authoritative,
	}
}

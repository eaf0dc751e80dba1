package dcat

import (
	"fmt"
	"regexp"
	"strconv"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/org"
)

// Site is a node's public address, without a slash at the end. All IRIs of a
// node begin with it, so it must stay the same for harvesters.
type Site string

// Catalog is the IRI of the catalog.
func (s Site) Catalog() string { return string(s) + "/dcat/catalog" }

// Dataset is the IRI of an entry.
func (s Site) Dataset(resource string) string {
	return string(s) + "/dcat/dataset/" + segment(resource)
}

func (s Site) service(resource string) string { return s.Dataset(resource) + "#service" }

// page is the console's page of an entry, where a grant is applied for.
func (s Site) page(resource string) string { return string(s) + "/catalog/" + segment(resource) }

// dataset describes a published entry to an audience that may know of it.
func (s Site) dataset(r Record, a Audience) *Node {
	if r.Entry.Attribute == catalog.Withheld {
		return s.withheld(r)
	}
	e := r.Entry
	n := s.about(r).
		add(description, or(e.Abstract, e.Name)).
		add(periodicity, frequencyOf(e)).
		texts(keyword, distinct(e.Category, r.Provider.Sector)).
		add(contactPoint, s.contact(r)).
		add(landingPage, node(s.page(r.Resource.ID), documentClass)).
		add(conformsTo, s.schema(r, a))
	for _, id := range r.Related {
		n.add(relation, s.Dataset(id))
	}
	n.fields = merged(n.fields)
	for i, m := range e.Methods {
		n.add(distribution, s.distribution(r, m, i == 0))
	}
	n.fields = merged(n.fields)
	s.terms(n, e, a)
	return n
}

// about says what every published entry tells.
func (s Site) about(r Record) *Node {
	e := r.Entry
	return node(s.Dataset(r.Resource.ID), datasetClass).
		add(title, e.Name).
		add(identifier, r.Resource.Code).
		add(publisher, agent(r.Provider)).
		add(issued, r.FirstIssued).
		add(modified, r.PublishedAt).
		add(version, strconv.Itoa(r.Version)).
		add(versionNotes, fmt.Sprintf("目录第%d版", r.Version)).
		add(access, accessOf(e)).
		add(language, chinese()).
		add(spatial, location(r.Resource.Region, r.RegionName)).
		add(theme, themesOf(e)...)
}

// withheld tells of an entry that is not shared what the law has the catalog
// tell: that it is there, the reason and the law it rests on (CN-15.2).
func (s Site) withheld(r Record) *Node {
	e := r.Entry
	return s.about(r).
		add(description, "不予共享。理由："+or(e.WithheldReason, "未列明")+"。依据："+or(e.LegalBasis, "未列明")+"。").
		add(sharingAttribute, string(e.Attribute)).
		add(withheldReason, e.WithheldReason).
		add(legalBasis, e.LegalBasis)
}

// terms says in terms of our own what DCAT has no words for.
func (s Site) terms(n *Node, e catalog.Entry, a Audience) {
	n.add(classCode, e.ClassCode).
		add(sharingAttribute, string(e.Attribute)).
		add(openAttribute, e.OpenAttribute).
		add(dataFormat, e.Format)
	for _, m := range e.Methods {
		n.add(sharingMethod, string(m))
	}
	n.fields = merged(n.fields)
	if a != Departments {
		return
	}
	n.add(collectionMode, string(e.Collection)).
		add(dataLevel, string(e.Level)).
		add(personalInfo, e.PersonalInfo).
		add(useConditions, e.UseConditions).
		add(scopeOfUse, e.ScopeOfUse).
		texts(purpose, e.Purposes).
		add(legalBasis, e.LegalBasis).
		add(dutyBasis, e.DutyBasis).
		add(sourceSystem, e.SourceSystem)
}

// distribution is one way to get the data. Its address is the entry's page:
// there is no way around a grant. The gateway is named as the service behind.
// The terms of use are told with the first.
func (s Site) distribution(r Record, m catalog.Method, isFirst bool) *Node {
	e := r.Entry
	id := s.Dataset(r.Resource.ID) + "#" + segment(string(m))
	n := node(id, distributionClass).
		add(title, e.Name+"："+or(catalog.Label(catalog.VocabMethod, string(m)), string(m))).
		add(accessURL, s.page(r.Resource.ID)).
		add(format, formatOf(e, m, id)).
		add(modified, r.PublishedAt)
	if terms := s.Dataset(r.Resource.ID) + "#rights"; e.UseConditions != "" && isFirst {
		n.add(rights, node(terms, rightsClass).add(label, e.UseConditions))
	} else if e.UseConditions != "" {
		n.add(rights, terms)
	}
	if m == catalog.ServiceAPI {
		n.add(accessService, node(s.service(r.Resource.ID), serviceClass).
			add(title, e.Name+"共享接口").
			add(endpointURL, string(s)+"/share/v1/").
			add(servesDataset, s.Dataset(r.Resource.ID)).
			add(access, accessOf(e)))
	}
	return n
}

// offersService tells whether a dataset comes with a service.
func offersService(e catalog.Entry) bool {
	for _, m := range e.Methods {
		if m == catalog.ServiceAPI && e.Attribute != catalog.Withheld {
			return true
		}
	}
	return false
}

// agent is a department. Its IRI is made of the unified social credit code, so
// it is the same on all nodes.
func agent(d org.Department) *Node {
	return sharedNode("urn:shuqiao:uscc:"+segment(d.USCC), agentClass, organizationClass).
		add(name, or(d.Name, d.USCC)).
		add(identifier, d.USCC).
		add(dctType, publisherType(d.Region))
}

// location is a region, named by its code of GB/T 2260.
func location(code, text string) *Node {
	if code == "" {
		return nil
	}
	return sharedNode("urn:shuqiao:region:"+segment(code), locationClass).add(identifier, code).add(prefLabel, text)
}

var (
	telephoneNumber = regexp.MustCompile(`^\+?[0-9][0-9 ()-]{4,24}$`)
	mobileNumber    = regexp.MustCompile(`^(\+?86)?1[3-9][0-9]{9}$`)
	notDialled      = regexp.MustCompile(`[ ()]`)
)

// contact is the office that answers for the entry, never a person: a number
// that is a mobile's is left out.
func (s Site) contact(r Record) *Node {
	office := r.Provider.Name
	if r.Provider.Office != nil {
		office = or(r.Provider.Office.Name, office)
	}
	n := node(s.Dataset(r.Resource.ID)+"#contact", kindClass).add(fn, or(office, r.Provider.USCC))
	number := notDialled.ReplaceAllString(r.Entry.Contact, "")
	if telephoneNumber.MatchString(r.Entry.Contact) && !mobileNumber.MatchString(number) {
		n.add(telephone, "tel:"+number)
	}
	return n
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func distinct(values ...string) (out []string) {
	seen := map[string]bool{}
	for _, v := range values {
		if !seen[v] {
			seen[v] = true
			out = append(out, v)
		}
	}
	return out
}

// merged joins neighbouring fields of the same property.
func merged(fields []field) []field {
	out := fields[:0]
	for _, f := range fields {
		if n := len(out); n > 0 && out[n-1].property == f.property {
			out[n-1].values = append(out[n-1].values, f.values...)
			continue
		}
		out = append(out, f)
	}
	return out
}

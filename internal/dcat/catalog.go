package dcat

import (
	"strconv"
	"time"

	"github.com/shuqiao/shuqiao/internal/org"
)

// catalogNode describes the catalog as a whole.
func (s Site) catalogNode(operator org.Department, region string, last time.Time) *Node {
	return node(s.Catalog(), catalogClass).
		add(title, region+"政务数据目录").
		add(description, region+"各政府部门经主管部门审核后发布的政务数据目录。").
		add(publisher, agent(operator)).
		add(modified, last).
		add(language, chinese()).
		add(spatial, location(operator.Region, region)).
		add(themeTaxonomy, taxonomies()...).
		add(homepage, node(string(s)+"/catalog", documentClass)).
		add(feed, string(s)+"/dcat/feed").
		add(dump, string(s)+"/dcat/dump.jsonld", string(s)+"/dcat/dump.ttl")
}

// links says that the catalog lists a dataset, and its service.
func (s Site) links(r Record) *Node {
	n := node(s.Catalog()).add(dataset, s.Dataset(r.Resource.ID))
	if offersService(r.Entry) {
		n.add(service, s.service(r.Resource.ID))
	}
	return n
}

// pageNode describes a page of the catalog. Both the present names and the
// earlier ones of Hydra are given: harvesters in use look for either.
func (s Site) pageNode(ask Ask, next string) *Node {
	begin := s.pageAddress(ask, "")
	n := node(s.pageAddress(ask, ask.After), pagedClass, partialClass).
		add(itemsPerPage, ask.Limit).
		add(first, begin).
		add(firstPage, begin)
	if next != "" {
		n.add(nextProperty, s.pageAddress(ask, next)).add(nextPage, s.pageAddress(ask, next))
	}
	return n
}

func (s Site) pageAddress(ask Ask, after string) string {
	return query(s.Catalog()+ask.Suffix, "after", after, "limit", ask.limitGiven())
}

func (s Site) feedAddress(ask Ask, cursor string) string {
	return query(string(s)+"/dcat/feed"+ask.Suffix, "cursor", cursor, "limit", ask.limitGiven())
}

// query adds those parameters that have a value.
func query(address string, pairs ...string) string {
	separator := "?"
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			address += separator + pairs[i] + "=" + segment(pairs[i+1])
			separator = "&"
		}
	}
	return address
}

// Bounds of a page.
const (
	DefaultLimit = 100
	MaxLimit     = 1000
)

// Ask is what a harvester asks for.
type Ask struct {
	Audience Audience
	Format   Format
	// Suffix of the address that was asked (".ttl"), for the links in the
	// answer to lead to the same format; "": it was negotiated.
	Suffix string
	After  string // of a page: the last resource of the one before
	Cursor string // of the feed
	Limit  int    // 0: DefaultLimit
}

func (a Ask) complete() Ask {
	if a.Limit <= 0 {
		a.Limit = DefaultLimit
	}
	a.Limit = min(a.Limit, MaxLimit)
	return a
}

func (a Ask) limitGiven() string {
	if a.Limit == DefaultLimit {
		return ""
	}
	return strconv.Itoa(a.Limit)
}

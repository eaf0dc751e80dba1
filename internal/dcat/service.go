package dcat

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
)

// Service makes the documents of one node.
type Service struct {
	site   Site
	source Source
	feed   Feed
}

// NewService makes a service for the node with the public address. An address
// that no IRI can begin with is an error.
func NewService(address string, source Source, feed Feed) (*Service, error) {
	site := strings.TrimRight(address, "/")
	if !strings.HasPrefix(site, "http://") && !strings.HasPrefix(site, "https://") || strings.ContainsAny(site, "<>\"{}|^`\\ ?#\n\t") {
		return nil, fmt.Errorf("dcat: %q is no public address of a node", address)
	}
	return &Service{site: Site(site), source: source, feed: feed}, nil
}

// Document is a document with what transport tells of it.
type Document struct {
	Body     []byte
	Modified time.Time // of the newest thing in it; zero: not known
	Next     string    // address of the next page; empty: this is the last
}

// render writes the nodes.
func (d Document) render(f Format, nodes ...*Node) (Document, error) {
	var b bytes.Buffer
	w, err := NewWriter(&b, f)
	if err != nil {
		return d, err
	}
	for _, n := range nodes {
		if err := w.Write(n); err != nil {
			return d, err
		}
	}
	err = w.Close()
	d.Body = b.Bytes()
	return d, err
}

// Dataset gives one entry. One that the audience is not told of is not there.
func (s *Service) Dataset(ctx context.Context, ask Ask, resource string) (Document, error) {
	list, err := s.source.RecordsOf(ctx, []string{resource})
	if err != nil {
		return Document{}, err
	}
	if len(list) == 0 || !Visible(list[0].Entry, ask.Audience) {
		return Document{}, fault.Missing("目录条目", resource)
	}
	return Document{Modified: list[0].PublishedAt}.render(ask.Format, s.site.dataset(list[0], ask.Audience))
}

// maxScanned bounds how many entries are looked at for one page of those that
// the public is told of: a page may then hold few, or none, and lead on.
const maxScanned = 5 * MaxLimit

// Catalog gives a page of the catalog, in order of the resources' IDs. An entry
// that is published while a harvester turns the pages may be on a page that it
// has turned already; the feed has it.
func (s *Service) Catalog(ctx context.Context, ask Ask) (Document, error) {
	ask = ask.complete()
	head, err := s.catalogHead(ctx)
	if err != nil {
		return Document{}, err
	}
	doc := Document{Modified: head.modified}
	entries, after, more, err := s.entries(ctx, ask)
	if err != nil {
		return Document{}, err
	}
	if !more {
		after = ""
	} else {
		doc.Next = s.site.pageAddress(ask, after)
	}
	head.node.add(view, s.site.pageAddress(ask, ask.After))
	return doc.render(ask.Format, append([]*Node{head.node, s.site.pageNode(ask, after)}, entries...)...)
}

// entries reads the entries of a page: the last resource looked at, and
// whether there may be more behind it.
func (s *Service) entries(ctx context.Context, ask Ask) (out []*Node, after string, more bool, err error) {
	after = ask.After
	found := 0
	for scanned := 0; found < ask.Limit && scanned < maxScanned; scanned += ask.Limit {
		list, err := s.source.Records(ctx, after, ask.Limit)
		if err != nil {
			return nil, "", false, err
		}
		for _, r := range list {
			if found == ask.Limit {
				return out, after, true, nil
			}
			after = r.Resource.ID
			if Visible(r.Entry, ask.Audience) {
				out = append(out, s.site.links(r), s.site.dataset(r, ask.Audience))
				found++
			}
		}
		if len(list) < ask.Limit {
			return out, after, false, nil
		}
	}
	return out, after, true, nil
}

// head is the catalog as a whole.
type head struct {
	node     *Node
	modified time.Time
}

func (s *Service) catalogHead(ctx context.Context) (head, error) {
	operator, region, err := s.source.Operator(ctx)
	if err != nil {
		return head{}, err
	}
	_, last, err := s.feed.State(ctx)
	return head{s.site.catalogNode(operator, region, last), last}, err
}

// Version names the state of the whole catalog: while it is the same, so is
// the dump. It gives the time of the last publication, too.
func (s *Service) Version(ctx context.Context) (string, time.Time, error) { return s.feed.State(ctx) }

// dumpPage is how many entries of a dump are held at a time.
const dumpPage = 500

// Dump writes the whole catalog, as it is read, without holding it. turned is
// called before each part that is read; an error of it ends the dump. It may be nil.
func (s *Service) Dump(ctx context.Context, a Audience, f Format, out io.Writer, turned func() error) error {
	head, err := s.catalogHead(ctx)
	if err != nil {
		return err
	}
	w, err := NewWriter(out, f)
	if err != nil {
		return err
	}
	if err := w.Write(head.node); err != nil {
		return err
	}
	for after := ""; ; {
		if turned != nil {
			if err := turned(); err != nil {
				return err
			}
		}
		list, err := s.source.Records(ctx, after, dumpPage)
		if err != nil {
			return err
		}
		for _, r := range list {
			after = r.Resource.ID
			if err := s.dumped(w, r, a); err != nil {
				return err
			}
		}
		if len(list) < dumpPage {
			return w.Close()
		}
	}
}

func (s *Service) dumped(w *Writer, r Record, a Audience) error {
	if !Visible(r.Entry, a) {
		return nil
	}
	if err := w.Write(s.site.links(r)); err != nil {
		return err
	}
	return w.Write(s.site.dataset(r, a))
}

package dcat

import (
	"context"
	"slices"
	"strconv"
	"time"
)

// removedFromPublic is all that the public is told of why an entry went.
const removedFromPublic = "该条目不再向社会开放"

// Changes gives a page of the feed: the changes after the cursor, and the
// cursor to go on with. From an empty cursor a harvester gets everything that
// is published and then what changes; each entry comes as it is now, once for
// the last change of it.
func (s *Service) Changes(ctx context.Context, ask Ask) (Document, error) {
	ask = ask.complete()
	position, err := readCursor(ask.Audience, ask.Cursor)
	if err != nil {
		return Document{}, err
	}
	changes, next, more, err := s.feed.Changes(ctx, position, ask.Limit)
	if err != nil {
		return Document{}, err
	}
	acts, err := s.acts(ctx, ask.Audience, changes)
	if err != nil {
		return Document{}, err
	}
	doc := Document{Next: s.site.feedAddress(ask, cursorOf(ask.Audience, next))}
	page := node(s.site.feedAddress(ask, ask.Cursor), itemsPageClass).
		add(asPartOf, string(s.site)+"/dcat/feed").
		add(asNext, doc.Next).
		add(upToDate, !more).
		add(orderedItems, acts...)
	return doc.render(ask.Format, page)
}

// acts turns changes into what the audience is told of them. The record is
// read after the change, so it may be newer, never older; the change that made
// it newer comes later in the feed.
func (s *Service) acts(ctx context.Context, a Audience, changes []Change) ([]any, error) {
	records, err := s.recordsOf(ctx, changes)
	if err != nil {
		return nil, err
	}
	once, err := s.onceOpen(ctx, a, changes, records)
	if err != nil {
		return nil, err
	}
	var acts []any
	for _, c := range changes {
		r, published := records[c.Resource]
		switch {
		case published && Visible(r.Entry, a):
			acts = append(acts, s.site.changed(r, a))
		case a == Departments:
			acts = append(acts, s.site.removed(c))
		case once[c.Resource]:
			at := c.At
			if published {
				at = r.PublishedAt
			}
			acts = append(acts, s.site.removed(Change{Resource: c.Resource, At: at, Reason: removedFromPublic}))
		}
	}
	return acts, nil
}

func (s *Service) recordsOf(ctx context.Context, changes []Change) (map[string]Record, error) {
	ids := make([]string, 0, len(changes))
	for _, c := range changes {
		ids = append(ids, c.Resource)
	}
	list, err := s.source.RecordsOf(ctx, ids)
	out := make(map[string]Record, len(list))
	for _, r := range list {
		out[r.Resource.ID] = r
	}
	return out, err
}

// onceOpen finds, for the public, those that it is told of no more: of the
// others it must not even learn that they exist.
func (s *Service) onceOpen(ctx context.Context, a Audience, changes []Change, records map[string]Record) (map[string]bool, error) {
	if a == Departments {
		return nil, nil
	}
	var ids []string
	for _, c := range changes {
		if r, ok := records[c.Resource]; !ok || !Visible(r.Entry, a) {
			ids = append(ids, c.Resource)
		}
	}
	earlier, err := s.source.Superseded(ctx, ids)
	out := map[string]bool{}
	for id, entries := range earlier {
		out[id] = slices.ContainsFunc(entries, Open)
	}
	return out, err
}

// changed is the announcement of an entry that is there.
func (s Site) changed(r Record, a Audience) *Node {
	t := updateClass
	if r.PublishedAt.Equal(r.FirstIssued) {
		t = createClass
	}
	return node(s.act(r.Resource.ID, r.PublishedAt), t).add(asPublished, r.PublishedAt).add(asObject, s.dataset(r, a))
}

// removed is the announcement of an entry that is gone.
func (s Site) removed(c Change) *Node {
	return node(s.act(c.Resource, c.At)+"-gone", deleteClass).
		add(asPublished, c.At).
		add(asObject, node(s.Dataset(c.Resource), tombstoneClass).
			add(asFormerType, "http://www.w3.org/ns/dcat#Dataset").
			add(asDeleted, c.At).
			add(asSummary, or(c.Reason, "该条目已撤下")))
}

// act is the IRI of a change.
func (s Site) act(resource string, at time.Time) string {
	id := string(s) + "/dcat/feed#" + segment(resource)
	if !at.IsZero() {
		id += "-" + strconv.FormatInt(at.UnixMicro(), 36)
	}
	return id
}
